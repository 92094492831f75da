package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;
import org.jspecify.annotations.Nullable;

/** Batches as Kafka's own client library writes and reads them: the judge of ours. */
final class KafkaRecords {
  private KafkaRecords() {}

  static ByteBuffer write(Compression compression, List<LogRecord> records) {
    SimpleRecord[] all =
        records.stream()
            .map(
                r ->
                    new SimpleRecord(
                        r.timestamp(), array(r.key()), array(r.value()), headers(r.headers())))
            .toArray(SimpleRecord[]::new);
    org.apache.kafka.common.compress.Compression codec =
        org.apache.kafka.common.compress.Compression.of(CompressionType.forId(compression.id()))
            .build();
    return MemoryRecords.withRecords(codec, all).buffer();
  }

  /** Checks every batch and reads every record in it. */
  static List<LogRecord> read(ByteBuffer batches) {
    List<LogRecord> all = new ArrayList<>();
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches.duplicate()).batches()) {
      batch.ensureValid();
      try (CloseableIterator<Record> records = batch.streamingIterator(BufferSupplier.NO_CACHING)) {
        records.forEachRemaining(r -> all.add(ours(r)));
      }
    }
    return all;
  }

  private static LogRecord ours(Record record) {
    return new LogRecord(
        record.offset(),
        record.timestamp(),
        record.key(),
        record.value(),
        Arrays.stream(record.headers())
            .map(
                h ->
                    new RecordHeader(
                        h.key(), h.value() == null ? null : ByteBuffer.wrap(h.value())))
            .toList());
  }

  private static Header[] headers(List<RecordHeader> headers) {
    RecordHeaders all = new RecordHeaders();
    headers.forEach(h -> all.add(h.key(), array(h.value())));
    return all.toArray();
  }

  private static byte @Nullable [] array(@Nullable ByteBuffer buffer) {
    return Utils.toNullableArray(buffer == null ? null : buffer.duplicate());
  }
}
