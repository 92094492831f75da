package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.metadata.controller.ReplicaAssignment;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.model.TopicId;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Creates topics. Versions 2 to 7: from 4 on counts may be left to the cluster (KIP-464), from 5 on
 * the answer has the created topic's configs (KIP-525), in 7 its id (KIP-516).
 */
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequestData> {
  private final Controller controller;
  private final ConfigDescriptions descriptions;

  public CreateTopicsHandler(Controller controller, ConfigDescriptions descriptions) {
    this.controller = controller;
    this.descriptions = descriptions;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public void handle(CreateTopicsRequestData request, RequestContext context, Reply reply) {
    List<NewTopic> topics = request.topics().stream().map(CreateTopicsHandler::newTopic).toList();
    Answers.sendWhenDone(
        ControllerTimeout.within(
            request.timeoutMs(),
            timeout -> controller.createTopics(topics, request.validateOnly(), timeout)),
        this::answer,
        refusal -> refused(topics, refusal),
        reply);
  }

  private static NewTopic newTopic(CreatableTopic topic) {
    Map<String, @Nullable String> configs = new LinkedHashMap<>();
    for (CreatableTopicConfig config : topic.configs()) {
      configs.put(config.name(), config.value());
    }
    return new NewTopic(
        topic.name(),
        topic.numPartitions(),
        topic.replicationFactor(),
        topic.assignments().stream()
            .map(
                assignment ->
                    new ReplicaAssignment(assignment.partitionIndex(), assignment.brokerIds()))
            .toList(),
        configs);
  }

  private CreateTopicsResponseData answer(List<TopicResult> results) {
    CreateTopicsResponseData response = new CreateTopicsResponseData();
    for (TopicResult result : results) {
      CreatableTopicResult topic =
          new CreatableTopicResult()
              .setName(result.name())
              .setTopicId(uuid(result.id()))
              .setErrorCode(result.error().code())
              .setErrorMessage(result.message());
      if (result.succeeded()) {
        topic
            .setNumPartitions(result.partitions())
            .setReplicationFactor((short) result.replicationFactor())
            .setConfigs(configs(result));
      }
      response.topics().add(topic);
    }
    return response;
  }

  private List<CreatableTopicConfigs> configs(TopicResult result) {
    return descriptions.topic(result.configs()).stream()
        .map(
            config ->
                new CreatableTopicConfigs()
                    .setName(config.name())
                    .setValue(config.value())
                    .setReadOnly(config.readOnly())
                    .setConfigSource(config.source().id())
                    .setIsSensitive(config.sensitive()))
        .toList();
  }

  private static CreateTopicsResponseData refused(List<NewTopic> topics, Refusal refusal) {
    CreateTopicsResponseData response = new CreateTopicsResponseData();
    for (NewTopic topic : topics) {
      response
          .topics()
          .add(
              new CreatableTopicResult()
                  .setName(topic.name())
                  .setErrorCode(refusal.code())
                  .setErrorMessage(refusal.message()));
    }
    return response;
  }

  private static Uuid uuid(TopicId id) {
    return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
  }
}
