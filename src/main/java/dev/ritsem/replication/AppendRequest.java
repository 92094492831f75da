package dev.ritsem.replication;

import dev.ritsem.record.ValidatedBatches;

/**
 * Batches for one partition. The caller keeps the buffer alive and untouched until the listener has
 * run: the leader writes offsets and its epoch into it.
 *
 * @param batches already checked against the topic's rules
 * @param acks 0 or 1: answer when the leader has the records; -1: when all in-sync replicas have
 * @param timeoutMs how long the answer may wait for other replicas, from the append on
 */
public record AppendRequest(ValidatedBatches batches, short acks, int timeoutMs) {
  /** The value of {@code acks} that stands for all in-sync replicas. */
  public static final short ACKS_ALL = -1;

  public AppendRequest {
    if (acks < ACKS_ALL || acks > 1) {
      throw new IllegalArgumentException("acks " + acks + " is none of -1, 0, 1");
    }
    if (timeoutMs < 0) {
      throw new IllegalArgumentException("timeout " + timeoutMs + " ms is negative");
    }
  }

  boolean wantsAllReplicas() {
    return acks == ACKS_ALL;
  }
}
