package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.SystemClock;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.multijvm.SegmentDump;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.ControlRecordType;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Judge: Apache Kafka's segment dump tool on the files that a {@link Log} writes, in the states
 * that a node leaves behind: open, closed, torn and recovered.
 */
class SegmentFilesIT {
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(1, 2), "orders", 0);
  private static final long NOW_MS = 1_700_000_000_000L;

  private final LogConfig config =
      LogConfig.defaults()
          .with(TopicSettings.SEGMENT_BYTES, 20_000)
          .with(TopicSettings.INDEX_INTERVAL_BYTES, 500);

  @TempDir Path directory;
  private long records;
  private int leaderEpoch;

  @Test
  void theDumpToolReadsALogThatIsOpenClosedTornAndRecovered() throws Exception {
    Path partition = directory.resolve("orders-0");
    Log log =
        Log.open(NioDisk.INSTANCE, partition, ID, config, SystemClock.INSTANCE, OpenState.UNKNOWN);
    fill(log);
    assertThat(SegmentDump.check(partition)).as("while it is open").isEqualTo(records);
    long recoveryPoint = log.recoveryPoint();
    log.close();
    assertThat(SegmentDump.check(partition)).as("closed").isEqualTo(records);

    tear(partition);
    log =
        Log.open(
            NioDisk.INSTANCE,
            partition,
            ID,
            config,
            SystemClock.INSTANCE,
            new OpenState(false, recoveryPoint, 0, 0));
    assertThat(SegmentDump.check(partition)).as("recovered").isEqualTo(records);
    fill(log);
    log.close();
    assertThat(SegmentDump.check(partition)).as("continued").isEqualTo(records);
  }

  @Test
  void theDumpToolNoticesASingleWrongByte() throws Exception {
    Path partition = directory.resolve("orders-0");
    Log log =
        Log.open(NioDisk.INSTANCE, partition, ID, config, SystemClock.INSTANCE, OpenState.UNKNOWN);
    fill(log);
    log.close();
    Path first = partition.resolve("00000000000000000000.log");
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length / 2] ^= 1;
    Files.write(first, bytes);

    assertThatThrownBy(() -> SegmentDump.check(partition)).isInstanceOf(AssertionError.class);
  }

  /** Every kind of batch: each codec, idempotent, of transactions that commit and abort. */
  private void fill(Log log) {
    leaderEpoch++;
    for (int round = 0; round < 60; round++) {
      long timeMs = NOW_MS + records;
      for (Compression compression : Compression.values()) {
        append(log, compressed(compression, timeMs), 3);
      }
      long producer = 1_000 + records;
      log.appendAsLeader(TestBatches.idempotent(producer, 0, 0, timeMs, 5), leaderEpoch);
      log.appendAsLeader(TestBatches.transactional(producer + 1, 0, 0, timeMs, 2), leaderEpoch);
      records += 7;
      ControlRecordType end = round % 2 == 0 ? ControlRecordType.ABORT : ControlRecordType.COMMIT;
      append(log, BatchBuilder.endTransaction(end, 0, producer + 1, (short) 0, timeMs), 1);
    }
    log.advanceHighWatermark(Long.MAX_VALUE);
  }

  private void append(Log log, ByteBuffer batch, int count) {
    log.appendAsLeader(TestBatches.validated(batch, NOW_MS), leaderEpoch);
    records += count;
  }

  private static ByteBuffer compressed(Compression compression, long timeMs) {
    try (BatchBuilder builder = new BatchBuilder(compression)) {
      for (int i = 0; i < 3; i++) {
        builder.append(timeMs + i, ByteBuffer.allocate(8), ByteBuffer.allocate(60), List.of());
      }
      return builder.build();
    }
  }

  /** What a power cut may leave: half a batch at the end, and an index that is not the log's. */
  private static void tear(Path partition) throws Exception {
    List<Path> segments;
    try (var files = Files.list(partition)) {
      segments = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
    Path last = segments.get(segments.size() - 1);
    Files.write(last, new byte[] {0, 0, 0, 0, 0, 0, 1, 1, 0, 0}, StandardOpenOption.APPEND);
    Files.delete(Path.of(segments.get(0).toString().replace(".log", ".index")));
  }
}
