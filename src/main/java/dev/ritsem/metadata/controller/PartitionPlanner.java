package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the registrations of new partitions, from a client's assignment or by placement. Those of
 * the replicas whose brokers are active begin in sync.
 */
final class PartitionPlanner {
  private final ReplicaPlacement placement;

  PartitionPlanner(ReplicaPlacement placement) {
    this.placement = placement;
  }

  /**
   * Partitions wherever they fit best.
   *
   * @throws WireException with INVALID_REPLICATION_FACTOR
   */
  List<PartitionRegistration> placed(
      ClusterImage image, List<PartitionRegistration> existing, int count, int replicationFactor) {
    return placement.place(image.brokers().values(), existing, count, replicationFactor).stream()
        .map(replicas -> registration(image, replicas))
        .toList();
  }

  /**
   * One partition on the brokers that a client chose.
   *
   * @param replicationFactor how many brokers the partitions before it have; 0 for the first one
   * @throws WireException with INVALID_REPLICA_ASSIGNMENT
   */
  PartitionRegistration assigned(
      ClusterImage image, int partition, List<Integer> brokerIds, int replicationFactor) {
    if (brokerIds.isEmpty()) {
      throw invalid("The manual partition assignment includes an empty replica list.");
    }
    Set<Integer> seen = new HashSet<>();
    List<BrokerId> replicas = new ArrayList<>();
    for (int id : brokerIds.stream().sorted().toList()) {
      if (id < 0 || image.broker(new BrokerId(id)) == null) {
        throw invalid(
            "The manual partition assignment includes broker %d, but no such broker is registered."
                .formatted(id));
      }
      if (!seen.add(id)) {
        throw invalid(
            "The manual partition assignment includes the broker %d more than once.".formatted(id));
      }
    }
    if (replicationFactor > 0 && brokerIds.size() != replicationFactor) {
      throw invalid(
          ("The manual partition assignment includes a partition with %d replica(s), but this is"
                  + " not consistent with previous partitions, which have %d replica(s).")
              .formatted(brokerIds.size(), replicationFactor));
    }
    brokerIds.forEach(id -> replicas.add(new BrokerId(id)));
    if (replicas.stream().noneMatch(image::isActive)) {
      throw invalid(
          ("All brokers specified in the manual partition assignment for partition %d are fenced or"
                  + " in controlled shutdown.")
              .formatted(partition));
    }
    return registration(image, replicas);
  }

  private static PartitionRegistration registration(ClusterImage image, List<BrokerId> replicas) {
    return PartitionRegistration.initial(
        replicas, replicas.stream().filter(image::isActive).toList());
  }

  private static WireException invalid(String message) {
    return new WireException(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
  }
}
