package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.log.PartitionDirectory;
import dev.ritsem.log.SimulatedDisk;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent.ClusterFormatted;
import dev.ritsem.metadata.image.MetadataEvent.TopicCreated;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node makes of partitions that lie in its log directory when it starts. */
class ReplicaDirectoryTest {
  private static final BrokerId SELF = new BrokerId(1);
  private static final BrokerId OTHER = new BrokerId(2);
  private static final TopicId OLD = new TopicId(1, 1);
  private static final TopicId NEW = new TopicId(2, 2);
  private static final TopicPartition NAME = new TopicPartition("topic", 0);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ManualClock clock = new ManualClock(1_700_000_000_000L);

  @Test
  void a_replica_finds_its_log_again() {
    before(OLD);
    ReplicaDirectory home = home();
    assertThat(home.holds(new TopicIdPartition(OLD, NAME))).isTrue();
    assertThat(home.holds(new TopicIdPartition(NEW, NAME))).isFalse();
    assertThat(open(home, OLD).view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void a_topic_of_the_same_name_begins_empty_and_is_not_cleared_away_with_the_old_one() {
    before(OLD);
    ReplicaDirectory home = home();
    PartitionDirectory stray = home.found().iterator().next();

    Log begun = open(home, NEW);
    assertThat(begun.view().logEndOffset()).isZero();
    begun.appendAsLeader(Batches.of("new"), 0);
    home.clearLater(stray).toCompletableFuture().join();
    begun.close();

    assertThat(open(home, NEW).view().logEndOffset()).isEqualTo(1);
  }

  @Test
  void only_an_image_that_can_know_says_that_a_partition_is_astray() {
    before(OLD);
    ReplicaDirectory home = home();
    ReplicaPlacement placement = new ReplicaPlacement(SELF, List.of(home));
    ClusterImage empty = ClusterImage.EMPTY.apply(new ClusterFormatted(home.clusterId()));
    ClusterImage foreign = ClusterImage.EMPTY.apply(new ClusterFormatted("another"));

    assertThat(placement.strays(home, empty)).as("metadata that were lost").isEmpty();
    assertThat(placement.strays(home, foreign.apply(created(NEW, SELF)))).isEmpty();
    assertThat(placement.strays(home, empty.apply(created(OLD, SELF)))).isEmpty();
    assertThat(placement.strays(home, empty.apply(created(NEW, SELF)))).hasSize(1);
    assertThat(placement.strays(home, empty.apply(created(OLD, OTHER))))
        .as("moved to another broker")
        .hasSize(1);
  }

  @Test
  void new_replicas_keep_away_from_a_directory_that_has_failed() {
    ReplicaDirectory failed = home("/a");
    ReplicaDirectory sound = home("/b");
    failed.fail();
    ReplicaPlacement placement = new ReplicaPlacement(SELF, List.of(failed, sound));
    for (int partition = 0; partition < 3; partition++) {
      assertThat(placement.place(new TopicIdPartition(NEW, "topic", partition))).isSameAs(sound);
    }
  }

  /** A life of the node in which the topic had a record. */
  private void before(TopicId topicId) {
    LogDirectory directory = directory("/data");
    ReplicaDirectory home = new ReplicaDirectory(directory, disk, clock, Runnable::run);
    Log log = open(home, topicId);
    log.appendAsLeader(Batches.of("old"), 0);
    log.close();
    directory.closeCleanly(List.of(log));
  }

  private static Log open(ReplicaDirectory home, TopicId topicId) {
    LocalPartition partition =
        new LocalPartition(new TopicIdPartition(topicId, NAME), LogConfig.defaults(), home);
    return home.open(partition, ReplicaState.INITIAL).toCompletableFuture().join();
  }

  private ReplicaDirectory home() {
    return home("/data");
  }

  private ReplicaDirectory home(String path) {
    return new ReplicaDirectory(directory(path), disk, clock, Runnable::run);
  }

  private LogDirectory directory(String path) {
    return LogDirectory.openAll(
            disk, List.of(Path.of(path)), SELF, IdSource.from(Seeds.random(1)), clock)
        .get(0);
  }

  private static TopicCreated created(TopicId id, BrokerId holder) {
    List<BrokerId> replicas = List.of(holder);
    return new TopicCreated(
        new TopicImage(
            "topic", id, List.of(PartitionRegistration.initial(replicas, replicas)), Map.of()));
  }
}
