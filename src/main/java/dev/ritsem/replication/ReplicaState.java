package dev.ritsem.replication;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.LeaderEpoch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replica has decided so far: its role, and where its log begins. The role is a type, so
 * that each has only what means something in it. Immutable; changes only by {@link
 * ReplicaCore#replay}.
 *
 * @param role what it is
 * @param partitionEpoch version of the controller's registration that the role follows; -1 before
 *     the first one; never falls
 * @param logStartOffset the highest log start offset that was decided; never falls, except that a
 *     truncation which leaves nothing may start the log anew elsewhere
 */
record ReplicaState(RoleState role, int partitionEpoch, long logStartOffset) {
  static final ReplicaState INITIAL =
      new ReplicaState(new Offline(LeaderEpoch.NONE), /* partitionEpoch= */ -1, 0L);

  LeaderEpoch leaderEpoch() {
    return role.leaderEpoch();
  }

  /** One of {@link Offline}, {@link Follower}, {@link Leader}. */
  sealed interface RoleState {
    /** The leadership that the role belongs to; NONE before the first. */
    LeaderEpoch leaderEpoch();
  }

  /** Nobody leads the partition, or this replica was never given a role. */
  record Offline(LeaderEpoch leaderEpoch) implements RoleState {}

  /** Copies {@code leader}. */
  record Follower(LeaderEpoch leaderEpoch, BrokerId leader) implements RoleState {}

  /**
   * Leads.
   *
   * @param isr the committed in-sync replicas, this broker among them
   */
  record Leader(LeaderEpoch leaderEpoch, List<BrokerId> isr) implements RoleState {
    Leader {
      isr = List.copyOf(isr);
    }
  }

  /**
   * What the controller's registration says about this replica's role.
   *
   * @param leader who leads, or null for nobody
   */
  record Assignment(
      @Nullable BrokerId leader, LeaderEpoch leaderEpoch, int partitionEpoch, List<BrokerId> isr) {
    Assignment {
      isr = List.copyOf(isr);
    }
  }
}
