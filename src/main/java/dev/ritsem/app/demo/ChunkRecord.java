package dev.ritsem.app.demo;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * A piece of a file as a record. The key is the file's label, so that the pieces of one file lie in
 * one partition in their order; headers hold the piece's number, when it was sent, and whether it
 * is the end, which has no bytes.
 *
 * @param number counts the pieces of a file, from 0
 * @param sentNanos the monotonic clock of this machine when the piece was handed to the producer
 * @param end whether the file is complete with the pieces before this one
 */
record ChunkRecord(String label, long number, long sentNanos, boolean end, ByteString bytes) {
  private static final String NUMBER = "piece";
  private static final String SENT = "sent";
  private static final String END = "end";
  private static final byte[] NOTHING = {};

  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    Header numbered = new RecordHeader(NUMBER, longBytes(number));
    Header sent = new RecordHeader(SENT, longBytes(sentNanos));
    List<Header> headers =
        end ? List.of(numbered, sent, new RecordHeader(END, NOTHING)) : List.of(numbered, sent);
    return new ProducerRecord<>(
        topic, null, label.getBytes(StandardCharsets.UTF_8), bytes.toArrayUnsafe(), headers);
  }

  static ChunkRecord of(ConsumerRecord<byte[], byte[]> record) {
    return new ChunkRecord(
        new String(record.key(), StandardCharsets.UTF_8),
        readLong(record.headers(), NUMBER),
        readLong(record.headers(), SENT),
        record.headers().lastHeader(END) != null,
        ByteString.fromArrayUnsafe(record.value()));
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static long readLong(Headers headers, String name) {
    return ByteBuffer.wrap(headers.lastHeader(name).value()).getLong();
  }
}
