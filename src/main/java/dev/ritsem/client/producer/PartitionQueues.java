package dev.ritsem.client.producer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** All partitions' batches, and how much memory they hold together. */
final class PartitionQueues {
  private final Map<TopicPartition, PartitionQueue> all = new HashMap<>();

  /** Those that are not empty, in the order in which they are served. */
  private final Map<TopicPartition, PartitionQueue> active = new LinkedHashMap<>();

  private long bufferedBytes;

  /** What is taken and not acknowledged. */
  long bufferedBytes() {
    return bufferedBytes;
  }

  boolean isEmpty() {
    return active.isEmpty();
  }

  /** Those that are not empty. */
  Collection<PartitionQueue> active() {
    return active.values();
  }

  /** Those that are not empty now, for a loop that changes which are. */
  List<PartitionQueue> activeNow() {
    return new ArrayList<>(active.values());
  }

  /** The queue of a partition, made if need be. */
  PartitionQueue of(TopicPartition partition) {
    return all.computeIfAbsent(partition, PartitionQueue::new);
  }

  /** The queue that a batch is in. */
  PartitionQueue of(ProducerBatch batch) {
    PartitionQueue queue = all.get(batch.partition());
    if (queue == null) {
      throw new IllegalStateException("no queue for " + batch.partition());
    }
    return queue;
  }

  /** The queue has its first batch. */
  void activate(PartitionQueue queue) {
    active.putIfAbsent(queue.partition, queue);
  }

  void onAppended(long recordBytes) {
    bufferedBytes += recordBytes;
  }

  void onAcknowledged(ProducerBatch batch) {
    bufferedBytes -= batch.bufferedBytes();
    PartitionQueue queue = of(batch);
    queue.onAcknowledged(batch);
    // To the end of the line, or out of it: partitions take turns.
    active.remove(queue.partition);
    if (!queue.isEmpty()) {
      active.put(queue.partition, queue);
    }
  }
}
