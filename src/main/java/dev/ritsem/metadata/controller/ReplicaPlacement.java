package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Chooses brokers for new partitions of one topic. The aims are Kafka's: replicas of a partition on
 * different brokers, and on different racks as far as there are racks; leaders (the first replicas)
 * even over active brokers; replicas even over brokers; fenced brokers only where active ones do
 * not suffice, and never first. Among equals chance decides, so that brokers share partitions with
 * changing partners and many small topics do not all begin on the same broker.
 */
final class ReplicaPlacement {
  private final RandomGenerator random;

  ReplicaPlacement(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Places partitions.
   *
   * @param brokers all that are registered
   * @param existing partitions that the topic has already: they count for evenness
   * @return for each new partition its replicas, the preferred leader first
   * @throws WireException with INVALID_REPLICATION_FACTOR if there are too few brokers
   */
  List<List<BrokerId>> place(
      Collection<BrokerRegistration> brokers,
      List<PartitionRegistration> existing,
      int partitions,
      int replicationFactor) {
    checkPossible(brokers, replicationFactor);
    Map<BrokerId, Load> loads = loads(brokers, existing);
    List<List<BrokerId>> placed = new ArrayList<>(partitions);
    for (int partition = 0; partition < partitions; partition++) {
      placed.add(placeOne(loads, replicationFactor));
    }
    return placed;
  }

  private static void checkPossible(Collection<BrokerRegistration> brokers, int replicationFactor) {
    if (brokers.stream().allMatch(BrokerRegistration::fenced)) {
      throw impossible(replicationFactor, "All brokers are currently fenced.");
    }
    if (replicationFactor > brokers.size()) {
      throw impossible(
          replicationFactor,
          "The target replication factor of %d cannot be reached because only %d broker(s) are registered."
              .formatted(replicationFactor, brokers.size()));
    }
  }

  private static WireException impossible(int replicationFactor, String why) {
    return new WireException(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition %d time(s): %s".formatted(replicationFactor, why));
  }

  private List<BrokerId> placeOne(Map<BrokerId, Load> loads, int replicationFactor) {
    List<BrokerId> replicas = new ArrayList<>(replicationFactor);
    Set<String> racks = new HashSet<>();
    Comparator<Load> fewestReplicas = Comparator.comparingInt(load -> load.replicas);
    Comparator<Load> asLeader =
        Comparator.<Load, Boolean>comparing(load -> load.broker.fenced())
            .thenComparingInt(load -> load.leaders)
            .thenComparing(fewestReplicas);
    Comparator<Load> asFollower =
        Comparator.<Load, Boolean>comparing(load -> load.broker.fenced())
            .thenComparing(load -> racks.contains(load.rack()))
            .thenComparing(fewestReplicas);
    while (replicas.size() < replicationFactor) {
      Load chosen = best(loads, replicas, replicas.isEmpty() ? asLeader : asFollower);
      if (replicas.isEmpty()) {
        chosen.leaders++;
      }
      chosen.replicas++;
      racks.add(chosen.rack());
      replicas.add(chosen.broker.id());
    }
    return replicas;
  }

  /** One of the best that do not hold the partition yet, each with the same chance. */
  private Load best(Map<BrokerId, Load> loads, List<BrokerId> taken, Comparator<Load> order) {
    List<Load> best = new ArrayList<>();
    for (Load load : loads.values()) {
      if (taken.contains(load.broker.id())) {
        continue;
      }
      int compared = best.isEmpty() ? 0 : order.compare(load, best.get(0));
      if (compared < 0) {
        best.clear();
      }
      if (compared <= 0) {
        best.add(load);
      }
    }
    return best.get(random.nextInt(best.size()));
  }

  private static Map<BrokerId, Load> loads(
      Collection<BrokerRegistration> brokers, List<PartitionRegistration> existing) {
    // In order of the ids: equal chance must lead to equal placements.
    Map<BrokerId, Load> loads = new TreeMap<>();
    brokers.forEach(broker -> loads.put(broker.id(), new Load(broker)));
    for (PartitionRegistration partition : existing) {
      for (BrokerId replica : partition.replicas()) {
        Load load = loads.get(replica);
        if (load != null) {
          load.replicas++;
          load.leaders += replica.equals(partition.preferredLeader()) ? 1 : 0;
        }
      }
    }
    return loads;
  }

  /** How much of the topic a broker has been given. */
  private static final class Load {
    private final BrokerRegistration broker;
    private int leaders;
    private int replicas;

    Load(BrokerRegistration broker) {
      this.broker = broker;
    }

    /** Brokers that name no rack stand together in one. */
    String rack() {
      return Objects.requireNonNullElse(broker.rack(), "");
    }
  }
}
