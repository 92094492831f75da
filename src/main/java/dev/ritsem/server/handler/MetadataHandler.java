package dev.ritsem.server.handler;

import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsCatalogue.Section;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.metadata.controller.TopicNames;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Tells who leads what and where the brokers are. Versions 0 to 13: topic ids from 10 on, questions
 * by topic id from 12 (KIP-516), the client's choice about automatic creation from 4.
 *
 * <p>A topic that is asked for by name and does not exist is created if both the broker and the
 * client allow it. The answer waits for the creation, so that the client's next request finds the
 * topic.
 */
public final class MetadataHandler implements RequestHandler<MetadataRequestData> {
  public static final Setting<Boolean> AUTO_CREATE_TOPICS_ENABLE =
      Setting.ofBoolean("auto.create.topics.enable")
          .defaultValue(true)
          .documentation(
              "Whether a topic that a client asks for and that does not exist is created, with the"
                  + " defaults of the cluster.")
          .build();

  private static final int NOBODY = -1;
  private static final short FIRST_VERSION_WITH_NULL_FOR_ALL = 1;
  private static final short FIRST_VERSION_WITH_TOPIC_IDS = 12;
  private static final short FIRST_VERSION_WITH_LISTENER_NOT_FOUND = 6;

  private final ImagePublisher images;
  private final Controller controller;
  private final boolean autoCreateTopics;

  public MetadataHandler(ImagePublisher images, Controller controller, boolean autoCreateTopics) {
    this.images = images;
    this.controller = controller;
    this.autoCreateTopics = autoCreateTopics;
  }

  /** Everything declared here, for the list of all settings. */
  public static Section section() {
    return new Section("Metadata", "", List.of(AUTO_CREATE_TOPICS_ENABLE));
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.METADATA;
  }

  @Override
  public void handle(MetadataRequestData request, RequestContext context, Reply reply) {
    List<MetadataRequestTopic> wanted = request.topics();
    if (wanted == null
        || (wanted.isEmpty() && context.version() < FIRST_VERSION_WITH_NULL_FOR_ALL)) {
      reply.send(answerAll(request, context));
      return;
    }
    List<NewTopic> missing =
        autoCreateTopics && request.allowAutoTopicCreation()
            ? missing(wanted, images.current())
            : List.of();
    if (missing.isEmpty()) {
      reply.send(answer(request, wanted, context, Map.of()));
      return;
    }
    Answers.sendWhenDone(
        controller.createTopics(missing, false),
        results -> answer(request, wanted, context, refusals(results)),
        refusal -> answer(request, wanted, context, Map.of()),
        reply);
  }

  private static List<NewTopic> missing(List<MetadataRequestTopic> wanted, ClusterImage image) {
    Set<String> names = new LinkedHashSet<>();
    for (MetadataRequestTopic topic : wanted) {
      String name = topic.name();
      boolean isByName = name != null && topic.topicId().equals(Uuid.ZERO_UUID);
      if (isByName && image.topics().find(name) == null && !TopicImage.isInternal(name)) {
        names.add(name);
      }
    }
    return names.stream().map(NewTopic::withDefaults).toList();
  }

  /** Why topics could not be created; one that somebody else created meanwhile is none of them. */
  private static Map<String, ErrorCode> refusals(List<TopicResult> results) {
    Map<String, ErrorCode> refusals = new LinkedHashMap<>();
    for (TopicResult result : results) {
      if (!result.succeeded()
          && result.error() != ErrorCode.TOPIC_ALREADY_EXISTS
          && result.name() != null) {
        refusals.put(result.name(), result.error());
      }
    }
    return refusals;
  }

  private MetadataResponseData answerAll(MetadataRequestData request, RequestContext context) {
    ClusterImage image = images.current();
    MetadataResponseData response = cluster(image, request, context);
    for (TopicImage topic : image.topics().all()) {
      response.topics().add(describe(topic, image, request, context));
    }
    return response;
  }

  private MetadataResponseData answer(
      MetadataRequestData request,
      List<MetadataRequestTopic> wanted,
      RequestContext context,
      Map<String, ErrorCode> refusals) {
    ClusterImage image = images.current();
    MetadataResponseData response = cluster(image, request, context);
    Set<Object> seen = new LinkedHashSet<>();
    for (MetadataRequestTopic topic : wanted) {
      String name = topic.name();
      boolean isById = name == null || !topic.topicId().equals(Uuid.ZERO_UUID);
      if (seen.add(isById ? topic.topicId() : name)) {
        response.topics().add(describe(topic, image, request, context, refusals));
      }
    }
    return response;
  }

  private static MetadataResponseData cluster(
      ClusterImage image, MetadataRequestData request, RequestContext context) {
    BrokerId controllerId = image.controllerId();
    MetadataResponseData response =
        new MetadataResponseData()
            .setClusterId(image.isFormatted() ? image.clusterId() : null)
            .setControllerId(
                controllerId == null || !image.isActive(controllerId)
                    ? NOBODY
                    : controllerId.value())
            .setClusterAuthorizedOperations(
                request.includeClusterAuthorizedOperations()
                    ? AuthorizedOperations.CLUSTER
                    : AuthorizedOperations.NOT_ASKED);
    for (BrokerRegistration broker : image.activeBrokers()) {
      ClientAddress.of(broker, context.connection())
          .ifPresent(
              address ->
                  response
                      .brokers()
                      .add(
                          new MetadataResponseBroker()
                              .setNodeId(broker.id().value())
                              .setHost(address.host())
                              .setPort(address.port())
                              .setRack(broker.rack())));
    }
    return response;
  }

  private static MetadataResponseTopic describe(
      MetadataRequestTopic wanted,
      ClusterImage image,
      MetadataRequestData request,
      RequestContext context,
      Map<String, ErrorCode> refusals) {
    String name = wanted.name();
    // A client that asks by id sends an empty name beside it.
    if (name == null || !wanted.topicId().equals(Uuid.ZERO_UUID)) {
      return describeById(wanted.topicId(), image, request, context);
    }
    TopicImage topic = image.topics().find(name);
    return topic == null
        ? failed(name, Uuid.ZERO_UUID, whyMissing(name, refusals.get(name)))
        : describe(topic, image, request, context);
  }

  private static MetadataResponseTopic describeById(
      Uuid id, ClusterImage image, MetadataRequestData request, RequestContext context) {
    if (context.version() < FIRST_VERSION_WITH_TOPIC_IDS || id.equals(Uuid.ZERO_UUID)) {
      return failed("", id, ErrorCode.INVALID_REQUEST);
    }
    TopicImage topic = image.topics().find(PartitionLookup.topicId(id));
    return topic == null
        ? failed(null, id, ErrorCode.UNKNOWN_TOPIC_ID)
        : describe(topic, image, request, context);
  }

  private static ErrorCode whyMissing(String name, @Nullable ErrorCode refusal) {
    if (refusal != null) {
      return refusal;
    }
    try {
      TopicNames.validate(name);
      return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    } catch (WireException e) {
      return e.error();
    }
  }

  private static MetadataResponseTopic failed(@Nullable String name, Uuid id, ErrorCode error) {
    return new MetadataResponseTopic()
        .setName(name)
        .setTopicId(id)
        .setErrorCode(error.code())
        .setIsInternal(name != null && TopicImage.isInternal(name));
  }

  private static MetadataResponseTopic describe(
      TopicImage topic, ClusterImage image, MetadataRequestData request, RequestContext context) {
    List<MetadataResponsePartition> partitions = new ArrayList<>(topic.partitions().size());
    for (int i = 0; i < topic.partitions().size(); i++) {
      partitions.add(describe(i, topic.partitions().get(i), image, context));
    }
    return new MetadataResponseTopic()
        .setName(topic.name())
        .setTopicId(PartitionLookup.uuid(topic.id()))
        .setIsInternal(topic.internal())
        .setPartitions(partitions)
        .setTopicAuthorizedOperations(
            request.includeTopicAuthorizedOperations()
                ? AuthorizedOperations.TOPIC
                : AuthorizedOperations.NOT_ASKED);
  }

  private static MetadataResponsePartition describe(
      int index, PartitionRegistration partition, ClusterImage image, RequestContext context) {
    BrokerId leader = partition.leader();
    ErrorCode error = leaderError(leader, image, context);
    return new MetadataResponsePartition()
        .setPartitionIndex(index)
        .setErrorCode(error.code())
        .setLeaderId(leader == null || error != ErrorCode.NONE ? NOBODY : leader.value())
        .setLeaderEpoch(partition.leaderEpoch())
        .setReplicaNodes(numbers(partition.replicas()))
        .setIsrNodes(numbers(partition.isr()))
        .setOfflineReplicas(
            numbers(
                partition.replicas().stream()
                    .filter(replica -> !image.isActive(replica))
                    .toList()));
  }

  private static ErrorCode leaderError(
      @Nullable BrokerId leader, ClusterImage image, RequestContext context) {
    BrokerRegistration broker =
        leader == null || !image.isActive(leader) ? null : image.broker(leader);
    if (broker == null) {
      return ErrorCode.LEADER_NOT_AVAILABLE;
    }
    if (ClientAddress.of(broker, context.connection()).isPresent()) {
      return ErrorCode.NONE;
    }
    return context.version() >= FIRST_VERSION_WITH_LISTENER_NOT_FOUND
        ? ErrorCode.LISTENER_NOT_FOUND
        : ErrorCode.LEADER_NOT_AVAILABLE;
  }

  private static List<Integer> numbers(List<BrokerId> brokers) {
    List<Integer> numbers = new ArrayList<>(brokers.size());
    for (BrokerId broker : brokers) {
      numbers.add(broker.value());
    }
    return numbers;
  }
}
