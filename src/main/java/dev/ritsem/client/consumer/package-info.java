/**
 * The consumer's core: finding where to begin and end, fetching as far as the credit reaches, and
 * walking over what came. It takes answers and the time and says which requests to send; it knows
 * no thread, socket or stream.
 *
 * <p>May use: {@code model}, {@code record}, {@code protocol}, {@code client.cluster}, {@code
 * client.transport} (addresses only), and the generated messages of kafka-clients. Start reading at
 * {@link dev.ritsem.client.consumer.FetchCore}.
 */
@NullMarked
package dev.ritsem.client.consumer;

import org.jspecify.annotations.NullMarked;
