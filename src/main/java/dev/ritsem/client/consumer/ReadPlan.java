package dev.ritsem.client.consumer;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What is read.
 *
 * @param topics topics of which all partitions are read
 * @param topicStart where their partitions begin; those that are added later begin at the earliest
 * @param partitions single partitions and where each begins
 * @param stops where single partitions end
 * @param stop where all others end; empty for nowhere
 */
public record ReadPlan(
    Set<String> topics,
    Position topicStart,
    Map<TopicPartition, Position> partitions,
    Map<TopicPartition, Position> stops,
    Optional<Position> stop) {
  public ReadPlan {
    topics = Set.copyOf(topics);
    partitions = Map.copyOf(partitions);
    stops = Map.copyOf(stops);
  }

  Optional<Position> stopOf(TopicPartition partition) {
    Position own = stops.get(partition);
    return own != null ? Optional.of(own) : stop;
  }

  boolean isBounded() {
    return stop.isPresent();
  }
}
