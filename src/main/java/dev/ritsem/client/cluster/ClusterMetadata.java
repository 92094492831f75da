package dev.ritsem.client.cluster;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as a client knows it: brokers, and of the topics that it asked for, the leaders.
 * Immutable; each answer makes a new one out of the one before.
 *
 * <p>A partition's leader epoch never falls within one life of a topic: an answer of a broker that
 * lags behind does not bring an older leader back.
 */
public final class ClusterMetadata {
  public static final ClusterMetadata EMPTY = new ClusterMetadata(Map.of(), Map.of());

  private final Map<Integer, BrokerAddress> brokers;
  private final Map<String, TopicMetadata> topics;
  private final Map<Uuid, String> names;

  private ClusterMetadata(Map<Integer, BrokerAddress> brokers, Map<String, TopicMetadata> topics) {
    this.brokers = Map.copyOf(brokers);
    this.topics = Map.copyOf(topics);
    Map<Uuid, String> ids = new HashMap<>();
    topics.values().forEach(topic -> ids.put(topic.id(), topic.name()));
    ids.remove(Uuid.ZERO_UUID);
    this.names = ids;
  }

  public Map<Integer, BrokerAddress> brokers() {
    return brokers;
  }

  /** The topic, if its partitions are known; null before the first answer and while it has none. */
  public @Nullable TopicMetadata usable(String topic) {
    TopicMetadata found = topics.get(topic);
    return found != null && found.isUsable() ? found : null;
  }

  /** What is known about the topic, errors included; null if nothing was ever heard. */
  public @Nullable TopicMetadata topic(String topic) {
    return topics.get(topic);
  }

  /** The name of a topic id in an answer, or null if it is not one of the topics asked for. */
  public @Nullable String name(Uuid topicId) {
    return names.get(topicId);
  }

  public @Nullable PartitionMetadata partition(TopicPartition partition) {
    TopicMetadata topic = usable(partition.topic());
    return topic == null ? null : topic.partition(partition.partition());
  }

  /** Where the partition's leader listens; null while there is none. */
  public @Nullable BrokerAddress leader(TopicPartition partition) {
    PartitionMetadata found = partition(partition);
    return found == null ? null : brokers.get(found.leaderId());
  }

  /** What is known after this answer. Topics that it does not speak about stay as they were. */
  ClusterMetadata after(MetadataResponseData answer) {
    Map<Integer, BrokerAddress> addresses = new HashMap<>();
    answer
        .brokers()
        .forEach(
            broker ->
                addresses.put(
                    broker.nodeId(),
                    new BrokerAddress(broker.nodeId(), broker.host(), broker.port())));
    Map<String, TopicMetadata> merged = new HashMap<>(topics);
    for (MetadataResponseTopic topic : answer.topics()) {
      if (topic.name() != null) {
        merged.put(topic.name(), merge(topics.get(topic.name()), topic));
      }
    }
    return new ClusterMetadata(addresses.isEmpty() ? brokers : addresses, merged);
  }

  /** Takes a leader over that an answer to another request told of (KIP-951). */
  ClusterMetadata withLeader(
      TopicPartition partition, int leaderId, int leaderEpoch, @Nullable BrokerAddress address) {
    TopicMetadata topic = usable(partition.topic());
    PartitionMetadata before = topic == null ? null : topic.partition(partition.partition());
    if (topic == null || before == null || before.leaderEpoch() >= leaderEpoch) {
      return this;
    }
    Map<Integer, BrokerAddress> addresses = new HashMap<>(brokers);
    if (address != null) {
      addresses.put(leaderId, address);
    }
    if (!addresses.containsKey(leaderId)) {
      return this;
    }
    List<PartitionMetadata> partitions = new ArrayList<>(topic.partitions());
    partitions.set(
        before.partition(),
        new PartitionMetadata(
            before.partition(), leaderId, leaderEpoch, before.replicas(), before.isr()));
    Map<String, TopicMetadata> changed = new HashMap<>(topics);
    changed.put(
        topic.name(),
        new TopicMetadata(topic.name(), topic.id(), topic.error(), topic.internal(), partitions));
    return new ClusterMetadata(addresses, changed);
  }

  private static TopicMetadata merge(@Nullable TopicMetadata before, MetadataResponseTopic answer) {
    boolean sameLife = before != null && before.id().equals(answer.topicId());
    List<PartitionMetadata> partitions = new ArrayList<>();
    List<MetadataResponsePartition> sorted = new ArrayList<>(answer.partitions());
    sorted.sort(Comparator.comparingInt(MetadataResponsePartition::partitionIndex));
    for (MetadataResponsePartition partition : sorted) {
      PartitionMetadata known =
          sameLife && before != null ? before.partition(partition.partitionIndex()) : null;
      boolean stale = known != null && known.leaderEpoch() > partition.leaderEpoch();
      partitions.add(
          stale && partition.leaderEpoch() >= 0
              ? known
              : new PartitionMetadata(
                  partition.partitionIndex(),
                  partition.leaderId(),
                  partition.leaderEpoch(),
                  partition.replicaNodes(),
                  partition.isrNodes()));
    }
    return new TopicMetadata(
        answer.name(),
        answer.topicId(),
        ErrorCode.of(answer.errorCode()),
        answer.isInternal(),
        partitions);
  }
}
