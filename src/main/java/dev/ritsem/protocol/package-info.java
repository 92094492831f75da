/**
 * Kafka's wire protocol as bytes and messages: cutting a request out of a frame, laying a response
 * out as header bytes and record slices, the same two for clients, and the table of API versions
 * that a node serves. The message classes themselves are those that kafka-clients generates from
 * the protocol's schemas. Nothing here does I/O, keeps state between messages or knows a broker.
 *
 * <p>May use: {@code model}, {@code record}, and the protocol classes of kafka-clients. Start
 * reading at {@link dev.ritsem.protocol.RequestDecoder} and {@link
 * dev.ritsem.protocol.ResponseEncoder}.
 */
@NullMarked
package dev.ritsem.protocol;

import org.jspecify.annotations.NullMarked;
