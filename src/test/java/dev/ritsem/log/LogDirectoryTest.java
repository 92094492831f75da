package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {
  private static final BrokerId NODE = new BrokerId(3);
  private static final Path DATA = Path.of("/data");
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(1, 2), "a-b", 7);

  private final SimulatedDisk disk = new SimulatedDisk();
  private final ManualClock clock = new ManualClock(1_000);
  private final IdSource ids = IdSource.from(Seeds.random(1));

  private LogDirectory open() {
    return LogDirectory.openAll(disk, List.of(DATA), NODE, ids, clock).get(0);
  }

  private Log log(LogDirectory directory) {
    return Log.open(
        disk,
        directory.pathOf(ID.topicPartition()),
        ID,
        LogConfig.defaults(),
        clock,
        directory.stateOf(ID.topicPartition()));
  }

  private String text(String name) throws Exception {
    return new String(disk.content(DATA.resolve(name)), StandardCharsets.UTF_8);
  }

  @Test
  void formatsANewDirectoryAndKnowsItAgain() throws Exception {
    LogDirectory first = open();
    String clusterId = first.clusterId();
    assertThat(text("meta.properties"))
        .isEqualTo(
            "version=1\ncluster.id=%s\nnode.id=3\ndirectory.id=%s\n"
                .formatted(clusterId, first.directoryId()));
    first.close();

    assertThat(open().clusterId()).isEqualTo(clusterId);
  }

  @Test
  void refusesTheDirectoryOfAnotherNodeOrCluster() {
    open().close();

    assertThatThrownBy(() -> LogDirectory.openAll(disk, List.of(DATA), new BrokerId(4), ids, clock))
        .isInstanceOf(LogDirectoryException.class)
        .hasMessageContaining("node 3")
        .hasMessageContaining("node.id is 4");

    Path other = Path.of("/other");
    LogDirectory.openAll(disk, List.of(other), NODE, ids, clock).get(0).close();
    assertThatThrownBy(() -> LogDirectory.openAll(disk, List.of(DATA, other), NODE, ids, clock))
        .isInstanceOf(LogDirectoryException.class)
        .hasMessageContaining("cluster");
    open().close();
  }

  @Test
  void aNewDirectoryJoinsTheClusterOfTheOthers() {
    LogDirectory first = open();
    first.close();

    List<LogDirectory> both =
        LogDirectory.openAll(disk, List.of(Path.of("/new"), DATA), NODE, ids, clock);
    assertThat(both).extracting(LogDirectory::clusterId).containsOnly(first.clusterId());
    assertThat(both.get(0).directoryId()).isNotEqualTo(both.get(1).directoryId());
  }

  @Test
  void keepsASecondProcessOut(@TempDir Path real) {
    LogDirectory held =
        LogDirectory.openAll(NioDisk.INSTANCE, List.of(real), NODE, ids, clock).get(0);
    assertThatThrownBy(
            () -> LogDirectory.openAll(NioDisk.INSTANCE, List.of(real), NODE, ids, clock))
        .isInstanceOf(LogDirectoryException.class)
        .hasMessageContaining("in use");
    held.close();
    LogDirectory.openAll(NioDisk.INSTANCE, List.of(real), NODE, ids, clock).get(0).close();
  }

  @Test
  void tellsAnOrderlyStopFromACrashOnlyOnce() {
    LogDirectory first = open();
    assertThat(first.cleanShutdown()).isFalse();
    first.closeCleanly(List.of());

    LogDirectory second = open();
    assertThat(second.cleanShutdown()).isTrue();
    second.close();
    assertThat(open().cleanShutdown()).isFalse();
  }

  @Test
  void writesCheckpointsInKafkasFormat() throws Exception {
    LogDirectory directory = open();
    Log log = log(directory);
    log.appendAsLeader(TestBatches.of(1, "a", "b", "c"), 0);
    log.advanceHighWatermark(2);
    log.deleteRecordsBefore(1);
    log.close();
    directory.closeCleanly(List.of(log));

    assertThat(text("recovery-point-offset-checkpoint")).isEqualTo("0\n1\na-b 7 3\n");
    assertThat(text("replication-offset-checkpoint")).isEqualTo("0\n1\na-b 7 2\n");
    assertThat(text("log-start-offset-checkpoint")).isEqualTo("0\n1\na-b 7 1\n");
    assertThat(text("a-b-7/partition.metadata"))
        .isEqualTo("version: 0\ntopic_id: " + ID.topicId() + "\n");
    LogDirectory again = open();
    assertThat(again.stateOf(ID.topicPartition())).isEqualTo(new OpenState(true, 3, 1, 2));
    assertThat(again.partitions())
        .containsExactly(
            new PartitionDirectory(
                new TopicPartition("a-b", 7), DATA.resolve("a-b-7"), Optional.of(ID.topicId())));
  }

  @Test
  void aDamagedCheckpointCountsAsEmpty() {
    LogDirectory directory = open();
    Log log = log(directory);
    log.appendAsLeader(TestBatches.of(1, "a"), 0);
    log.close();
    directory.closeCleanly(List.of(log));
    disk.put(
        DATA.resolve("recovery-point-offset-checkpoint"),
        "0\n2\na-b 7 1\n".getBytes(StandardCharsets.UTF_8));

    assertThat(open().stateOf(ID.topicPartition()).recoveryPoint()).isZero();
  }

  @Test
  void removesADeletedPartitionAfterItsDelayAndForgetsItAtOnce() {
    LogDirectory directory = open();
    Log log = log(directory);
    log.appendAsLeader(TestBatches.of(1, "a"), 0);
    log.flush();
    directory.checkpointRecoveryPoints(List.of(log));

    directory.delete(log);

    assertThat(directory.partitions()).isEmpty();
    assertThat(directory.stateOf(ID.topicPartition()).recoveryPoint()).isZero();
    assertThat(directory.removeDeleted()).isZero();
    clock.advanceMs(60_000);
    assertThat(directory.removeDeleted()).isOne();
    assertThat(disk.files()).noneMatch(file -> file.toString().contains("a-b-7"));
    assertThat(log(directory).view().logEndOffset()).isZero();
  }

  @Test
  void sweepsWhatTheLastProcessHadDeleted() {
    LogDirectory directory = open();
    directory.delete(log(directory));
    directory.close();

    assertThat(open().removeDeleted()).isOne();
  }
}
