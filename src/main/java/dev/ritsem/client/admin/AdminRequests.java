package dev.ritsem.client.admin;

import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResourceCollection;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfigCollection;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;

/** Makes the requests of the admin operations, and reads the answers that have many parts. */
public final class AdminRequests {
  private static final int NO_REPLICA = -1;

  private final int timeoutMs;

  /**
   * Requests of one admin client.
   *
   * @param timeoutMs how long the broker may take for an operation
   */
  public AdminRequests(int timeoutMs) {
    this.timeoutMs = timeoutMs;
  }

  public CreateTopicsRequestData createTopic(NewTopic topic) {
    CreatableTopic creatable =
        new CreatableTopic()
            .setName(topic.name())
            .setNumPartitions(topic.numPartitions())
            .setReplicationFactor(topic.replicationFactor());
    if (topic.replicasAssignments() != null) {
      topic
          .replicasAssignments()
          .forEach(
              (partition, brokers) ->
                  creatable
                      .assignments()
                      .add(
                          new CreatableReplicaAssignment()
                              .setPartitionIndex(partition)
                              .setBrokerIds(brokers)));
    }
    if (topic.configs() != null) {
      topic
          .configs()
          .forEach(
              (name, value) ->
                  creatable
                      .configs()
                      .add(new CreatableTopicConfig().setName(name).setValue(value)));
    }
    CreatableTopicCollection topics = new CreatableTopicCollection();
    topics.add(creatable);
    return new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(timeoutMs);
  }

  public DeleteTopicsRequestData deleteTopic(String topic) {
    return new DeleteTopicsRequestData()
        .setTopics(List.of(new DeleteTopicState().setName(topic)))
        .setTopicNames(List.of(topic))
        .setTimeoutMs(timeoutMs);
  }

  public CreatePartitionsRequestData createPartitions(String topic, int totalCount) {
    CreatePartitionsTopicCollection topics = new CreatePartitionsTopicCollection();
    topics.add(
        new CreatePartitionsTopic().setName(topic).setCount(totalCount).setAssignments(null));
    return new CreatePartitionsRequestData().setTopics(topics).setTimeoutMs(timeoutMs);
  }

  public DescribeConfigsRequestData describeConfig(ConfigResource resource) {
    return new DescribeConfigsRequestData()
        .setIncludeSynonyms(false)
        .setIncludeDocumentation(true)
        .setResources(
            List.of(
                new DescribeConfigsResource()
                    .setResourceType(resource.type().id())
                    .setResourceName(resource.name())
                    .setConfigurationKeys(null)));
  }

  public IncrementalAlterConfigsRequestData alterConfig(
      ConfigResource resource, Collection<AlterConfigOp> operations) {
    AlterableConfigCollection configs = new AlterableConfigCollection();
    for (AlterConfigOp operation : operations) {
      configs.add(
          new AlterableConfig()
              .setName(operation.configEntry().name())
              .setValue(operation.configEntry().value())
              .setConfigOperation(operation.opType().id()));
    }
    AlterConfigsResourceCollection resources = new AlterConfigsResourceCollection();
    resources.add(
        new AlterConfigsResource()
            .setResourceType(resource.type().id())
            .setResourceName(resource.name())
            .setConfigs(configs));
    return new IncrementalAlterConfigsRequestData().setResources(resources);
  }

  /** Asks for the first record that is not older; numbers below 0 as the protocol has them. */
  public ListOffsetsRequestData listOffsets(Map<TopicPartition, Long> timestampsMs) {
    Map<String, ListOffsetsTopic> topics = new LinkedHashMap<>();
    timestampsMs.forEach(
        (partition, timestampMs) ->
            topics
                .computeIfAbsent(partition.topic(), name -> new ListOffsetsTopic().setName(name))
                .partitions()
                .add(
                    new ListOffsetsPartition()
                        .setPartitionIndex(partition.partition())
                        .setTimestamp(timestampMs)));
    return new ListOffsetsRequestData()
        .setReplicaId(NO_REPLICA)
        .setTopics(new ArrayList<>(topics.values()));
  }

  /** What was found; partitions without such a record are left out. */
  public static Map<TopicPartition, OffsetAndTimestamp> offsets(ListOffsetsResponseData answer) {
    Map<TopicPartition, OffsetAndTimestamp> offsets = new HashMap<>();
    for (var topic : answer.topics()) {
      for (var found : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), found.partitionIndex());
        AdminCalls.throwIfFailed(found.errorCode(), partition.toString(), null);
        if (found.offset() >= 0) {
          Optional<Integer> epoch =
              found.leaderEpoch() < 0 ? Optional.empty() : Optional.of(found.leaderEpoch());
          // Kafka's class refuses the -1 that stands for no timestamp.
          offsets.put(
              partition,
              new OffsetAndTimestamp(found.offset(), Math.max(0, found.timestamp()), epoch));
        }
      }
    }
    return offsets;
  }

  public DeleteRecordsRequestData deleteRecords(Map<TopicPartition, Long> beforeOffsets) {
    Map<String, DeleteRecordsTopic> topics = new LinkedHashMap<>();
    beforeOffsets.forEach(
        (partition, offset) ->
            topics
                .computeIfAbsent(partition.topic(), name -> new DeleteRecordsTopic().setName(name))
                .partitions()
                .add(
                    new DeleteRecordsPartition()
                        .setPartitionIndex(partition.partition())
                        .setOffset(offset)));
    return new DeleteRecordsRequestData()
        .setTopics(new ArrayList<>(topics.values()))
        .setTimeoutMs(timeoutMs);
  }

  /** The first offset that is left, per partition. */
  public static Map<TopicPartition, Long> lowWatermarks(DeleteRecordsResponseData answer) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (var topic : answer.topics()) {
      for (var result : topic.partitions()) {
        TopicPartition partition = new TopicPartition(topic.name(), result.partitionIndex());
        if (result.errorCode() != ErrorCode.NONE.code()) {
          AdminCalls.throwIfFailed(result.errorCode(), partition.toString(), null);
        }
        offsets.put(partition, result.lowWatermark());
      }
    }
    return offsets;
  }
}
