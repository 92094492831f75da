package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import dev.ritsem.record.RecordsSlice;
import dev.ritsem.testing.ManualClock;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(1, 2), "orders", 0);
  private static final Path DIRECTORY = Path.of("/data/orders-0");
  private static final long NOW_MS = 1_700_000_000_000L;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ManualClock clock = new ManualClock(NOW_MS);
  private LogConfig config =
      LogConfig.defaults()
          .with(TopicSettings.SEGMENT_BYTES, 1000)
          .with(TopicSettings.INDEX_INTERVAL_BYTES, 200);
  private Log log = open(OpenState.UNKNOWN);

  private Log open(OpenState state) {
    return Log.open(disk, DIRECTORY, ID, config, clock, state);
  }

  private void closeAndReopen() {
    log.close();
    log = open(new OpenState(true, log.recoveryPoint(), log.view().logStartOffset(), 0));
  }

  private void killAndReopen() {
    long recoveryPoint = log.recoveryPoint();
    long logStartOffset = log.view().logStartOffset();
    disk.killProcess();
    log = open(new OpenState(false, recoveryPoint, logStartOffset, 0));
  }

  private LogAppend append(String... values) {
    LogAppend appended = log.appendAsLeader(TestBatches.of(clock.nowMs(), values), 0);
    log.advanceHighWatermark(Long.MAX_VALUE);
    return appended;
  }

  private List<String> values(long from) {
    List<String> values = new ArrayList<>();
    long offset = from;
    while (offset < log.view().logEndOffset()) {
      LogRead read = log.view().read(offset, 300, true, Long.MAX_VALUE);
      List<LogRecord> records = records(read.records());
      for (LogRecord record : records) {
        if (record.offset() >= offset) {
          assertThat(record.offset()).isEqualTo(offset++);
          ByteBuffer value = record.value();
          values.add(value == null ? "" : StandardCharsets.UTF_8.decode(value).toString());
        }
      }
    }
    return values;
  }

  private static List<LogRecord> records(RecordsSlice slice) {
    List<LogRecord> records = new ArrayList<>();
    try {
      ByteBuffer bytes = slice.toByteBuffer();
      slice.release();
      while (bytes.hasRemaining()) {
        RecordBatch batch = RecordBatch.at(bytes, bytes.position());
        assertThat(batch.hasValidCrc()).isTrue();
        records.addAll(RecordIterator.toList(batch));
        bytes.position(bytes.position() + batch.sizeInBytes());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return records;
  }

  @Test
  void givesOffsetsInTheOrderOfAppendsAndReadsThemBack() {
    assertThat(append("a", "b")).isEqualTo(new LogAppend(0, 1, -1, 0, false));
    assertThat(append("c")).isEqualTo(new LogAppend(2, 2, -1, 0, false));

    assertThat(values(0)).containsExactly("a", "b", "c");
    assertThat(values(1)).containsExactly("b", "c");
    assertThat(log.view().logEndOffset()).isEqualTo(3);
  }

  @Test
  void readsAcrossSegmentsFromAnyOffset() {
    List<String> all = fill(200);

    assertThat(disk.files())
        .filteredOn(file -> file.toString().endsWith(".log"))
        .hasSizeGreaterThan(5);
    for (int from = 0; from < all.size(); from++) {
      assertThat(values(from)).isEqualTo(all.subList(from, all.size()));
    }
  }

  private List<String> fill(int count) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String value = "value-" + i;
      append(value);
      all.add(value);
      clock.advanceMs(1);
    }
    return all;
  }

  @Test
  void refusesOffsetsOutsideTheLog() {
    fill(3);

    assertThat(log.view().read(3, 100, true, Long.MAX_VALUE).isEmpty()).isTrue();
    for (long offset : new long[] {-1, 4}) {
      assertThatThrownBy(() -> log.view().read(offset, 100, true, Long.MAX_VALUE))
          .isInstanceOfSatisfying(
              WireException.class,
              e -> assertThat(e.error()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE));
    }
  }

  @Test
  void neverReturnsABatchThatReachesTheBound() {
    fill(10);

    for (long bound = 0; bound <= 10; bound++) {
      LogRead read = log.view().read(0, 1 << 20, true, bound);
      assertThat(records(read.records())).hasSize((int) bound);
    }
  }

  @Test
  void returnsTheFirstBatchThoughItIsLargerThanAskedForOnlyIfToldTo() {
    append("a".repeat(300));
    append("b");

    assertThat(records(log.view().read(0, 10, true, 2).records())).hasSize(1);
    assertThat(log.view().read(0, 10, false, 2).isEmpty()).isTrue();
  }

  @Test
  void releasedSlicesLeaveOnlyTheActiveSegmentAndTheRecentOnesOpen() {
    fill(200);

    values(0);
    assertThat(disk.openFiles()).isBetween(1, 3);
    log.close();
    assertThat(disk.openFiles()).isZero();
  }

  @Test
  void survivesAnOrderlyStop() {
    List<String> all = fill(100);
    closeAndReopen();

    assertThat(values(0)).isEqualTo(all);
    assertThat(log.view().logEndOffset()).isEqualTo(100);
    append("after");
    assertThat(values(100)).containsExactly("after");
  }

  @Test
  void survivesAKilledProcess() {
    List<String> all = fill(100);
    killAndReopen();

    assertThat(values(0)).isEqualTo(all);
    append("after");
    assertThat(values(100)).containsExactly("after");
  }

  @Test
  void cutsATornTail() throws IOException {
    fill(5);
    Path segment = DIRECTORY.resolve("00000000000000000000.log");
    byte[] bytes = disk.content(segment);
    disk.killProcess();
    disk.put(segment, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    log = open(OpenState.UNKNOWN);

    assertThat(log.view().logEndOffset()).isEqualTo(4);
    assertThat(values(0)).hasSize(4);
  }

  @Test
  void answersARepeatWithTheStoredOffsets() {
    for (int i = 0; i < 6; i++) {
      log.appendAsLeader(TestBatches.idempotent(7, 0, i * 2, NOW_MS, 2), 0);
    }

    for (int i = 1; i < 6; i++) {
      LogAppend repeat = log.appendAsLeader(TestBatches.idempotent(7, 0, i * 2, NOW_MS, 2), 0);
      assertThat(repeat).isEqualTo(new LogAppend(i * 2L, i * 2L + 1, -1, 0, true));
    }
    assertThat(log.view().logEndOffset()).isEqualTo(12);
    assertThatThrownBy(() -> log.appendAsLeader(TestBatches.idempotent(7, 0, 0, NOW_MS, 2), 0))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.error()).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER));
  }

  @Test
  void remembersProducersAcrossStopsOfBothKinds() {
    log.appendAsLeader(TestBatches.idempotent(7, 0, 0, NOW_MS, 2), 0);
    closeAndReopen();
    assertThat(log.appendAsLeader(TestBatches.idempotent(7, 0, 0, NOW_MS, 2), 0).duplicate())
        .isTrue();
    log.appendAsLeader(TestBatches.idempotent(7, 0, 2, NOW_MS, 2), 0);
    killAndReopen();
    assertThat(log.appendAsLeader(TestBatches.idempotent(7, 0, 2, NOW_MS, 2), 0).duplicate())
        .isTrue();
  }

  @Test
  void recognisesARepeatOfAnyOfTheLastFiveBatchesAfterAnOrderlyStop() {
    for (int i = 0; i < 6; i++) {
      log.appendAsLeader(TestBatches.idempotent(7, 0, i * 2, NOW_MS, 2), 0);
    }
    closeAndReopen();

    for (int i = 1; i < 6; i++) {
      assertThat(log.appendAsLeader(TestBatches.idempotent(7, 0, i * 2, NOW_MS, 2), 0))
          .isEqualTo(new LogAppend(i * 2L, i * 2L + 1, -1, 0, true));
    }
  }

  @Test
  void openTransactionsHoldTheLastStableOffsetBack() {
    append("a");
    log.appendAsLeader(TestBatches.transactional(9, 0, 0, NOW_MS, 2), 0);
    append("b");
    assertThat(log.view().lastStableOffset()).isEqualTo(1);

    ByteBuffer abort =
        BatchBuilder.endTransaction(ControlRecordType.ABORT, 3, 9, (short) 0, NOW_MS);
    log.appendAsLeader(TestBatches.validated(abort, NOW_MS), 0);
    assertThat(log.view().lastStableOffset()).isEqualTo(1);
    log.advanceHighWatermark(5);
    assertThat(log.view().lastStableOffset()).isEqualTo(5);
    assertThat(log.view().abortedTransactions(0, 5))
        .containsExactly(new AbortedTransaction(9, 1, 4, 5));
    killAndReopen();
    assertThat(log.view().abortedTransactions(0, 5))
        .containsExactly(new AbortedTransaction(9, 1, 4, 5));
  }

  @Test
  void truncatesToAnOffset() {
    List<String> all = fill(100);
    log.truncateTo(37);

    assertThat(log.view().logEndOffset()).isEqualTo(37);
    assertThat(values(0)).isEqualTo(all.subList(0, 37));
    append("after");
    assertThat(values(37)).containsExactly("after");
    killAndReopen();
    assertThat(values(36)).containsExactly("value-36", "after");
  }

  @Test
  void hidesDeletedRecordsAndThenRemovesTheirSegments() {
    List<String> all = fill(100);

    assertThat(log.deleteRecordsBefore(50)).isEqualTo(50);
    assertThat(log.view().logStartOffset()).isEqualTo(50);
    assertThat(values(50)).isEqualTo(all.subList(50, 100));
    assertThat(log.applyRetention()).as("nothing is flushed yet").isZero();
    log.flush();
    assertThat(log.applyRetention()).isPositive();
    assertThat(values(50)).isEqualTo(all.subList(50, 100));
    assertThatThrownBy(() -> log.deleteRecordsBefore(101)).isInstanceOf(WireException.class);
    assertThat(disk.files()).anyMatch(file -> file.toString().endsWith(".log.deleted"));
    clock.advanceMs(config.fileDeleteDelayMs());
    log.removeDeletedFiles();
    assertThat(disk.files()).noneMatch(file -> file.toString().endsWith(".deleted"));
  }

  @Test
  void expiresClosedSegmentsByTheirNewestRecord() {
    config = config.with(TopicSettings.RETENTION_MS, 1_000L);
    log.reconfigure(config);
    fill(100);
    clock.advanceMs(10_000);

    log.flush();
    log.applyRetention();

    long start = log.view().logStartOffset();
    assertThat(start).isPositive().isLessThan(100);
    assertThat(values(start)).hasSize((int) (100 - start));
  }

  @Test
  void keepsNoMoreBytesThanItMayAndNeverRemovesTheActiveSegment() {
    fill(100);
    log.flush();
    log.reconfigure(config.with(TopicSettings.RETENTION_BYTES, 3_000L));

    log.applyRetention();

    assertThat(log.sizeInBytes()).isBetween(3_000L, 4_000L);
    log.reconfigure(config.with(TopicSettings.RETENTION_BYTES, 0L));
    log.applyRetention();
    assertThat(log.sizeInBytes()).isPositive();
    assertThat(log.view().logEndOffset()).isEqualTo(100);
  }

  @Test
  void compactedTopicsLoseNothingToTimeOrSize() {
    log.reconfigure(
        config
            .with(TopicSettings.CLEANUP_POLICY, List.of("compact"))
            .with(TopicSettings.RETENTION_BYTES, 0L)
            .with(TopicSettings.RETENTION_MS, 0L));
    fill(100);
    log.flush();
    clock.advanceMs(1_000_000);

    assertThat(log.applyRetention()).isZero();
  }

  @Test
  void closesTheActiveSegmentByAgeSoThatItCanExpire() {
    log.reconfigure(
        config.with(TopicSettings.SEGMENT_MS, 1_000L).with(TopicSettings.RETENTION_MS, 5_000L));
    append("old");
    clock.advanceMs(1_001);
    assertThat(log.applyRetention()).isZero();
    log.flush();
    clock.advanceMs(4_000);
    assertThat(log.applyRetention()).isOne();
    assertThat(log.view().logStartOffset()).isOne();
    assertThat(log.view().logEndOffset()).isOne();
  }

  @Test
  void rollsByTheAgeOfTheRecordsNotOfTheClock() {
    log.reconfigure(config.with(TopicSettings.SEGMENT_MS, 1_000L));
    log.appendAsLeader(TestBatches.of(NOW_MS - 10_000, "a"), 0);
    log.appendAsLeader(TestBatches.of(NOW_MS - 9_000, "b"), 0);
    clock.advanceMs(5_000);
    log.appendAsLeader(TestBatches.of(NOW_MS - 9_000, "c"), 0);
    assertThat(segmentCount()).isOne();
    log.appendAsLeader(TestBatches.of(NOW_MS - 8_999, "d"), 0);
    assertThat(segmentCount()).isEqualTo(2);
  }

  private long segmentCount() {
    return disk.files().stream().filter(file -> file.toString().endsWith(".log")).count();
  }

  @Test
  void followersTakeTheLeadersOffsetsAndEpochs() {
    log.appendAsFollower(TestBatches.placed(5, 2, NOW_MS, "a", "b"));
    ByteBuffer two = ByteBuffer.allocate(1000);
    two.put(TestBatches.placed(7, 2, NOW_MS, "c")).put(TestBatches.placed(9, 4, NOW_MS, "d"));
    ByteBuffer cutOff = TestBatches.placed(10, 4, NOW_MS, "e");
    two.put(cutOff.limit(cutOff.limit() - 1)).flip();

    assertThat(log.appendAsFollower(two)).isEqualTo(new LogAppend(7, 9, -1, 0, false));
    assertThat(log.view().logEndOffset()).isEqualTo(10);
    assertThat(log.endOffsetFor(2)).isEqualTo(new OffsetAndEpoch(9, 2));
    assertThat(log.latestEpoch()).isEqualTo(4);
    assertThatThrownBy(() -> log.appendAsFollower(TestBatches.placed(9, 4, NOW_MS, "x")))
        .isInstanceOf(WireException.class);
    ByteBuffer damaged = TestBatches.placed(10, 4, NOW_MS, "e");
    damaged.put(damaged.limit() - 2, (byte) 1);
    assertThatThrownBy(() -> log.appendAsFollower(damaged))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE));
    assertThat(records(log.view().read(6, 1000, true, 10).records()))
        .extracting(LogRecord::offset)
        .containsExactly(5L, 6L, 7L, 9L);
  }

  @Test
  void aSliceThatWasReadOutlivesItsSegment() throws IOException {
    fill(100);
    log.flush();
    LogRead read = log.view().read(0, 500, true, 100);
    log.deleteRecordsBefore(90);
    log.applyRetention();
    clock.advanceMs(config.fileDeleteDelayMs());
    log.removeDeletedFiles();

    assertThat(read.records().toByteBuffer().remaining()).isPositive();
    read.records().release();
  }

  @Test
  void aFileThatIsShorterThanPromisedEndsTheTransferInsteadOfStallingIt() {
    fill(3);
    LogRead read = log.view().read(0, 500, true, 3);
    log.truncateTo(0);

    assertThatThrownBy(
            () ->
                read.records().transferTo(Channels.newChannel(OutputStream.nullOutputStream()), 0))
        .isInstanceOf(EOFException.class);
    read.records().release();
  }

  @Test
  void findsRecordsByTime() {
    fill(100);

    for (int i = 0; i < 100; i++) {
      assertThat(log.view().offsetForTimestamp(NOW_MS + i))
          .contains(new TimestampAndOffset(NOW_MS + i, i, 0));
    }
    assertThat(log.view().offsetForTimestamp(NOW_MS + 100)).isEmpty();
    assertThat(log.view().maxTimestampOffset())
        .contains(new TimestampAndOffset(NOW_MS + 99, 99, 0));
  }

  @Test
  void knowsWhereEachEpochEnded() {
    append("a");
    log.startEpoch(3);
    log.appendAsLeader(TestBatches.of(NOW_MS, "b"), 3);

    assertThat(log.endOffsetFor(0)).isEqualTo(new OffsetAndEpoch(1, 0));
    assertThat(log.endOffsetFor(2)).isEqualTo(new OffsetAndEpoch(1, 0));
    assertThat(log.endOffsetFor(3)).isEqualTo(new OffsetAndEpoch(2, 3));
    assertThat(log.endOffsetFor(4)).isEqualTo(new OffsetAndEpoch(-1, -1));
    killAndReopen();
    assertThat(log.endOffsetFor(2)).isEqualTo(new OffsetAndEpoch(1, 0));
  }

  @Test
  void aFullDiskRefusesTheAppendAndLeavesTheLogAsItWas() {
    fill(3);
    disk.fullAfter(20);
    assertThatThrownBy(() -> append("too much")).isInstanceOf(LogIoException.class);
    disk.emptied();

    append("fits");
    assertThat(values(0)).containsExactly("value-0", "value-1", "value-2", "fits");
    killAndReopen();
    assertThat(values(0)).containsExactly("value-0", "value-1", "value-2", "fits");
  }

  @Test
  void anAppendThatCannotBeUndoneBreaksTheLog() {
    fill(3);
    disk.fullAfter(20);
    disk.refuseTruncate(true);
    assertThatThrownBy(() -> append("too much")).isInstanceOf(BrokenLogException.class);
    disk.emptied();
    disk.refuseTruncate(false);

    assertThatThrownBy(() -> append("never")).isInstanceOf(BrokenLogException.class);
    assertThatThrownBy(() -> log.flush()).isInstanceOf(BrokenLogException.class);
  }

  @Test
  void aFailedFlushBreaksTheLog() {
    fill(3);
    disk.refuseForce(true);
    assertThatThrownBy(() -> log.flush()).isInstanceOf(BrokenLogException.class);
    disk.refuseForce(false);

    assertThatThrownBy(() -> append("never")).isInstanceOf(BrokenLogException.class);
  }
}
