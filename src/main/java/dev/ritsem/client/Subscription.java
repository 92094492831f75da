package dev.ritsem.client;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What a source reads, from where, and until where. Made by {@link Subscriptions}; immutable.
 *
 * @param topics topics of which all partitions are read, those added later included
 * @param partitions partitions that are read, each with its own start
 * @param start where partitions of {@code topics} begin
 * @param stop where reading ends
 */
public record Subscription(
    Set<String> topics, Map<TopicPartition, StartAt> partitions, StartAt start, StopAt stop) {
  public Subscription {
    topics = Set.copyOf(topics);
    partitions = Map.copyOf(partitions);
    if (topics.isEmpty() && partitions.isEmpty()) {
      throw new IllegalArgumentException("a subscription names at least one topic or partition");
    }
    if (partitions.keySet().stream().map(TopicPartition::topic).anyMatch(topics::contains)) {
      throw new IllegalArgumentException(
          "a topic is subscribed to either as a whole or by partitions: " + topics);
    }
  }

  /** The same partitions, all begun there. */
  public Subscription startingAt(StartAt start) {
    Map<TopicPartition, StartAt> moved = new HashMap<>(partitions);
    moved.replaceAll((partition, before) -> start);
    return new Subscription(topics, moved, start, stop);
  }

  /** The same partitions, read until there; the source completes when all have arrived. */
  public Subscription stoppingAt(StopAt stop) {
    return new Subscription(topics, partitions, start, stop);
  }
}
