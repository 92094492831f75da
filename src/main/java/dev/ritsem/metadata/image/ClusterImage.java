package dev.ritsem.metadata.image;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicPartition;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that is agreed on in the cluster, at one point of its history. Immutable; the only way to
 * another image is {@link #apply}, so a broker that has applied the same events has the same image.
 *
 * @param version how many events made this image: the sequence number of the last one. Also what
 *     clients are told as the epoch of the finalised features
 * @param clusterId drawn when the cluster was formatted; empty before
 * @param controllerId the broker on which the controller runs, or null before the first one
 * @param controllerEpoch counts the controllers that have been, from 1; 0 before the first one
 * @param brokers in order of their ids; fenced ones too
 * @param nextProducerId the first producer id that no block has been reserved for
 */
public record ClusterImage(
    long version,
    String clusterId,
    @Nullable BrokerId controllerId,
    int controllerEpoch,
    SortedMap<BrokerId, BrokerRegistration> brokers,
    TopicsImage topics,
    FeaturesImage features,
    long nextProducerId) {
  /** What is known before the first event. */
  public static final ClusterImage EMPTY =
      new ClusterImage(0, "", null, 0, new TreeMap<>(), TopicsImage.EMPTY, FeaturesImage.EMPTY, 0L);

  public ClusterImage {
    brokers = Collections.unmodifiableSortedMap(new TreeMap<>(brokers));
  }

  /**
   * The image after one more event.
   *
   * @throws IllegalStateException if the event does not follow from this image: a broken history,
   *     with which nobody may go on
   */
  public ClusterImage apply(MetadataEvent event) {
    return event.applyTo(this).withVersion(version + 1);
  }

  /** The image after some more events. */
  public ClusterImage applyAll(List<? extends MetadataEvent> events) {
    ClusterImage image = this;
    for (MetadataEvent event : events) {
      image = image.apply(event);
    }
    return image;
  }

  /** Whether the cluster has an identity yet. */
  public boolean isFormatted() {
    return !clusterId.isEmpty();
  }

  public @Nullable BrokerRegistration broker(BrokerId id) {
    return brokers.get(id);
  }

  /**
   * Whether the broker is registered and not fenced: it may lead, and clients may be sent there.
   */
  public boolean isActive(BrokerId id) {
    BrokerRegistration broker = brokers.get(id);
    return broker != null && !broker.fenced();
  }

  /** Brokers that clients are told of, in order of their ids. */
  public List<BrokerRegistration> activeBrokers() {
    return brokers.values().stream().filter(broker -> !broker.fenced()).toList();
  }

  public @Nullable PartitionRegistration partition(TopicPartition partition) {
    TopicImage topic = topics.find(partition.topic());
    return topic == null ? null : topic.partition(partition.partition());
  }

  ClusterImage withClusterId(String id) {
    return new ClusterImage(
        version, id, controllerId, controllerEpoch, brokers, topics, features, nextProducerId);
  }

  ClusterImage withController(BrokerId id, int epoch) {
    return new ClusterImage(
        version, clusterId, id, epoch, brokers, topics, features, nextProducerId);
  }

  ClusterImage withBroker(BrokerRegistration broker) {
    SortedMap<BrokerId, BrokerRegistration> next = new TreeMap<>(brokers);
    next.put(broker.id(), broker);
    return new ClusterImage(
        version, clusterId, controllerId, controllerEpoch, next, topics, features, nextProducerId);
  }

  ClusterImage withTopics(TopicsImage next) {
    return new ClusterImage(
        version, clusterId, controllerId, controllerEpoch, brokers, next, features, nextProducerId);
  }

  ClusterImage withFeatures(FeaturesImage next) {
    return new ClusterImage(
        version, clusterId, controllerId, controllerEpoch, brokers, topics, next, nextProducerId);
  }

  ClusterImage withNextProducerId(long next) {
    return new ClusterImage(
        version, clusterId, controllerId, controllerEpoch, brokers, topics, features, next);
  }

  private ClusterImage withVersion(long next) {
    return new ClusterImage(
        next, clusterId, controllerId, controllerEpoch, brokers, topics, features, nextProducerId);
  }
}
