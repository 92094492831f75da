package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What checking one batch costs: the checksum and the walk over its records. The batch of 16
 * records of 1 KB is what a default producer sends; 1 record is what an unbatched one sends.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@State(Scope.Thread)
public class BatchValidationBenchmark {
  private static final int VALUE_BYTES = 1000;

  @Param({"NONE", "LZ4", "ZSTD"})
  public Compression compression = Compression.NONE;

  @Param({"1", "16", "1000"})
  public int records = 1;

  private ByteBuffer batch = ByteBuffer.allocate(0);

  @Setup
  public void build() {
    Random random = new Random(1);
    try (BatchBuilder builder = new BatchBuilder(compression)) {
      for (int i = 0; i < records; i++) {
        byte[] value = new byte[VALUE_BYTES];
        for (int at = 0; at < VALUE_BYTES; at++) {
          value[at] = (byte) ('a' + random.nextInt(16));
        }
        builder.append(RandomRecords.NOW_MS + i, null, ByteBuffer.wrap(value), List.of());
      }
      batch = RandomRecords.direct(builder.build());
    }
  }

  @Benchmark
  public ValidatedBatches validate() {
    return BatchValidator.validate(batch, BatchRules.DEFAULTS, RandomRecords.NOW_MS, Origin.CLIENT);
  }

  /** The part of it that is the checksum alone. */
  @Benchmark
  public boolean checksum() {
    return RecordBatch.at(batch, 0).hasValidCrc();
  }
}
