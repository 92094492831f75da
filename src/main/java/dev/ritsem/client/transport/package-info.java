/**
 * How a client reaches brokers: the {@link dev.ritsem.client.transport.Transport} port and its two
 * kinds. Over TCP it speaks Kafka's protocol to any broker; in-process it hands the same request
 * objects to the node in this JVM, without a socket and without serialising them. Nothing here
 * knows what the requests mean.
 *
 * <p>May use: {@code model}, {@code record}, {@code protocol}, Netty, and the generated messages of
 * kafka-clients. Start reading at {@link dev.ritsem.client.transport.Transport}.
 */
@NullMarked
package dev.ritsem.client.transport;

import org.jspecify.annotations.NullMarked;
