package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.OpenState;
import dev.ritsem.log.SimulatedDisk;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.replication.LocalPartition.Status;
import dev.ritsem.testing.ManualClock;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PartitionReadTest {
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(7, 7), "topic", 0);
  private static final int NONE = PartitionRead.NO_EPOCH;
  private static final int MUCH = 1 << 20;

  private final Log log =
      Log.open(
          new SimulatedDisk(),
          Path.of("/data/topic-0"),
          ID,
          LogConfig.defaults(),
          new ManualClock(1_700_000_000_000L),
          OpenState.UNKNOWN);
  private final LocalPartition partition =
      new LocalPartition(ID, LogConfig.defaults(), new TestHome(null));

  @Test
  void only_what_is_committed_is_read() {
    log.appendAsLeader(Batches.of("a", "b"), 1);
    log.appendAsLeader(Batches.of("c"), 1);
    log.advanceHighWatermark(2);
    lead(1);
    PartitionRead read = read(0, NONE, NONE);
    assertThat(read.highWatermark()).isEqualTo(2);
    assertThat(read.readableEndOffset()).isEqualTo(2);
    assertThat(read.log().upToOffset()).isLessThanOrEqualTo(2);
    assertThat(read.log().isEmpty()).isFalse();
    read.log().records().release();
    assertThat(read(2, NONE, NONE).log().isEmpty()).as("in the log, but not committed").isTrue();
  }

  @Test
  void an_offset_outside_of_the_log_is_refused() {
    log.appendAsLeader(Batches.of("a", "b", "c"), 1);
    log.advanceHighWatermark(3);
    log.deleteRecordsBefore(1);
    lead(1);
    assertRefused(0, NONE, NONE, ErrorCode.OFFSET_OUT_OF_RANGE);
    assertRefused(4, NONE, NONE, ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(read(3, NONE, NONE).log().isEmpty()).isTrue();
  }

  @Test
  void a_reader_whose_metadata_is_older_or_newer_is_told_so() {
    lead(5);
    assertRefused(0, 4, NONE, ErrorCode.FENCED_LEADER_EPOCH);
    assertRefused(0, 6, NONE, ErrorCode.UNKNOWN_LEADER_EPOCH);
    assertThat(read(0, 5, NONE).log().isEmpty()).isTrue();
  }

  @Test
  void a_reader_is_told_where_its_log_diverges_from_the_leaders() {
    log.appendAsLeader(Batches.of("a", "b"), 1);
    log.appendAsLeader(Batches.of("c"), 3);
    log.advanceHighWatermark(3);
    lead(3);
    assertThat(read(3, NONE, 3).divergence()).isNull();
    assertThat(read(2, NONE, 1).divergence()).isNull();
    assertThat(read(3, NONE, 1).divergence())
        .as("epoch 1 ended before that")
        .isEqualTo(new OffsetAndEpoch(2, 1));
    PartitionRead diverged = read(2, NONE, 2);
    assertThat(diverged.divergence())
        .as("an epoch that this log never saw")
        .isEqualTo(new OffsetAndEpoch(2, 1));
    assertThat(diverged.log().isEmpty()).isTrue();
  }

  @Test
  void a_replica_that_is_offline_says_why() {
    partition.publish(
        Status.offline(new LeaderEpoch(1), LogConfig.defaults(), ErrorCode.KAFKA_STORAGE_ERROR));
    assertRefused(0, NONE, NONE, ErrorCode.KAFKA_STORAGE_ERROR);
    assertRefused(0, 1, NONE, ErrorCode.KAFKA_STORAGE_ERROR);
  }

  private void lead(int leaderEpoch) {
    partition.publish(
        Status.online(Role.LEADER, new LeaderEpoch(leaderEpoch), log, LogConfig.defaults()));
  }

  private PartitionRead read(long offset, int currentLeaderEpoch, int lastFetchedEpoch) {
    return PartitionRead.of(
        partition.view(),
        new PartitionRead.Request(offset, currentLeaderEpoch, lastFetchedEpoch, MUCH, true, false));
  }

  private void assertRefused(
      long offset, int currentLeaderEpoch, int lastFetchedEpoch, ErrorCode expected) {
    assertThatThrownBy(() -> read(offset, currentLeaderEpoch, lastFetchedEpoch))
        .isInstanceOfSatisfying(
            WireException.class, refused -> assertThat(refused.error()).isEqualTo(expected));
  }
}
