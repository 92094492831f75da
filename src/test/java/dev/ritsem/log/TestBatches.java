package dev.ritsem.log;

import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.BatchRules;
import dev.ritsem.record.BatchValidator;
import dev.ritsem.record.Compression;
import dev.ritsem.record.Origin;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.ValidatedBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Batches as producers and coordinators send them, for tests of logs. */
final class TestBatches {
  /** A batch of records whose values are the given texts, all of one time. */
  static ValidatedBatches of(long timestampMs, String... values) {
    return validated(build(new BatchBuilder(Compression.NONE), timestampMs, values), timestampMs);
  }

  /** A batch of an idempotent producer. */
  static ValidatedBatches idempotent(
      long producerId, int epoch, int sequence, long timestampMs, int records) {
    return from(producerId, epoch, sequence, timestampMs, records, false);
  }

  /** A batch that belongs to a transaction. */
  static ValidatedBatches transactional(
      long producerId, int epoch, int sequence, long timestampMs, int records) {
    return from(producerId, epoch, sequence, timestampMs, records, true);
  }

  static ValidatedBatches validated(ByteBuffer batch, long nowMs) {
    return BatchValidator.validate(batch, BatchRules.INTERNAL, nowMs, Origin.COORDINATOR);
  }

  /** A batch with its place in the log, as a follower gets it. */
  static ByteBuffer placed(long baseOffset, int leaderEpoch, long timestampMs, String... values) {
    ByteBuffer batch = build(new BatchBuilder(Compression.NONE), timestampMs, values);
    RecordBatch.at(batch, batch.position()).assign(baseOffset, leaderEpoch);
    return batch;
  }

  private static ValidatedBatches from(
      long producerId,
      int epoch,
      int sequence,
      long timestampMs,
      int records,
      boolean transactional) {
    BatchBuilder builder =
        new BatchBuilder(Compression.NONE)
            .producer(producerId, (short) epoch, sequence)
            .transactional(transactional);
    String[] values = new String[records];
    for (int i = 0; i < records; i++) {
      values[i] = "value-" + RecordBatch.incrementSequence(sequence, i);
    }
    return validated(build(builder, timestampMs, values), timestampMs);
  }

  private static ByteBuffer build(BatchBuilder builder, long timestampMs, String... values) {
    try (builder) {
      for (String value : values) {
        builder.append(
            timestampMs, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), List.of());
      }
      return builder.build();
    }
  }

  private TestBatches() {}
}
