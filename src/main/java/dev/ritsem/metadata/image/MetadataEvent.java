package dev.ritsem.metadata.image;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Something that the controller decided and that has been committed. Events say what is, not what
 * to try: applying one never chooses and never fails, unless the history before it is not the one
 * that it was decided upon.
 */
public sealed interface MetadataEvent {
  /**
   * The image with this event's change, at the same version. Called by {@link ClusterImage#apply}
   * alone.
   */
  ClusterImage applyTo(ClusterImage image);

  /** The cluster got its identity. The first event of every history. */
  record ClusterFormatted(String clusterId) implements MetadataEvent {
    public ClusterFormatted {
      if (clusterId.isEmpty()) {
        throw new IllegalArgumentException("a cluster without an id");
      }
    }

    @Override
    public ClusterImage applyTo(ClusterImage image) {
      require(!image.isFormatted(), "the cluster has an id already: " + image.clusterId());
      return image.withClusterId(clusterId);
    }
  }

  /** A controller took over. Its epoch is above every earlier controller's. */
  record ControllerElected(BrokerId controllerId, int controllerEpoch) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      require(
          controllerEpoch > image.controllerEpoch(),
          "controller epoch %d is not above %d"
              .formatted(controllerEpoch, image.controllerEpoch()));
      return image.withController(controllerId, controllerEpoch);
    }
  }

  /** The cluster agreed on the level of a feature; level 0 switches it off. */
  record FeatureLevelSet(String feature, short level) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      Map<String, Short> next = new TreeMap<>(image.features().finalized());
      if (level == 0) {
        next.remove(feature);
      } else {
        next.put(feature, level);
      }
      return image.withFeatures(new FeaturesImage(next));
    }
  }

  /** A broker joined, or came back in another incarnation. It is fenced at first. */
  record BrokerRegistered(BrokerRegistration broker) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      BrokerRegistration before = image.broker(broker.id());
      require(
          before == null || before.epoch() < broker.epoch(),
          "broker %s has been registered with an epoch that is not below %d"
              .formatted(broker.id(), broker.epoch()));
      return image.withBroker(broker);
    }
  }

  /** A broker may no longer lead. */
  record BrokerFenced(BrokerId broker, long brokerEpoch) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      return image.withBroker(registered(image, broker, brokerEpoch).withFenced(true));
    }
  }

  /** A broker is ready to lead. */
  record BrokerUnfenced(BrokerId broker, long brokerEpoch) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      return image.withBroker(registered(image, broker, brokerEpoch).withFenced(false));
    }
  }

  /** A topic began to live. */
  record TopicCreated(TopicImage topic) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      return image.withTopics(image.topics().plus(topic));
    }
  }

  /** A topic is gone, with its partitions and configs; its id never comes back. */
  record TopicDeleted(TopicId topicId) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      return image.withTopics(image.topics().minus(topicId));
    }
  }

  /**
   * A topic got more partitions.
   *
   * @param firstPartition the number of the first new one: how many there were before
   */
  record PartitionsCreated(
      TopicId topicId, int firstPartition, List<PartitionRegistration> partitions)
      implements MetadataEvent {
    public PartitionsCreated {
      partitions = List.copyOf(partitions);
    }

    @Override
    public ClusterImage applyTo(ClusterImage image) {
      TopicImage topic = image.topics().require(topicId);
      require(
          topic.partitions().size() == firstPartition,
          "topic %s has %d partitions, and the next one would be %d"
              .formatted(topic.name(), topic.partitions().size(), firstPartition));
      return image.withTopics(
          image.topics().put(Map.of(topicId, topic.plusPartitions(partitions))));
    }
  }

  /** Partitions got another leader or other in-sync replicas, all for one reason and at once. */
  record PartitionsChanged(List<PartitionChange> changes) implements MetadataEvent {
    public PartitionsChanged {
      changes = List.copyOf(changes);
    }

    @Override
    public ClusterImage applyTo(ClusterImage image) {
      Map<TopicId, List<PartitionRegistration>> changed = new HashMap<>();
      for (PartitionChange change : changes) {
        List<PartitionRegistration> partitions =
            changed.computeIfAbsent(
                change.topicId(), id -> new ArrayList<>(image.topics().require(id).partitions()));
        requireFollows(partitions, change);
        partitions.set(change.partition(), change.registration());
      }
      Map<TopicId, TopicImage> topics = new HashMap<>();
      changed.forEach(
          (id, partitions) ->
              topics.put(id, image.topics().require(id).withPartitions(partitions)));
      return image.withTopics(image.topics().put(topics));
    }

    private static void requireFollows(
        List<PartitionRegistration> partitions, PartitionChange change) {
      require(
          change.partition() < partitions.size(), "there is no partition for the change " + change);
      PartitionRegistration before = partitions.get(change.partition());
      require(
          change.registration().partitionEpoch() > before.partitionEpoch()
              && change.registration().leaderEpoch() >= before.leaderEpoch(),
          "epochs would fall from %s to %s".formatted(before, change));
    }
  }

  /** The new registration of one partition. */
  record PartitionChange(TopicId topicId, int partition, PartitionRegistration registration) {}

  /**
   * Configs of a topic were set for it alone, or given back to the broker's value.
   *
   * @param set keys and their new values
   * @param removed keys that the topic no longer overrides
   */
  record TopicConfigsChanged(TopicId topicId, Map<String, String> set, Set<String> removed)
      implements MetadataEvent {
    public TopicConfigsChanged {
      set = Collections.unmodifiableMap(new TreeMap<>(set));
      removed = Collections.unmodifiableSet(new TreeSet<>(removed));
    }

    @Override
    public ClusterImage applyTo(ClusterImage image) {
      TopicImage topic = image.topics().require(topicId);
      Map<String, String> next = new TreeMap<>(topic.configs());
      next.putAll(set);
      next.keySet().removeAll(removed);
      return image.withTopics(image.topics().put(Map.of(topicId, topic.withConfigs(next))));
    }
  }

  /**
   * Producer ids were set aside for a broker to hand out. Ids of a block are never reserved again,
   * used or not.
   *
   * @param firstProducerId first id of the block
   * @param size how many ids it has
   */
  record ProducerIdsReserved(long firstProducerId, int size) implements MetadataEvent {
    @Override
    public ClusterImage applyTo(ClusterImage image) {
      require(
          firstProducerId >= image.nextProducerId(),
          "producer ids from %d are reserved already".formatted(firstProducerId));
      return image.withNextProducerId(firstProducerId + size);
    }
  }

  private static BrokerRegistration registered(ClusterImage image, BrokerId id, long epoch) {
    BrokerRegistration broker = image.broker(id);
    if (broker == null || broker.epoch() != epoch) {
      throw new IllegalStateException(
          "broker %s with epoch %d is not registered".formatted(id, epoch));
    }
    return broker;
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalStateException(fault);
    }
  }
}
