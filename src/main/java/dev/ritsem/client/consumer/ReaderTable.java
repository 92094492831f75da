package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.cluster.PartitionMetadata;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that a plan means: those that it names, and those of its topics, as soon as they
 * are known and when they become more.
 */
final class ReaderTable {
  private final ReadPlan plan;
  private final MetadataCore metadata;
  private final Map<TopicPartition, PartitionReader> readers = new LinkedHashMap<>();
  private final Set<String> knownTopics = new HashSet<>();

  ReaderTable(ReadPlan plan, MetadataCore metadata) {
    this.plan = plan;
    this.metadata = metadata;
    plan.topics().forEach(metadata::want);
    plan.partitions()
        .forEach(
            (partition, start) -> {
              metadata.want(partition.topic());
              readers.put(partition, reader(partition, start));
            });
  }

  private PartitionReader reader(TopicPartition partition, Position start) {
    return new PartitionReader(partition, start, plan.stopOf(partition).orElse(null));
  }

  Collection<PartitionReader> all() {
    return readers.values();
  }

  /**
   * Takes over partitions that the metadata has and the table has not.
   *
   * @return a topic that can never be read; null if there is none
   */
  @Nullable TopicMetadata adopt() {
    for (String topic : plan.topics()) {
      TopicMetadata known = metadata.current().usable(topic);
      if (known != null) {
        adopt(known);
        continue;
      }
      TopicMetadata heard = metadata.current().topic(topic);
      if (heard != null && heard.error() != ErrorCode.NONE && !heard.error().retriable()) {
        return heard;
      }
    }
    return null;
  }

  private void adopt(TopicMetadata topic) {
    // What is added later was never at any end that the plan could have meant.
    Position start = knownTopics.add(topic.name()) ? plan.topicStart() : Position.earliest();
    for (PartitionMetadata partition : topic.partitions()) {
      readers.computeIfAbsent(
          new TopicPartition(topic.name(), partition.partition()), name -> reader(name, start));
    }
  }

  /** Whether every partition knows where to begin, and where to end. */
  boolean isResolved() {
    return everyReader(PartitionReader::isResolved);
  }

  /** Whether every partition is at its stop. */
  boolean isDone() {
    return plan.isBounded() && everyReader(PartitionReader::isDone);
  }

  private boolean everyReader(Predicate<PartitionReader> condition) {
    return knownTopics.containsAll(plan.topics()) && readers.values().stream().allMatch(condition);
  }

  /** Topics that are not known, and partitions that do not know where to begin or end. */
  List<String> unresolved() {
    List<String> unresolved = new ArrayList<>(plan.topics());
    unresolved.removeAll(knownTopics);
    readers.values().stream()
        .filter(reader -> !reader.isResolved())
        .forEach(reader -> unresolved.add(reader.partition.toString()));
    return unresolved;
  }

  /** The next offset that each partition delivers, as far as it is known. */
  Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    readers.forEach(
        (partition, reader) -> {
          if (reader.hasPosition()) {
            positions.put(partition, reader.deliveredPosition());
          }
        });
    return positions;
  }

  /** Per partition, records between the position and the end as last heard of. */
  Map<TopicPartition, Long> lag() {
    Map<TopicPartition, Long> lag = new HashMap<>();
    readers.forEach(
        (partition, reader) -> {
          if (reader.lag() >= 0) {
            lag.put(partition, reader.lag());
          }
        });
    return lag;
  }
}
