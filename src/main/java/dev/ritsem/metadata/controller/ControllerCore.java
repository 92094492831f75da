package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.ClusterFormatted;
import dev.ritsem.metadata.image.MetadataEvent.ControllerElected;
import dev.ritsem.metadata.image.MetadataEvent.FeatureLevelSet;
import dev.ritsem.metadata.image.MetadataEvent.ProducerIdsReserved;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The controller's decisions. Every method takes the image as it is and a request, and returns
 * events and an answer; it changes nothing. The image changes by applying committed events, live
 * and after a restart alike. Equal images, requests, ids and chance give equal decisions.
 *
 * <p>A request that as a whole is refused is a {@link WireException}; refused items have their
 * error in the answer.
 */
public final class ControllerCore {
  /**
   * The feature that a new cluster starts with: metadata.version at Kafka's 4.0-IV3. Others, such
   * as transaction.version, stay off until what they promise is served.
   */
  static final FeatureLevelSet METADATA_VERSION =
      new FeatureLevelSet("metadata.version", (short) 25);

  private final TopicCreation topicCreation;
  private final TopicDeletion topicDeletion;
  private final PartitionCreation partitionCreation;
  private final TopicConfigChanges topicConfigChanges;
  private final BrokerLifecycle brokerLifecycle;

  public ControllerCore(
      ControllerSettings settings,
      TopicConfigRules configRules,
      BrokerLiveness liveness,
      IdSource ids,
      RandomGenerator random) {
    PartitionPlanner planner = new PartitionPlanner(new ReplicaPlacement(random));
    this.topicCreation = new TopicCreation(settings, configRules, planner, ids);
    this.topicDeletion = new TopicDeletion(settings);
    this.partitionCreation = new PartitionCreation(planner);
    this.topicConfigChanges = new TopicConfigChanges(configRules);
    this.brokerLifecycle = new BrokerLifecycle(liveness);
  }

  /**
   * Takes over as controller: formats the cluster if it is new, and claims the next controller
   * epoch.
   *
   * @return the epoch
   * @throws IllegalStateException if the history is another cluster's
   */
  ControllerResult<Integer> start(ClusterImage image, String clusterId, BrokerId controller) {
    List<MetadataEvent> events = new ArrayList<>();
    if (!image.isFormatted()) {
      events.add(new ClusterFormatted(clusterId));
      events.add(METADATA_VERSION);
    } else if (!image.clusterId().equals(clusterId)) {
      throw new IllegalStateException(
          "the metadata is of cluster %s, but this node belongs to cluster %s"
              .formatted(image.clusterId(), clusterId));
    }
    int epoch = Math.addExact(image.controllerEpoch(), 1);
    events.add(new ControllerElected(controller, epoch));
    return new ControllerResult<>(events, epoch);
  }

  ControllerResult<List<TopicResult>> createTopics(
      ClusterImage image, List<NewTopic> topics, boolean validateOnly) {
    return topicCreation.create(image, topics, validateOnly);
  }

  ControllerResult<List<TopicResult>> deleteTopics(ClusterImage image, List<TopicRef> topics) {
    return topicDeletion.delete(image, topics);
  }

  ControllerResult<List<TopicResult>> createPartitions(
      ClusterImage image, List<NewPartitions> topics, boolean validateOnly) {
    return partitionCreation.create(image, topics, validateOnly);
  }

  ControllerResult<List<TopicResult>> alterTopicConfigs(
      ClusterImage image, List<ConfigAlteration> alterations, boolean validateOnly) {
    return topicConfigChanges.alter(image, alterations, validateOnly);
  }

  /** Reserves the next block of producer ids; the answer is its first id. */
  ControllerResult<Long> reserveProducerIds(ClusterImage image) {
    long first = image.nextProducerId();
    int size = Controller.PRODUCER_ID_BLOCK_SIZE;
    if (first > Long.MAX_VALUE - size) {
      throw new WireException(
          ErrorCode.UNKNOWN_SERVER_ERROR,
          "Exhausted all producerIds as the next block's end producerId has exceeded the int64 type limit");
    }
    return new ControllerResult<>(List.of(new ProducerIdsReserved(first, size)), first);
  }

  ControllerResult<BrokerRegistration> registerBroker(
      ClusterImage image, BrokerRegistrationRequest request) {
    return brokerLifecycle.register(image, request);
  }

  ControllerResult<BrokerRegistration> unfenceBroker(ClusterImage image, BrokerId id, long epoch) {
    return brokerLifecycle.unfence(image, id, epoch);
  }

  ControllerResult<BrokerRegistration> fenceBroker(ClusterImage image, BrokerId id, long epoch) {
    return brokerLifecycle.fence(image, id, epoch);
  }
}
