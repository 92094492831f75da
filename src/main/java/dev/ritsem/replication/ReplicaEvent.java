package dev.ritsem.replication;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.LeaderEpoch;
import java.util.List;

/**
 * A decision of a replica, as it is journaled. Their bytes are given by {@link
 * ReplicaEventSerializer}: a change of a record here is a change of a format on disk.
 */
sealed interface ReplicaEvent {
  /** Leads from this epoch on, or, of the epoch that it leads already, with another ISR. */
  record BecameLeader(LeaderEpoch leaderEpoch, int partitionEpoch, List<BrokerId> isr)
      implements ReplicaEvent {
    public BecameLeader {
      isr = List.copyOf(isr);
    }
  }

  /** Follows this leader from this epoch on. */
  record BecameFollower(LeaderEpoch leaderEpoch, int partitionEpoch, BrokerId leader)
      implements ReplicaEvent {}

  /** Nobody leads since this epoch. */
  record BecameOffline(LeaderEpoch leaderEpoch, int partitionEpoch) implements ReplicaEvent {}

  /** Records before the offset are gone: by request or by retention. */
  record LogStartMoved(long logStartOffset) implements ReplicaEvent {}

  /** The log was cut back to agree with its leader: the offset is where it ended then. */
  record Truncated(long endOffset) implements ReplicaEvent {}

  /** The topic is gone, and this replica with it. Nothing follows. */
  record Deleted() implements ReplicaEvent {}
}
