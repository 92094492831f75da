package dev.ritsem.replication;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a leader knows of its followers, and what follows from it: whether a write may begin, where
 * the high watermark stands, who has waited long enough. Pure and single-threaded; time comes in
 * with each call.
 *
 * <p>High watermark = the smallest end offset over the <em>maximal</em> ISR: the committed one and
 * whoever has been proposed to join. A member that was proposed may be in the controller's ISR
 * already and could be elected, so what it lacks is not committed. A member that was proposed to
 * leave counts until the controller has committed that it left.
 *
 * @param <T> an append that waits for its answer
 */
final class LeaderCore<T> {
  /**
   * How many appends of one partition may wait for other replicas or for the disk. A client has
   * five requests in flight, a connection a bounded number: this is far beyond both, and only keeps
   * memory finite.
   */
  static final int WAITING_MAX = 10_000;

  private static final long UNKNOWN_END = -1L;

  private final BrokerId self;
  private final LeaderEpoch leaderEpoch;

  /** Appends that wait for the local disk: acks 0 and 1 while a flush is due. */
  private final WaitingAppends<T> waitingForDisk = new WaitingAppends<>(WAITING_MAX);

  /** Appends that wait for the high watermark: acks all. */
  private final WaitingAppends<T> waitingForReplicas = new WaitingAppends<>(WAITING_MAX);

  /** Where other replicas' logs end, of those that have told. */
  private final Map<BrokerId, Long> followerEnds = new HashMap<>();

  /** Committed by the controller. Always contains this broker. */
  private Set<BrokerId> isr;

  /** Sent to the controller and not answered; the same as {@link #isr} if nothing is. */
  private Set<BrokerId> proposedIsr;

  /** The other members of the maximal ISR: derived from the two above. */
  private List<BrokerId> counted = List.of();

  /** Where this replica's own copy ends, as far as it counts: no flush is due before it. */
  private long localEnd;

  /** Never falls; never above {@link #localEnd}. */
  private long highWatermark;

  /**
   * @param isr committed in-sync replicas, among them this broker
   * @param highWatermark the last one known; it stays where it is until followers have told their
   *     ends
   * @param localEnd log end offset
   */
  LeaderCore(
      BrokerId self,
      LeaderEpoch leaderEpoch,
      List<BrokerId> isr,
      long highWatermark,
      long localEnd) {
    if (!isr.contains(self)) {
      throw new IllegalStateException(
          "broker %s was made leader at epoch %s of an ISR without it: %s"
              .formatted(self, leaderEpoch, isr));
    }
    if (highWatermark > localEnd) {
      throw new IllegalStateException(
          "the high watermark %d is above the log end %d".formatted(highWatermark, localEnd));
    }
    this.self = self;
    this.leaderEpoch = leaderEpoch;
    this.isr = Set.copyOf(isr);
    this.proposedIsr = this.isr;
    this.highWatermark = highWatermark;
    this.localEnd = localEnd;
    recount();
  }

  LeaderEpoch leaderEpoch() {
    return leaderEpoch;
  }

  long highWatermark() {
    return highWatermark;
  }

  Set<BrokerId> isr() {
    return isr;
  }

  /**
   * Whether an append may begin. Asked before anything is written.
   *
   * @param minInSyncReplicas the topic's min.insync.replicas; counts for acks all only
   * @return NONE; NOT_ENOUGH_REPLICAS; or THROTTLING_QUOTA_EXCEEDED if too many wait already
   */
  ErrorCode admits(boolean wantsAllReplicas, int minInSyncReplicas) {
    if (wantsAllReplicas && isr.size() < minInSyncReplicas) {
      return ErrorCode.NOT_ENOUGH_REPLICAS;
    }
    return (wantsAllReplicas ? waitingForReplicas : waitingForDisk).isFull()
        ? ErrorCode.THROTTLING_QUOTA_EXCEEDED
        : ErrorCode.NONE;
  }

  /** Whether an append up to an end has what it waits for. */
  boolean isDone(boolean wantsAllReplicas, long requiredEnd) {
    return requiredEnd <= (wantsAllReplicas ? highWatermark : localEnd);
  }

  /** Keeps an append that is in the log until {@link #released} or {@link #expired} returns it. */
  void waitFor(boolean wantsAllReplicas, long requiredEnd, long deadlineMs, T waiting) {
    if (wantsAllReplicas) {
      waitingForReplicas.add(requiredEnd, deadlineMs, waiting);
    } else {
      // The leader's own disk has no time limit: either it flushes or the replica fails.
      waitingForDisk.add(requiredEnd, WaitingAppends.NO_DEADLINE, waiting);
    }
  }

  /** The local copy now counts up to here. */
  void localEnd(long end) {
    if (end < localEnd) {
      throw new IllegalStateException(
          "a leader's log ended at %d and now ends at %d".formatted(localEnd, end));
    }
    localEnd = end;
    advance();
  }

  /**
   * A follower's log ends here now; it may end lower than before, after it has lost its disk. Tells
   * about brokers outside of the ISR count once they join.
   */
  void followerEnd(BrokerId follower, long end) {
    followerEnds.put(follower, end);
    advance();
  }

  /** An ISR was proposed to the controller: new members count from now on. */
  void isrProposed(List<BrokerId> proposed) {
    proposedIsr = Set.copyOf(proposed);
    recount();
  }

  /** The controller has committed an ISR; a proposal that was under way is answered by it. */
  void isrCommitted(List<BrokerId> committed) {
    if (!committed.contains(self)) {
      throw new IllegalStateException(
          "leader %s of epoch %s is not in the ISR %s".formatted(self, leaderEpoch, committed));
    }
    isr = Set.copyOf(committed);
    proposedIsr = isr;
    recount();
  }

  /**
   * Removes and returns the appends that have what they wait for. For acks all the answer depends
   * on the ISR of this moment: below min.insync.replicas it is NOT_ENOUGH_REPLICAS_AFTER_APPEND.
   */
  List<Released<T>> released(int minInSyncReplicas) {
    if (waitingForDisk.isEmpty() && waitingForReplicas.isEmpty()) {
      return List.of();
    }
    ErrorCode outcome =
        isr.size() < minInSyncReplicas
            ? ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND
            : ErrorCode.NONE;
    List<Released<T>> released = new ArrayList<>();
    waitingForDisk
        .released(localEnd)
        .forEach(append -> released.add(new Released<>(append, ErrorCode.NONE)));
    waitingForReplicas
        .released(highWatermark)
        .forEach(append -> released.add(new Released<>(append, outcome)));
    return released;
  }

  /** Removes and returns the appends whose time is up: REQUEST_TIMED_OUT. */
  List<T> expired(long nowMs) {
    return waitingForReplicas.expired(nowMs);
  }

  /** When {@link #expired} is worth asking again; {@link WaitingAppends#NO_DEADLINE} for never. */
  long nextDeadlineMs() {
    return waitingForReplicas.nextDeadlineMs();
  }

  /** Removes and returns all that wait: the leadership ends, or the replica. */
  List<T> resign() {
    List<T> all = new ArrayList<>(waitingForDisk.drain());
    all.addAll(waitingForReplicas.drain());
    return all;
  }

  /**
   * @param error NONE or NOT_ENOUGH_REPLICAS_AFTER_APPEND
   */
  record Released<T>(T append, ErrorCode error) {}

  private void recount() {
    Set<BrokerId> maximalIsr = new HashSet<>(isr);
    maximalIsr.addAll(proposedIsr);
    maximalIsr.remove(self);
    counted = List.copyOf(maximalIsr);
    advance();
  }

  private void advance() {
    long smallest = localEnd;
    for (BrokerId member : counted) {
      smallest = Math.min(smallest, followerEnds.getOrDefault(member, UNKNOWN_END));
    }
    highWatermark = Math.max(highWatermark, smallest);
  }
}
