package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.log.LogConfig;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import org.junit.jupiter.api.Test;

class ReplicaRegistryTest {
  private static final TopicId OLD = new TopicId(1, 1);
  private static final TopicId NEW = new TopicId(2, 2);

  private static final LogHome NO_HOME = new TestHome(null);

  private final ReplicaRegistry registry = new ReplicaRegistry();

  @Test
  void a_replica_is_found_by_name_and_by_id() {
    LocalPartition third = replica(OLD, 3);
    registry.add(third);
    assertThat(registry.find(new TopicPartition("topic", 3))).isSameAs(third);
    assertThat(registry.find(OLD, 3)).isSameAs(third);
    assertThat(registry.find(OLD, 2)).as("a gap below").isNull();
    assertThat(registry.find(OLD, 4)).isNull();
    assertThat(registry.find(OLD, -1)).isNull();
    assertThat(registry.find(NEW, 3)).isNull();
  }

  @Test
  void a_topic_that_came_back_under_its_name_hides_the_old_one_even_while_that_is_removed() {
    LocalPartition before = replica(OLD, 0);
    LocalPartition after = replica(NEW, 0);
    registry.add(before);
    registry.add(after);
    registry.remove(before);
    assertThat(registry.find(new TopicPartition("topic", 0))).isSameAs(after);
    assertThat(registry.find(OLD, 0)).isNull();
    assertThat(registry.find(NEW, 0)).isSameAs(after);
    assertThat(registry.all()).containsExactly(after);
  }

  private static LocalPartition replica(TopicId id, int partition) {
    return new LocalPartition(
        new TopicIdPartition(id, "topic", partition), LogConfig.defaults(), NO_HOME);
  }
}
