/**
 * What every client core has in common: the picture of the cluster that it keeps and refreshes, the
 * way it asks for requests to be sent, and the pauses between tries.
 *
 * <p>May use: {@code model}, {@code client.transport}, and the generated messages of kafka-clients.
 * Start reading at {@link dev.ritsem.client.cluster.ClientCore}.
 */
@NullMarked
package dev.ritsem.client.cluster;

import org.jspecify.annotations.NullMarked;
