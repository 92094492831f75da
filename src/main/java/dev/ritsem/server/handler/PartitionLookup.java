package dev.ritsem.server.handler;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.replication.Partition;
import dev.ritsem.replication.Replicas;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Finds this broker's replica of a partition, or the answer why there is none, and whom the client
 * should ask instead.
 */
public final class PartitionLookup {
  private final Replicas replicas;
  private final ImagePublisher images;

  public PartitionLookup(Replicas replicas, ImagePublisher images) {
    this.replicas = replicas;
    this.images = images;
  }

  static TopicId topicId(Uuid id) {
    return new TopicId(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  static Uuid uuid(TopicId id) {
    return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
  }

  /**
   * The replica of a partition of the topic that has this name now.
   *
   * @throws WireException UNKNOWN_TOPIC_OR_PARTITION, or NOT_LEADER_OR_FOLLOWER if it is elsewhere
   */
  Partition byName(String topic, int partition) {
    Partition found = partition < 0 ? null : replicas.find(new TopicPartition(topic, partition));
    if (found != null) {
      return found;
    }
    TopicImage image = images.current().topics().find(topic);
    if (image == null || image.partition(partition) == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
    }
    throw elsewhere();
  }

  /**
   * The replica of a partition of the topic with this id.
   *
   * @throws WireException UNKNOWN_TOPIC_ID, UNKNOWN_TOPIC_OR_PARTITION, or NOT_LEADER_OR_FOLLOWER
   *     if it is elsewhere
   */
  Partition byId(TopicId id, int partition) {
    Partition found = replicas.find(id, partition);
    if (found != null) {
      return found;
    }
    TopicImage image = images.current().topics().find(id);
    if (image == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_ID, "This server does not host this topic ID.");
    }
    if (image.partition(partition) == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
    }
    throw elsewhere();
  }

  private static WireException elsewhere() {
    return new WireException(
        ErrorCode.NOT_LEADER_OR_FOLLOWER,
        "For requests intended only for the leader, this error indicates that the broker is not"
            + " the current leader.");
  }

  /** What is registered of a partition, by topic id or, if that is absent, by name. */
  @Nullable PartitionRegistration registration(TopicId id, @Nullable String topic, int partition) {
    ClusterImage image = images.current();
    TopicImage found =
        !id.equals(TopicId.ZERO)
            ? image.topics().find(id)
            : topic == null ? null : image.topics().find(topic);
    return found == null ? null : found.partition(partition);
  }

  /** The registration of the broker that leads a partition, if one does. */
  Optional<BrokerRegistration> leader(PartitionRegistration registration) {
    BrokerId leader = registration.leader();
    return leader == null ? Optional.empty() : Optional.ofNullable(images.current().broker(leader));
  }

  Optional<BrokerRegistration> broker(int id) {
    return id < 0
        ? Optional.empty()
        : Optional.ofNullable(images.current().broker(new BrokerId(id)));
  }
}
