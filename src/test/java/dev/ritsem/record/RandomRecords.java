package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Records and batches out of a seeded generator: small and large, with and without each part. */
final class RandomRecords {
  static final long NOW_MS = 1_800_000_000_000L;

  private static final int LARGE_VALUE_BYTES = 100_000;

  private final Random random;

  RandomRecords(Random random) {
    this.random = random;
  }

  /** Between one record and {@code countMax}, with the offsets 0, 1, 2 and so on. */
  List<LogRecord> list(int countMax) {
    int count = 1 + random.nextInt(countMax);
    List<LogRecord> records = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      records.add(
          new LogRecord(i, timestamp(), bytesOrNull(), valueOrNull(), headers(random.nextInt(4))));
    }
    return records;
  }

  /** The records in a batch as a producer sends it; sometimes with a producer id. */
  ByteBuffer batch(Compression compression, List<LogRecord> records) {
    try (BatchBuilder builder = new BatchBuilder(compression)) {
      if (random.nextBoolean()) {
        builder
            .producer(random.nextInt(1000), (short) random.nextInt(10), random.nextInt(1 << 30))
            .transactional(random.nextBoolean());
      }
      records.forEach(r -> builder.append(r.timestamp(), r.key(), r.value(), r.headers()));
      return builder.build();
    }
  }

  Compression compression() {
    return Compression.ofId(random.nextInt(5)).orElseThrow();
  }

  private long timestamp() {
    return random.nextInt(8) == 0 ? RecordBatch.NO_TIMESTAMP : NOW_MS - random.nextInt(1_000_000);
  }

  private List<RecordHeader> headers(int count) {
    List<RecordHeader> headers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      headers.add(new RecordHeader("hä-" + random.nextInt(100), bytesOrNull()));
    }
    return headers;
  }

  private @Nullable ByteBuffer valueOrNull() {
    return random.nextInt(20) == 0 ? bytes(random.nextInt(LARGE_VALUE_BYTES)) : bytesOrNull();
  }

  private @Nullable ByteBuffer bytesOrNull() {
    return random.nextInt(6) == 0 ? null : bytes(random.nextInt(200));
  }

  /** Bytes of which compression makes something, sometimes in direct memory. */
  private ByteBuffer bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(4));
    }
    return random.nextInt(4) == 0 ? direct(ByteBuffer.wrap(bytes)) : ByteBuffer.wrap(bytes);
  }

  static ByteBuffer direct(ByteBuffer source) {
    return ByteBuffer.allocateDirect(source.remaining()).put(source.duplicate()).flip();
  }

  static ByteBuffer copy(ByteBuffer source) {
    return ByteBuffer.allocate(source.remaining()).put(source.duplicate()).flip();
  }
}
