package dev.ritsem.metadata.image;

import dev.ritsem.model.BrokerId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a partition and who leads it. What must always be true is checked on construction:
 * replicas are distinct and at least one; the ISR lies within the replicas; the leader, if there is
 * one, is in the ISR.
 *
 * @param replicas brokers that hold the partition; the first one is the preferred leader
 * @param isr the in-sync replicas; never empty: the last one stays in, leading or not
 * @param leader null while no in-sync replica is alive
 * @param leaderEpoch from 0; raised with every change of the leader, also to and from none
 * @param partitionEpoch from 0; raised with every change of this registration
 */
public record PartitionRegistration(
    List<BrokerId> replicas,
    List<BrokerId> isr,
    @Nullable BrokerId leader,
    int leaderEpoch,
    int partitionEpoch) {
  public PartitionRegistration {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
    require(!replicas.isEmpty(), "no replicas", replicas, isr);
    require(new HashSet<>(replicas).size() == replicas.size(), "equal replicas", replicas, isr);
    require(!isr.isEmpty(), "no in-sync replica", replicas, isr);
    require(new HashSet<>(isr).size() == isr.size(), "equal in-sync replicas", replicas, isr);
    require(new HashSet<>(replicas).containsAll(isr), "in-sync non-replicas", replicas, isr);
    require(leader == null || isr.contains(leader), "a leader out of sync", replicas, isr);
    if (leaderEpoch < 0 || partitionEpoch < 0) {
      throw new IllegalArgumentException(
          "leader epoch " + leaderEpoch + " or partition epoch " + partitionEpoch + " is negative");
    }
  }

  /** The registration of a partition that begins: its first in-sync replica leads. */
  public static PartitionRegistration initial(List<BrokerId> replicas, List<BrokerId> isr) {
    return new PartitionRegistration(replicas, isr, isr.get(0), 0, 0);
  }

  /**
   * The registration that follows this one. The partition epoch grows by one, the leader epoch only
   * if the leader changes.
   */
  public PartitionRegistration next(List<BrokerId> nextIsr, @Nullable BrokerId nextLeader) {
    int nextLeaderEpoch =
        Objects.equals(leader, nextLeader) ? leaderEpoch : Math.addExact(leaderEpoch, 1);
    return new PartitionRegistration(
        replicas, nextIsr, nextLeader, nextLeaderEpoch, Math.addExact(partitionEpoch, 1));
  }

  public BrokerId preferredLeader() {
    return replicas.get(0);
  }

  public boolean hasReplica(BrokerId broker) {
    return replicas.contains(broker);
  }

  public boolean isLedBy(BrokerId broker) {
    return broker.equals(leader);
  }

  private static void require(
      boolean holds, String fault, List<BrokerId> replicas, List<BrokerId> isr) {
    if (!holds) {
      throw new IllegalArgumentException(
          "a partition with " + fault + ": replicas " + replicas + ", in-sync replicas " + isr);
    }
  }
}
