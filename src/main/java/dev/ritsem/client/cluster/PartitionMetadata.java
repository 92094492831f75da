package dev.ritsem.client.cluster;

import java.util.List;

/**
 * A partition as the newest metadata that was heard describes it.
 *
 * @param leaderId -1 if it has no leader
 * @param leaderEpoch -1 if the broker does not tell
 */
public record PartitionMetadata(
    int partition, int leaderId, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {
  public PartitionMetadata {
    replicas = List.copyOf(replicas);
    isr = List.copyOf(isr);
  }

  public boolean hasLeader() {
    return leaderId >= 0;
  }
}
