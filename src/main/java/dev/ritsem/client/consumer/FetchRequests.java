package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.ClusterMetadata;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.cluster.PartitionMetadata;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/** Makes fetch and list-offsets requests; each carries topic names and ids, for all versions. */
final class FetchRequests {
  /** A fetch without a session (KIP-227). */
  private static final int NO_SESSION_EPOCH = -1;

  private static final int CONSUMER = -1;

  private final FetchLimits limits;

  FetchRequests(FetchLimits limits) {
    this.limits = limits;
  }

  private record Asked(Map<TopicPartition, PartitionReader> readers, int maxBytes) {}

  /** Whom a request was about. */
  Map<TopicPartition, PartitionReader> asked(OutgoingRequest request) {
    return ((Asked) request.context()).readers();
  }

  /** How many bytes a fetch asked for. */
  int maxBytes(OutgoingRequest request) {
    return ((Asked) request.context()).maxBytes();
  }

  OutgoingRequest listOffsets(
      BrokerAddress leader, List<PartitionReader> readers, ClusterMetadata metadata) {
    Map<String, ListOffsetsTopic> topics = new LinkedHashMap<>();
    for (PartitionReader reader : readers) {
      Position.Lookup lookup = reader.lookup();
      if (lookup == null) {
        throw new IllegalStateException(reader.partition + " has nothing to look up");
      }
      topics
          .computeIfAbsent(reader.partition.topic(), name -> new ListOffsetsTopic().setName(name))
          .partitions()
          .add(
              new ListOffsetsPartition()
                  .setPartitionIndex(reader.partition.partition())
                  .setCurrentLeaderEpoch(leaderEpoch(reader.partition, metadata))
                  .setTimestamp(lookup.timestampMs()));
    }
    ListOffsetsRequestData request =
        new ListOffsetsRequestData()
            .setReplicaId(CONSUMER)
            .setIsolationLevel(isolationLevel())
            .setTopics(new ArrayList<>(topics.values()));
    return new OutgoingRequest(
        leader, Lane.REQUESTS, ApiKeys.LIST_OFFSETS, request, new Asked(byName(readers), 0));
  }

  OutgoingRequest fetch(
      BrokerAddress leader,
      FetchCredit.Grant grant,
      List<PartitionReader> readers,
      ClusterMetadata metadata) {
    Map<String, FetchTopic> topics = new LinkedHashMap<>();
    for (PartitionReader reader : readers) {
      topics
          .computeIfAbsent(
              reader.partition.topic(),
              name -> new FetchTopic().setTopic(name).setTopicId(topicId(name, metadata)))
          .partitions()
          .add(
              new FetchPartition()
                  .setPartition(reader.partition.partition())
                  .setCurrentLeaderEpoch(leaderEpoch(reader.partition, metadata))
                  .setFetchOffset(reader.fetchPosition())
                  .setPartitionMaxBytes(limits.maxPartitionBytes()));
    }
    FetchRequestData request =
        new FetchRequestData()
            .setReplicaId(CONSUMER)
            .setMaxWaitMs(grant.maxWaitMs())
            .setMinBytes(limits.minBytes())
            .setMaxBytes(grant.maxBytes())
            .setIsolationLevel(isolationLevel())
            .setSessionEpoch(NO_SESSION_EPOCH)
            .setTopics(new ArrayList<>(topics.values()));
    return new OutgoingRequest(
        leader, grant.lane(), ApiKeys.FETCH, request, new Asked(byName(readers), grant.maxBytes()));
  }

  private byte isolationLevel() {
    return (byte) (limits.readCommitted() ? 1 : 0);
  }

  private static Map<TopicPartition, PartitionReader> byName(List<PartitionReader> readers) {
    Map<TopicPartition, PartitionReader> byName = new HashMap<>();
    readers.forEach(reader -> byName.put(reader.partition, reader));
    return byName;
  }

  private static int leaderEpoch(TopicPartition partition, ClusterMetadata metadata) {
    PartitionMetadata known = metadata.partition(partition);
    return known == null ? -1 : known.leaderEpoch();
  }

  private static Uuid topicId(String topic, ClusterMetadata metadata) {
    TopicMetadata known = metadata.usable(topic);
    return known == null ? Uuid.ZERO_UUID : known.id();
  }
}
