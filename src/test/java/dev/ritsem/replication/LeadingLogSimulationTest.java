package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.OpenState;
import dev.ritsem.log.SimulatedDisk;
import dev.ritsem.log.TopicSettings;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordsSlice;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A leader over a real log on a disk that loses power or is full, step by step from a seed: what it
 * has acknowledged is held to its word after the crash.
 */
class LeadingLogSimulationTest {
  private static final BrokerId SELF = new BrokerId(1);
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(7, 7), "topic", 0);
  private static final Path DIRECTORY = Path.of("/data/topic-0");
  private static final int LIVES = 4;
  private static final int STEPS = 60;

  @Test
  void with_flush_messages_one_no_loss_of_power_takes_back_what_was_acknowledged() {
    LogConfig flushing = LogConfig.defaults().with(TopicSettings.FLUSH_MESSAGES, 1L);
    Seeds.forEach(
        LeadingLogSimulationTest.class,
        150,
        seed -> {
          Random random = Seeds.random(seed);
          new History(random, flushing, disk -> disk.crash(random)).run();
        });
  }

  @Test
  void without_flush_settings_the_death_of_the_process_takes_back_nothing() {
    Seeds.forEach(
        LeadingLogSimulationTest.class,
        150,
        seed ->
            new History(Seeds.random(seed), LogConfig.defaults(), SimulatedDisk::killProcess)
                .run());
  }

  private interface Crash {
    void happenTo(SimulatedDisk disk);
  }

  private static final class History {
    private final Random random;
    private final LogConfig config;
    private final Crash crash;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final ManualClock clock = new ManualClock(1_700_000_000_000L);

    /** Size of the batch that was acknowledged at an offset. */
    private final Map<Long, Integer> acknowledged = new HashMap<>();

    private int unanswered;
    private int appends;

    History(Random random, LogConfig config, Crash crash) {
      this.random = random;
      this.config = config.with(TopicSettings.SEGMENT_BYTES, 700);
      this.crash = crash;
    }

    void run() {
      for (int life = 0; life < LIVES; life++) {
        live(life);
        assertThat(unanswered).as("appends that nobody answered").isZero();
        crash.happenTo(disk);
        disk.emptied();
      }
      Log last = open();
      assertThat(sizesByOffset(last)).containsAllEntriesOf(acknowledged);
    }

    private void live(int life) {
      Log log = open();
      assertThat(sizesByOffset(log)).containsAllEntriesOf(acknowledged);
      LeaderCore<LeadingLog.Waiting> core =
          new LeaderCore<>(
              SELF,
              new LeaderEpoch(life),
              List.of(SELF),
              log.view().highWatermark(),
              log.view().logEndOffset());
      LeadingLog leading = new LeadingLog(log, core, config, clock);
      List<Long> flushes = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        disk.fullAfter(random.nextInt(4_000));
      }
      try {
        for (int step = 0; step < STEPS; step++) {
          step(log, leading, flushes);
        }
      } catch (RuntimeException fault) {
        // As the owner does: the leadership ends, and what it had begun is not acknowledged.
      }
      leading.resign(ErrorCode.KAFKA_STORAGE_ERROR, "The log is offline");
    }

    private void step(Log log, LeadingLog leading, List<Long> flushes) {
      switch (random.nextInt(4)) {
        case 0 -> flushes.add(log.view().logEndOffset());
        case 1 -> {
          if (!flushes.isEmpty()) {
            long upTo = flushes.remove(0);
            log.flushUpTo(upTo);
            leading.flushed(upTo);
          }
        }
        default -> append(leading);
      }
    }

    private void append(LeadingLog leading) {
      // Sizes tell batches apart: each is one byte longer than the one before.
      AppendRequest request =
          random.nextBoolean()
              ? Batches.allReplicas("x".repeat(++appends))
              : Batches.leaderOnly("x".repeat(++appends));
      int size = request.batches().sizeInBytes();
      unanswered++;
      leading.append(
          request,
          result -> {
            unanswered--;
            if (result.isStored()) {
              acknowledged.put(result.baseOffset(), size);
            }
          });
    }

    private Log open() {
      return Log.open(disk, DIRECTORY, ID, config, clock, OpenState.UNKNOWN);
    }

    private static Map<Long, Integer> sizesByOffset(Log log) {
      Map<Long, Integer> sizes = new HashMap<>();
      long offset = log.view().logStartOffset();
      long end = log.view().logEndOffset();
      while (offset < end) {
        RecordsSlice records = log.view().read(offset, 1, true, end).records();
        try {
          ByteBuffer bytes = records.toByteBuffer();
          RecordBatch batch = RecordBatch.at(bytes, bytes.position());
          sizes.put(batch.baseOffset(), batch.sizeInBytes());
          offset = batch.nextOffset();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } finally {
          records.release();
        }
      }
      return sizes;
    }
  }
}
