package dev.ritsem.replication;

import dev.ritsem.model.BrokerId;
import dev.ritsem.replication.ReplicaEvent.BecameFollower;
import dev.ritsem.replication.ReplicaEvent.BecameLeader;
import dev.ritsem.replication.ReplicaEvent.BecameOffline;
import dev.ritsem.replication.ReplicaEvent.LogStartMoved;
import dev.ritsem.replication.ReplicaEvent.Truncated;
import dev.ritsem.replication.ReplicaState.Assignment;
import dev.ritsem.replication.ReplicaState.Follower;
import dev.ritsem.replication.ReplicaState.Leader;
import dev.ritsem.replication.ReplicaState.Offline;
import java.util.Optional;

/**
 * Decides what a replica becomes. Pure: equal state and input give equal decisions, and only {@link
 * #replay} changes state, live and on recovery alike.
 *
 * <p>Which role may follow which, by the epochs of the controller's registration:
 *
 * <pre>
 *  from \ to   Leader                 Follower                     Offline
 *  Offline     newer leader epoch     newer leader epoch           newer partition epoch
 *  Follower    newer leader epoch     newer leader epoch, or same  newer leader epoch
 *                                     epoch and the same leader
 *  Leader      newer leader epoch,    newer leader epoch           newer leader epoch
 *              or same epoch and a
 *              newer partition epoch
 * </pre>
 *
 * <p>A registration with an older leader or partition epoch is out of date and changes nothing. Two
 * different leaders in one leader epoch can only come from a broken controller: the replica must
 * not go on.
 */
final class ReplicaCore {
  private final BrokerId self;

  ReplicaCore(BrokerId self) {
    this.self = self;
  }

  /**
   * What to journal so that the replica follows the registration; empty if it does already, or the
   * registration is out of date.
   *
   * @throws IllegalStateException if the registration contradicts what was decided in the same
   *     leader epoch
   */
  Optional<ReplicaEvent> follow(ReplicaState state, Assignment assignment) {
    boolean outOfDate =
        assignment.leaderEpoch().isOlderThan(state.leaderEpoch())
            || assignment.partitionEpoch() < state.partitionEpoch();
    ReplicaEvent decision = decision(assignment);
    if (outOfDate || replay(state, decision).equals(state)) {
      return Optional.empty();
    }
    requireLegal(state, assignment);
    return Optional.of(decision);
  }

  /**
   * What to journal after the log's start was moved; empty if it is no news.
   *
   * @throws IllegalArgumentException if the offset is negative
   */
  Optional<ReplicaEvent> logStartMoved(ReplicaState state, long logStartOffset) {
    if (logStartOffset < 0) {
      throw new IllegalArgumentException("log start offset " + logStartOffset + " is negative");
    }
    return logStartOffset > state.logStartOffset()
        ? Optional.of(new LogStartMoved(logStartOffset))
        : Optional.empty();
  }

  ReplicaState replay(ReplicaState state, ReplicaEvent event) {
    if (event instanceof BecameLeader leader) {
      return new ReplicaState(
          new Leader(leader.leaderEpoch(), leader.isr()),
          leader.partitionEpoch(),
          state.logStartOffset());
    }
    if (event instanceof BecameFollower follower) {
      return new ReplicaState(
          new Follower(follower.leaderEpoch(), follower.leader()),
          follower.partitionEpoch(),
          state.logStartOffset());
    }
    if (event instanceof BecameOffline offline) {
      return new ReplicaState(
          new Offline(offline.leaderEpoch()), offline.partitionEpoch(), state.logStartOffset());
    }
    if (event instanceof LogStartMoved moved) {
      return new ReplicaState(state.role(), state.partitionEpoch(), moved.logStartOffset());
    }
    if (event instanceof Truncated truncated) {
      long logStartOffset = Math.min(state.logStartOffset(), truncated.endOffset());
      return new ReplicaState(state.role(), state.partitionEpoch(), logStartOffset);
    }
    return new ReplicaState(
        new Offline(state.leaderEpoch()), state.partitionEpoch(), state.logStartOffset());
  }

  private ReplicaEvent decision(Assignment assignment) {
    BrokerId leader = assignment.leader();
    if (leader == null) {
      return new BecameOffline(assignment.leaderEpoch(), assignment.partitionEpoch());
    }
    return leader.equals(self)
        ? new BecameLeader(assignment.leaderEpoch(), assignment.partitionEpoch(), assignment.isr())
        : new BecameFollower(assignment.leaderEpoch(), assignment.partitionEpoch(), leader);
  }

  private void requireLegal(ReplicaState state, Assignment assignment) {
    if (state.leaderEpoch().isOlderThan(assignment.leaderEpoch())) {
      return;
    }
    BrokerId leader = assignment.leader();
    boolean sameLeader =
        (state.role() instanceof Leader && self.equals(leader))
            || (state.role() instanceof Follower follower && follower.leader().equals(leader))
            || (state.role() instanceof Offline && leader == null);
    if (!sameLeader || assignment.partitionEpoch() == state.partitionEpoch()) {
      throw new IllegalStateException(
          "leader epoch %s was decided as %s at partition epoch %d, and now it is said to be %s"
              .formatted(state.leaderEpoch(), state.role(), state.partitionEpoch(), assignment));
    }
  }
}
