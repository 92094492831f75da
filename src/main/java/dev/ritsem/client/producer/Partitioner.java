package dev.ritsem.client.producer;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the partition of records that name none. Called by one thread at a time per stream, in
 * the order of the records.
 */
@FunctionalInterface
public interface Partitioner {
  /** The answer of a partitioner that leaves a record to the built-in way of placing. */
  int BUILT_IN = -1;

  /**
   * Places one record.
   *
   * @param key the serialised key, or null
   * @param value the serialised value, or null
   * @param partitionCount how many partitions the topic has, at least 1
   * @return from 0 to {@code partitionCount - 1}, or {@link #BUILT_IN}
   */
  int partition(String topic, byte @Nullable [] key, byte @Nullable [] value, int partitionCount);
}
