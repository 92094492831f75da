package dev.ritsem.replication;

import dev.ritsem.log.PartitionDirectory;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicIdPartition;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which replica lies in which log directory. A replica stays where its files are; a new one goes
 * where the fewest are. Owned by one thread.
 */
final class ReplicaPlacement {
  private final BrokerId self;
  private final List<ReplicaDirectory> directories;
  private final Map<TopicIdPartition, ReplicaDirectory> placed = new HashMap<>();

  /** How many replicas of {@link #placed} lie in each. */
  private final Map<ReplicaDirectory, Integer> counts = new HashMap<>();

  ReplicaPlacement(BrokerId self, List<ReplicaDirectory> directories) {
    this.self = self;
    this.directories = List.copyOf(directories);
  }

  List<ReplicaDirectory> directories() {
    return directories;
  }

  /** The directory of a replica, chosen now if it has none. */
  ReplicaDirectory place(TopicIdPartition id) {
    ReplicaDirectory known = placed.get(id);
    if (known != null) {
      return known;
    }
    ReplicaDirectory chosen = choose(id);
    placed.put(id, chosen);
    counts.merge(chosen, 1, Integer::sum);
    return chosen;
  }

  private ReplicaDirectory choose(TopicIdPartition id) {
    for (ReplicaDirectory directory : directories) {
      if (directory.holds(id)) {
        return directory;
      }
    }
    // If all have failed, the replica is offline like all others: any of them says so.
    return directories.stream()
        .filter(directory -> !directory.hasFailed())
        .min(Comparator.comparingInt(directory -> counts.getOrDefault(directory, 0)))
        .orElse(directories.get(0));
  }

  void forget(TopicIdPartition id) {
    ReplicaDirectory at = placed.remove(id);
    if (at != null) {
      counts.merge(at, -1, Integer::sum);
    }
  }

  /**
   * What lies in a directory and is no replica of this broker any more: its topic was deleted, or
   * the replica was moved away, while the node was down.
   *
   * <p>Only an image that can know says so. It has to be of the cluster that the directory belongs
   * to; and one that knows no topic at all, beside a directory full of them, is taken for metadata
   * that were lost rather than for topics that were deleted.
   */
  List<PartitionDirectory> strays(ReplicaDirectory directory, ClusterImage image) {
    if (!image.clusterId().equals(directory.clusterId()) || image.topics().size() == 0) {
      return List.of();
    }
    return directory.found().stream().filter(found -> isStray(found, image)).toList();
  }

  private boolean isStray(PartitionDirectory found, ClusterImage image) {
    if (found.topicId().isEmpty()) {
      return false;
    }
    TopicImage topic = image.topics().find(found.topicId().get());
    PartitionRegistration registration =
        topic == null ? null : topic.partition(found.partition().partition());
    return registration == null || !registration.hasReplica(self);
  }
}
