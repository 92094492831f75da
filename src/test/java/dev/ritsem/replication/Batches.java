package dev.ritsem.replication;

import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.BatchRules;
import dev.ritsem.record.BatchValidator;
import dev.ritsem.record.Compression;
import dev.ritsem.record.Origin;
import dev.ritsem.record.ValidatedBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small batches as clients send them. */
final class Batches {
  private static final long TIMESTAMP_MS = 1_700_000_000_000L;

  private Batches() {}

  static ValidatedBatches of(String... values) {
    return from(new BatchBuilder(Compression.NONE), values);
  }

  /** A batch of an idempotent producer. */
  static ValidatedBatches of(long producerId, int sequence, String... values) {
    return from(
        new BatchBuilder(Compression.NONE).producer(producerId, (short) 0, sequence), values);
  }

  static AppendRequest leaderOnly(String... values) {
    return new AppendRequest(of(values), (short) 1, 30_000);
  }

  static AppendRequest allReplicas(String... values) {
    return new AppendRequest(of(values), AppendRequest.ACKS_ALL, 30_000);
  }

  private static ValidatedBatches from(BatchBuilder builder, String... values) {
    for (String value : values) {
      builder.append(
          TIMESTAMP_MS, null, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), List.of());
    }
    return BatchValidator.validate(
        builder.build(), BatchRules.DEFAULTS, TIMESTAMP_MS, Origin.CLIENT);
  }
}
