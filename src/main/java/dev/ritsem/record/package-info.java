/**
 * The record batch format v2, byte for byte Kafka's: reading a batch's header in place, checking
 * what a stranger sent, walking over records, building batches, compression. Bytes go in and out as
 * {@link java.nio.ByteBuffer}s; nothing here does I/O, keeps state or knows a partition.
 *
 * <p>May use: {@code model}, and the compression codecs of kafka-clients. Start reading at {@link
 * dev.ritsem.record.RecordBatch}, which has the picture of the format.
 */
@NullMarked
package dev.ritsem.record;

import org.jspecify.annotations.NullMarked;
