package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.PartitionMetadata;
import dev.ritsem.client.cluster.TopicMetadata;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Where a topic's records without keys go: to one partition until it got a batch's worth of bytes,
 * then to another at random among those that have a leader (KIP-480, KIP-794).
 */
final class StickyPartition {
  private static final int NONE = -1;

  private final int batchSizeBytes;
  private final RandomGenerator random;
  private int partition = NONE;
  private long bytes;

  StickyPartition(int batchSizeBytes, RandomGenerator random) {
    this.batchSizeBytes = batchSizeBytes;
    this.random = random;
  }

  /** The partition for the next record. */
  int next(TopicMetadata topic) {
    if (partition == NONE || partition >= topic.partitions().size()) {
      choose(topic);
    }
    return partition;
  }

  boolean isAt(int partition) {
    return this.partition == partition;
  }

  /**
   * Notes that a record went to the partition.
   *
   * @param batchHasRoom whether the partition has a batch that takes more; a batch that is not full
   *     is left only when twice its worth went by
   */
  void onAppended(long recordBytes, boolean batchHasRoom) {
    bytes += recordBytes;
    if (bytes >= 2L * batchSizeBytes || (bytes >= batchSizeBytes && !batchHasRoom)) {
      partition = NONE;
    }
  }

  private void choose(TopicMetadata topic) {
    List<PartitionMetadata> led =
        topic.partitions().stream().filter(PartitionMetadata::hasLeader).toList();
    List<PartitionMetadata> from = led.isEmpty() ? topic.partitions() : led;
    partition = from.get(random.nextInt(from.size())).partition();
    bytes = 0;
  }
}
