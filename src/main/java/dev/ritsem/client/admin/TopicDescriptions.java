package dev.ritsem.client.admin;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/** Reads topics out of metadata, in the types of Kafka's admin client. */
public final class TopicDescriptions {
  private TopicDescriptions() {}

  /** All topics, by name. */
  public static List<TopicListing> list(MetadataResponseData metadata) {
    return metadata.topics().stream()
        .map(topic -> new TopicListing(topic.name(), topic.topicId(), topic.isInternal()))
        .sorted(Comparator.comparing(TopicListing::name))
        .toList();
  }

  /**
   * One topic.
   *
   * @throws UnknownTopicOrPartitionException if the metadata does not have it
   */
  public static TopicDescription describe(MetadataResponseData metadata, String name) {
    MetadataResponseTopic topic = metadata.topics().find(name);
    if (topic == null) {
      throw new UnknownTopicOrPartitionException("Topic " + name + " is unknown");
    }
    AdminCalls.throwIfFailed(topic.errorCode(), "Topic " + name, null);
    List<TopicPartitionInfo> partitions =
        topic.partitions().stream()
            .sorted(Comparator.comparingInt(MetadataResponsePartition::partitionIndex))
            .map(partition -> describe(metadata, partition))
            .toList();
    return new TopicDescription(
        topic.name(), topic.isInternal(), partitions, Set.of(), topic.topicId());
  }

  private static TopicPartitionInfo describe(
      MetadataResponseData metadata, MetadataResponsePartition partition) {
    return new TopicPartitionInfo(
        partition.partitionIndex(),
        node(metadata, partition.leaderId()),
        nodes(metadata, partition.replicaNodes()),
        nodes(metadata, partition.isrNodes()));
  }

  private static List<Node> nodes(MetadataResponseData metadata, List<Integer> ids) {
    return ids.stream()
        .map(
            id -> {
              Node known = node(metadata, id);
              // A broker that is down is known by its id alone.
              return known == null ? new Node(id, "", -1) : known;
            })
        .toList();
  }

  private static @Nullable Node node(MetadataResponseData metadata, int id) {
    var broker = metadata.brokers().find(id);
    return broker == null ? null : new Node(id, broker.host(), broker.port(), broker.rack());
  }
}
