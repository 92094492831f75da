package dev.ritsem.metadata.controller;

import java.util.List;

/**
 * Which brokers shall hold a partition, as a client chose them: nothing is checked yet.
 *
 * @param brokerIds in order of preference for leading
 */
public record ReplicaAssignment(int partition, List<Integer> brokerIds) {
  public ReplicaAssignment {
    brokerIds = List.copyOf(brokerIds);
  }
}
