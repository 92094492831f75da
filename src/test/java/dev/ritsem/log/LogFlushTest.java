package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.testing.ManualClock;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flushing on one thread while the writer goes on, on another. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
class LogFlushTest {
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(1, 2), "t", 0);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ManualClock clock = new ManualClock(1_000);
  private LogConfig config = LogConfig.defaults().with(TopicSettings.SEGMENT_BYTES, 1000);
  private final Log log = open();
  private final CountDownLatch forcing = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  private Log open() {
    return Log.open(disk, Path.of("/data/t-0"), ID, config, clock, OpenState.UNKNOWN);
  }

  private void append(int records) {
    for (int i = 0; i < records; i++) {
      log.appendAsLeader(TestBatches.of(clock.nowMs(), "value"), 0);
      log.advanceHighWatermark(Long.MAX_VALUE);
    }
  }

  /** Begins a flush on another thread; returns when it waits for the disk. */
  private CompletableFuture<Void> flushThatWaits() throws InterruptedException {
    AtomicBoolean first = new AtomicBoolean(true);
    disk.beforeForce(
        () -> {
          if (first.compareAndSet(true, false)) {
            forcing.countDown();
            awaitQuietly(mayGoOn);
          }
        });
    CompletableFuture<Void> flush = CompletableFuture.runAsync(log::flush);
    forcing.await();
    return flush;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFlushCoversWhatWasAppendedBeforeItAndNothingElse() throws Exception {
    append(3);
    CompletableFuture<Void> flush = flushThatWaits();

    append(20);
    assertThat(log.view().logEndOffset()).as("the writer is not held up").isEqualTo(23);
    mayGoOn.countDown();
    flush.get();

    assertThat(log.recoveryPoint()).isEqualTo(3);
    log.flush();
    assertThat(log.recoveryPoint()).isEqualTo(23);
  }

  @Test
  void aTruncationDuringAFlushIsNotOverruledByIt() throws Exception {
    append(10);
    CompletableFuture<Void> flush = flushThatWaits();

    log.truncateTo(4);
    append(10);
    mayGoOn.countDown();
    flush.get();

    assertThat(log.recoveryPoint()).isLessThanOrEqualTo(4);
  }

  @Test
  void segmentsMayGoWhileTheyAreFlushed() throws Exception {
    append(40);
    log.flush();
    append(20);
    CompletableFuture<Void> flush = flushThatWaits();

    log.deleteRecordsBefore(35);
    assertThat(log.applyRetention()).isPositive();
    mayGoOn.countDown();
    flush.get();

    assertThat(log.recoveryPoint()).isEqualTo(60);
  }

  @Test
  void aFlushIsDueByRecordsByTimeAndAfterARoll() {
    append(1);
    assertThat(log.flushDue()).isFalse();
    config = config.with(TopicSettings.FLUSH_MESSAGES, 3L);
    log.reconfigure(config);
    append(1);
    assertThat(log.flushDue()).isFalse();
    append(1);
    assertThat(log.flushDue()).isTrue();
    log.flush();
    assertThat(log.flushDue()).isFalse();

    config = config.with(TopicSettings.FLUSH_MS, 500L);
    log.reconfigure(config);
    append(1);
    clock.advanceMs(499);
    assertThat(log.flushDue()).isFalse();
    clock.advanceMs(1);
    assertThat(log.flushDue()).isTrue();
    log.flush();

    log.roll();
    assertThat(log.flushDue()).isTrue();
    log.flush();
    assertThat(log.flushDue()).isFalse();
  }

  @Test
  void aLogThatDidNotChangeIsClosedWithoutWaitingForTheDisk() {
    append(3);
    log.close();
    int forces = disk.forces();

    Log again =
        Log.open(disk, Path.of("/data/t-0"), ID, config, clock, new OpenState(true, 3, 0, 3));
    again.close();

    assertThat(disk.forces()).isEqualTo(forces);
  }
}
