package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.log.NioDisk;
import dev.ritsem.log.TopicSettings;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent.ClusterFormatted;
import dev.ritsem.metadata.image.MetadataEvent.PartitionChange;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsChanged;
import dev.ritsem.metadata.image.MetadataEvent.TopicConfigsChanged;
import dev.ritsem.metadata.image.MetadataEvent.TopicCreated;
import dev.ritsem.metadata.image.MetadataEvent.TopicDeleted;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicasTest {
  private static final TopicId FIRST_ID = new TopicId(1, 1);
  private static final TopicId SECOND_ID = new TopicId(2, 2);
  private static final TopicId THIRD_ID = new TopicId(3, 3);
  private static final BrokerId OTHER = new BrokerId(2);
  private static final ClusterImage FORMATTED =
      ClusterImage.EMPTY.apply(new ClusterFormatted(TestNode.CLUSTER_ID));

  @TempDir Path home;

  private final Answers answers = new Answers();

  @Test
  void a_new_topic_can_be_written_and_read_by_name_and_by_id() {
    try (TestNode node = TestNode.start(FORMATTED, home)) {
      node.publish(topicCreated(FIRST_ID, 3));
      Partition partition = node.leader("topic", 2);
      partition.append(Batches.allReplicas("a", "b"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.NONE);
      assertThat(node.replicas().find(FIRST_ID, 2)).isSameAs(partition);
      assertThat(node.replicas().find(FIRST_ID, 3)).isNull();
      assertThat(node.replicas().find(new TopicPartition("topic", 3))).isNull();
      PartitionRead read = read(partition, 0);
      assertThat(read.highWatermark()).isEqualTo(2);
      assertThat(read.log().records().sizeInBytes()).isPositive();
      read.log().records().release();
    }
  }

  @Test
  void whoever_waits_for_an_image_finds_its_leaders_leading() {
    try (TestNode node = TestNode.start(FORMATTED, home)) {
      for (int round = 1; round <= 20; round++) {
        node.publish(topicCreated(new TopicId(7, round), "topic-" + round, 5));
        node.awaitPublished();
        for (int partition = 0; partition < 5; partition++) {
          Partition found = node.replicas().find(new TopicId(7, round), partition);
          assertThat(found).isNotNull();
          assertThat(found.view().role()).isEqualTo(Role.LEADER);
        }
      }
    }
  }

  @Test
  void after_an_orderly_stop_everything_is_there_again() {
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 3));
    try (TestNode node = TestNode.start(image, home)) {
      node.awaitReady();
      node.leader("topic", 1).append(Batches.allReplicas("a", "b"), answers);
      answers.next();
    }
    try (TestNode node = TestNode.start(image, home)) {
      node.awaitReady();
      assertThat(read(node.leader("topic", 1), 0).highWatermark()).isEqualTo(2);
    }
  }

  @Test
  void after_a_kill_what_was_acknowledged_is_there_again() {
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 1));
    for (int life = 0; life < 3; life++) {
      TestNode node = TestNode.start(image, home);
      try {
        node.awaitReady();
        assertThat(node.leader("topic", 0).view().leaderLog(-1).logEndOffset()).isEqualTo(life);
        node.leader("topic", 0).append(Batches.leaderOnly("in life " + life), answers);
        assertThat(answers.next().baseOffset()).isEqualTo(life);
      } finally {
        node.terminate();
      }
    }
  }

  @Test
  void a_deleted_topic_is_unknown_at_once_and_its_directories_go() {
    try (TestNode node = TestNode.start(FORMATTED, home)) {
      node.publish(topicCreated(FIRST_ID, 2));
      Partition partition = node.leader("topic", 0);
      node.leader("topic", 1);
      node.publish(new TopicDeleted(FIRST_ID));
      Polling.until("it is not found", () -> node.replicas().find(FIRST_ID, 0) == null);
      Polling.until(
          "the owner knows",
          () -> partition.view().offlineReason() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      partition.append(Batches.leaderOnly("too late"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      Polling.until("no directory is left", () -> partitionDirectories().isEmpty());
    }
  }

  @Test
  void a_topic_that_was_deleted_while_the_node_was_down_is_cleared_away() {
    ClusterImage both = FORMATTED.apply(topicCreated(FIRST_ID, 1)).apply(other());
    try (TestNode node = TestNode.start(both, home)) {
      node.awaitReady();
    }
    assertThat(partitionDirectories()).containsExactlyInAnyOrder("topic-0", "other-0");
    try (TestNode node = TestNode.start(both.apply(new TopicDeleted(FIRST_ID)), home)) {
      node.awaitReady();
      Polling.until(
          "only the other topic is left", () -> partitionDirectories().equals(List.of("other-0")));
    }
  }

  @Test
  void a_topic_that_came_back_under_its_name_begins_empty() {
    ClusterImage before = FORMATTED.apply(topicCreated(FIRST_ID, 1));
    try (TestNode node = TestNode.start(before, home)) {
      node.leader("topic", 0).append(Batches.leaderOnly("old"), answers);
      answers.next();
      node.publish(new TopicDeleted(FIRST_ID), topicCreated(SECOND_ID, 1));
      Polling.until(
          "the new one leads",
          () -> {
            Partition found = node.replicas().find(SECOND_ID, 0);
            return found != null && found.view().role() == Role.LEADER;
          });
      assertThat(node.leader("topic", 0).view().leaderLog(-1).logEndOffset()).isZero();
    }
    // And once more while the node is down.
    ClusterImage after =
        before
            .apply(new TopicDeleted(FIRST_ID))
            .apply(topicCreated(SECOND_ID, 1))
            .apply(new TopicDeleted(SECOND_ID))
            .apply(topicCreated(THIRD_ID, 1));
    try (TestNode node = TestNode.start(after, home)) {
      node.awaitReady();
      assertThat(node.leader("topic", 0).id().topicId()).isEqualTo(THIRD_ID);
      assertThat(node.leader("topic", 0).view().leaderLog(-1).logEndOffset()).isZero();
    }
  }

  @Test
  void a_changed_setting_counts_from_the_next_request_on() {
    try (TestNode node = TestNode.start(FORMATTED, home)) {
      node.publish(topicCreated(FIRST_ID, 1));
      Partition partition = node.leader("topic", 0);
      node.publish(new TopicConfigsChanged(FIRST_ID, Map.of("min.insync.replicas", "2"), Set.of()));
      Polling.until(
          "the setting is there",
          () -> partition.view().config().value(TopicSettings.MIN_INSYNC_REPLICAS) == 2);
      partition.append(Batches.allReplicas("a"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    }
  }

  @Test
  void a_replica_gives_the_lead_away_and_takes_it_again() {
    try (TestNode node = TestNode.start(FORMATTED, home)) {
      node.publish(topicCreated(FIRST_ID, 1));
      Partition partition = node.leader("topic", 0);
      List<BrokerId> both = List.of(TestNode.SELF, OTHER);
      node.publish(changed(new PartitionRegistration(both, both, OTHER, 1, 1)));
      Polling.until("it follows", () -> partition.view().role() == Role.FOLLOWER);
      partition.append(Batches.leaderOnly("a"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
      List<BrokerId> alone = List.of(TestNode.SELF);
      node.publish(changed(new PartitionRegistration(both, alone, TestNode.SELF, 2, 2)));
      Polling.until("it leads", () -> partition.view().role() == Role.LEADER);
      partition.append(Batches.allReplicas("a"), answers);
      assertThat(answers.next().currentLeaderEpoch()).isEqualTo(2);
    }
  }

  @Test
  void deleted_records_stay_deleted_after_a_kill() throws Exception {
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 1));
    TestNode node = TestNode.start(image, home);
    try {
      Partition partition = node.leader("topic", 0);
      partition.append(Batches.leaderOnly("a", "b", "c"), answers);
      answers.next();
      DeleteRecordsResult deleted =
          partition.deleteRecords(2).toCompletableFuture().get(20, TimeUnit.SECONDS);
      assertThat(deleted).isEqualTo(DeleteRecordsResult.deleted(2));
    } finally {
      node.terminate();
    }
    try (TestNode again = TestNode.start(image, home)) {
      assertThat(again.leader("topic", 0).view().leaderLog(-1).logStartOffset()).isEqualTo(2);
    }
  }

  @Test
  void new_partitions_go_where_the_fewest_are_and_are_found_again() {
    List<Path> logDirs = List.of(home.resolve("disk-1"), home.resolve("disk-2"));
    ManualClock clock = new ManualClock(1_700_000_000_000L);
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 10));
    for (int life = 0; life < 2; life++) {
      try (TestNode node = TestNode.withLogDirs(image, NioDisk.INSTANCE, home, logDirs, clock)) {
        node.awaitReady();
      }
      assertThat(logDirs).allSatisfy(dir -> assertThat(partitionDirectories(dir)).hasSize(5));
    }
  }

  @Test
  void a_log_directory_that_fails_takes_its_partitions_offline_and_no_others() {
    List<Path> logDirs = List.of(home.resolve("disk-1"), home.resolve("disk-2"));
    ManualClock clock = new ManualClock(1_700_000_000_000L);
    FaultyDisk faulty = new FaultyDisk(NioDisk.INSTANCE);
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 4));
    try (TestNode node = TestNode.withLogDirs(image, faulty.disk(), home, logDirs, clock)) {
      node.awaitReady();
      faulty.refuse("write");
      node.leader("topic", 0).append(Batches.leaderOnly("a"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
      Polling.until(
          "two partitions are offline",
          () ->
              node.replicas().all().stream()
                      .filter(one -> one.view().role() == Role.OFFLINE)
                      .count()
                  == 2);
      faulty.refuseNothing();
      for (Partition partition : node.replicas().all()) {
        partition.append(Batches.leaderOnly("b"), answers);
        boolean offline = partition.view().role() == Role.OFFLINE;
        assertThat(answers.next().error())
            .isEqualTo(offline ? ErrorCode.KAFKA_STORAGE_ERROR : ErrorCode.NONE);
      }
    }
  }

  @Test
  void a_replica_whose_decision_cannot_be_journaled_is_offline_and_the_others_go_on() {
    FaultyDisk faulty = new FaultyDisk(NioDisk.INSTANCE);
    ManualClock clock = new ManualClock(1_700_000_000_000L);
    ClusterImage image = FORMATTED.apply(topicCreated(FIRST_ID, 1));
    try (TestNode node = TestNode.start(image, faulty.disk(), home, clock)) {
      Partition sound = node.leader("topic", 0);
      faulty.refuse("force");
      node.publish(other());
      Polling.until(
          "it is offline",
          () -> {
            Partition found = node.replicas().find(new TopicPartition("other", 0));
            return found != null && found.view().offlineReason() == ErrorCode.KAFKA_STORAGE_ERROR;
          });
      sound.append(Batches.leaderOnly("a"), answers);
      assertThat(answers.next().error()).isEqualTo(ErrorCode.NONE);
      faulty.refuseNothing();
      node.publish(new TopicConfigsChanged(FIRST_ID, Map.of("min.insync.replicas", "2"), Set.of()));
      Polling.until(
          "the node follows the next image",
          () -> sound.view().config().value(TopicSettings.MIN_INSYNC_REPLICAS) == 2);
    }
  }

  @Test
  void a_node_that_stops_refuses_and_does_not_hang() {
    TestNode node = TestNode.start(FORMATTED.apply(topicCreated(FIRST_ID, 1)), home);
    Partition partition = node.leader("topic", 0);
    node.close();
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  }

  private static TopicCreated topicCreated(TopicId id, int partitions) {
    return topicCreated(id, "topic", partitions);
  }

  private static TopicCreated topicCreated(TopicId id, String name, int partitions) {
    List<BrokerId> self = List.of(TestNode.SELF);
    return new TopicCreated(
        new TopicImage(
            name,
            id,
            Collections.nCopies(partitions, PartitionRegistration.initial(self, self)),
            Map.of()));
  }

  private static TopicCreated other() {
    return topicCreated(new TopicId(9, 9), "other", 1);
  }

  private static PartitionsChanged changed(PartitionRegistration registration) {
    return new PartitionsChanged(List.of(new PartitionChange(FIRST_ID, 0, registration)));
  }

  private static PartitionRead read(Partition partition, long offset) {
    return PartitionRead.of(
        partition.view(),
        new PartitionRead.Request(
            offset, PartitionRead.NO_EPOCH, PartitionRead.NO_EPOCH, 1 << 20, true, false));
  }

  private List<String> partitionDirectories() {
    return partitionDirectories(home.resolve("data"));
  }

  private static List<String> partitionDirectories(Path logDir) {
    try (Stream<Path> entries = Files.list(logDir)) {
      return entries
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches("(topic|other)-\\d+"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
