package dev.ritsem.log;

import dev.ritsem.model.SystemClock;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.ValidatedBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an append costs (16 KB is a default producer's batch, 100 bytes an unbatched record), and
 * what it costs to find the bytes of a fetch: at the tail, in order, and anywhere.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@State(Scope.Thread)
public class LogBenchmark {
  private static final int LOG_BYTES = 256 << 20;
  private static final LogConfig CONFIG =
      LogConfig.defaults().with(TopicSettings.SEGMENT_BYTES, 64 << 20);

  private static final long APPENDED_BYTES_MAX = 256L << 20;
  private static final int FETCH_BYTES = 1 << 20;

  @Param({"100", "16384"})
  public int batchBytes = 100;

  private final SplittableRandom random = new SplittableRandom(1);
  private Path directory = Path.of("");
  private ValidatedBatches batch = TestBatches.of(0, "");
  private @Nullable Log appending;
  private @Nullable Log reading;
  private int sequence;
  private long nextOffset;

  private static Log open(Disk disk, Path path, LogConfig config) {
    return Log.open(
        disk,
        path,
        new TopicIdPartition(new TopicId(1, 2), "t", 0),
        config,
        SystemClock.INSTANCE,
        OpenState.UNKNOWN);
  }

  @Setup
  public void build() throws IOException {
    directory = Files.createTempDirectory("log-benchmark");
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE).producer(7, (short) 0, 0)) {
      int values = Math.max(1, batchBytes / 1000);
      byte[] value = new byte[Math.max(1, batchBytes / values - 10)];
      for (int i = 0; i < values; i++) {
        builder.append(1_700_000_000_000L, null, ByteBuffer.wrap(value), List.of());
      }
      ByteBuffer built = builder.build();
      ByteBuffer direct = ByteBuffer.allocateDirect(built.remaining()).put(built).flip();
      batch = TestBatches.validated(direct, 1_700_000_000_000L);
    }
    beginAgain(null);
    Log read = open(NioDisk.INSTANCE, directory.resolve("r-0"), CONFIG);
    while (read.sizeInBytes() < LOG_BYTES) {
      appendTo(read);
    }
    read.advanceHighWatermark(Long.MAX_VALUE);
    reading = read;
  }

  /** Another log in place of one that is about to make the machine wait for its disk. */
  private void beginAgain(@Nullable Log before) throws IOException {
    Path home = directory.resolve("a-0");
    if (before != null) {
      before.abandon();
      clear(home);
    }
    appending = open(NioDisk.INSTANCE, home, CONFIG);
  }

  private LogAppend appendTo(Log log) {
    // The next sequence of the producer; the log trusts the checksum that the validator has seen.
    RecordBatch header = RecordBatch.at(batch.buffer(), batch.buffer().position());
    batch.buffer().putInt(header.position() + RecordBatch.BASE_SEQUENCE_AT, sequence);
    LogAppend result = log.appendAsLeader(batch, 0);
    sequence = RecordBatch.incrementSequence(sequence, header.lastOffsetDelta() + 1);
    return result;
  }

  @Benchmark
  public LogAppend append() throws IOException {
    Log appended = Objects.requireNonNull(appending);
    LogAppend result = appendTo(appended);
    appended.advanceHighWatermark(result.lastOffset() + 1);
    if (appended.sizeInBytes() > APPENDED_BYTES_MAX) {
      beginAgain(appended);
    }
    return result;
  }

  @Benchmark
  public int readAnywhere() {
    Log read = Objects.requireNonNull(reading);
    return read(read, random.nextLong(read.view().logEndOffset()));
  }

  @Benchmark
  public int readInOrder() {
    Log read = Objects.requireNonNull(reading);
    LogRead found = read.view().read(nextOffset, FETCH_BYTES, true, Long.MAX_VALUE);
    found.records().release();
    nextOffset = found.isEmpty() ? 0 : found.upToOffset();
    return found.records().sizeInBytes();
  }

  @Benchmark
  public int readTail() {
    Log read = Objects.requireNonNull(reading);
    return read(read, read.view().logEndOffset() - 1);
  }

  private static int read(Log read, long offset) {
    LogRead found = read.view().read(offset, FETCH_BYTES, true, Long.MAX_VALUE);
    found.records().release();
    return found.records().sizeInBytes();
  }

  @TearDown
  public void clear() throws IOException {
    Objects.requireNonNull(appending).abandon();
    Objects.requireNonNull(reading).abandon();
    clear(directory);
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
