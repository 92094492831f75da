/**
 * The Akka Streams API: sources of a topic's records, sinks and flows that produce, and admin
 * operations, in the words that users of Alpakka Kafka know. The settings, the facades ({@link
 * dev.ritsem.client.Admin}) and the graph stages live here. A stage is a thin shell around a
 * deterministic core, which takes records, answers and the time, and says which requests to send;
 * {@code transport} carries them.
 *
 * <p>May use: {@code model}, {@code config}, {@code record}, {@code protocol}, Akka Streams, and of
 * kafka-clients the message classes, the record types and the serialisers. No consumer or producer
 * of kafka-clients is inside. Start reading at {@link dev.ritsem.client.Consumer} and {@link
 * dev.ritsem.client.producer.ProducerCore}.
 */
@NullMarked
package dev.ritsem.client;

import org.jspecify.annotations.NullMarked;
