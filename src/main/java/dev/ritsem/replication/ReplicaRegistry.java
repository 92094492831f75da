package dev.ritsem.replication;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where replicas are looked up. Only {@link ReplicaSupervisor} adds and removes, one at a time; any
 * thread reads, without a lock.
 */
final class ReplicaRegistry {
  private static final LocalPartition[] NONE = {};

  private final ConcurrentHashMap<TopicPartition, LocalPartition> byName =
      new ConcurrentHashMap<>();

  /** By topic, then by partition number; arrays are replaced, never changed. */
  private final ConcurrentHashMap<TopicId, LocalPartition[]> byId = new ConcurrentHashMap<>();

  @Nullable LocalPartition find(TopicPartition topicPartition) {
    return byName.get(topicPartition);
  }

  @Nullable LocalPartition find(TopicId topicId, int partition) {
    LocalPartition[] partitions = byId.getOrDefault(topicId, NONE);
    return partition >= 0 && partition < partitions.length ? partitions[partition] : null;
  }

  Collection<LocalPartition> all() {
    return List.copyOf(byName.values());
  }

  void add(LocalPartition replica) {
    TopicIdPartition id = replica.id();
    byId.compute(
        id.topicId(),
        (topicId, partitions) -> {
          LocalPartition[] before = partitions == null ? NONE : partitions;
          int size = Math.max(before.length, id.partition() + 1);
          LocalPartition[] after = Arrays.copyOf(before, size);
          after[id.partition()] = replica;
          return after;
        });
    byName.put(id.topicPartition(), replica);
  }

  /** Takes a replica out; another one of the same name, of a newer topic, stays. */
  void remove(LocalPartition replica) {
    TopicIdPartition id = replica.id();
    byName.remove(id.topicPartition(), replica);
    byId.computeIfPresent(
        id.topicId(),
        (topicId, partitions) -> {
          LocalPartition[] after = partitions.clone();
          after[id.partition()] = null;
          return Arrays.stream(after).allMatch(other -> other == null) ? null : after;
        });
  }
}
