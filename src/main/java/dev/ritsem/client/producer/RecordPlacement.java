package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.TopicMetadata;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of records that name none: as the user's partitioner says; else by the
 * key's hash over all partitions, those without a leader included; else one partition after the
 * other, a batch's worth each.
 */
final class RecordPlacement {
  private final ProducerLimits limits;
  private final @Nullable Partitioner partitioner;
  private final RandomGenerator random;
  private final Map<String, StickyPartition> sticky = new HashMap<>();

  RecordPlacement(
      ProducerLimits limits, @Nullable Partitioner partitioner, RandomGenerator random) {
    this.limits = limits;
    this.partitioner = partitioner;
    this.random = random;
  }

  int place(TopicMetadata topic, byte @Nullable [] key, byte @Nullable [] value) {
    int count = topic.partitions().size();
    if (partitioner != null) {
      int chosen = partitioner.partition(topic.name(), key, value, count);
      if (chosen >= 0 && chosen < count) {
        return chosen;
      }
      if (chosen != Partitioner.BUILT_IN) {
        throw new IllegalArgumentException(
            "Invalid partition given with record: %d is not in the range [0...%d)"
                .formatted(chosen, count));
      }
    }
    if (key != null && !limits.ignoreKeys()) {
      return Murmur2.partition(key, count);
    }
    return sticky(topic.name()).next(topic);
  }

  /** Notes a record without a partition of its own that was placed. */
  void onAppended(String topic, int partition, long recordBytes, boolean batchHasRoom) {
    StickyPartition current = sticky.get(topic);
    if (current != null && current.isAt(partition)) {
      current.onAppended(recordBytes, batchHasRoom);
    }
  }

  private StickyPartition sticky(String topic) {
    return sticky.computeIfAbsent(
        topic, any -> new StickyPartition(limits.batchSizeBytes(), random));
  }
}
