package dev.ritsem.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes {@link Subscription}s: live ones, unless {@link Subscription#stoppingAt} says otherwise.
 */
public final class Subscriptions {
  private Subscriptions() {}

  /** All partitions of these topics, and those that are added to them later. */
  public static Subscription topics(String... topics) {
    return topics(Set.of(topics));
  }

  /** All partitions of these topics, and those that are added to them later. */
  public static Subscription topics(Set<String> topics) {
    return new Subscription(topics, Map.of(), StartAt.reset(), StopAt.never());
  }

  /** These partitions, begun where {@code auto.offset.reset} says. */
  public static Subscription assignment(TopicPartition... partitions) {
    return assignment(Set.of(partitions));
  }

  /** These partitions, begun where {@code auto.offset.reset} says. */
  public static Subscription assignment(Set<TopicPartition> partitions) {
    Map<TopicPartition, StartAt> starts = new HashMap<>();
    partitions.forEach(partition -> starts.put(partition, StartAt.reset()));
    return new Subscription(Set.of(), starts, StartAt.reset(), StopAt.never());
  }

  /** One partition from an offset on. */
  public static Subscription assignmentWithOffset(TopicPartition partition, long offset) {
    return assignmentWithOffset(Map.of(partition, offset));
  }

  /** Partitions, each from its offset on. */
  public static Subscription assignmentWithOffset(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, StartAt> starts = new HashMap<>();
    offsets.forEach((partition, offset) -> starts.put(partition, StartAt.offset(offset)));
    return new Subscription(Set.of(), starts, StartAt.reset(), StopAt.never());
  }

  /** One partition from its first record on that is not older than a time. */
  public static Subscription assignmentOffsetsForTimes(TopicPartition partition, long timestampMs) {
    return assignmentOffsetsForTimes(Map.of(partition, timestampMs));
  }

  /** Partitions, each from its first record on that is not older than its time. */
  public static Subscription assignmentOffsetsForTimes(Map<TopicPartition, Long> timestampsMs) {
    Map<TopicPartition, StartAt> starts = new HashMap<>();
    timestampsMs.forEach((partition, time) -> starts.put(partition, StartAt.timestamp(time)));
    return new Subscription(Set.of(), starts, StartAt.reset(), StopAt.never());
  }
}
