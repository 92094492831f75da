package dev.ritsem.client.consumer;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How much may be asked for. What is fetched and not taken, plus what is asked for, stays within
 * the prefetch bound (beyond it goes only what one batch is larger than asked for); half of it at
 * most is one partition's.
 *
 * <p>One fetch is out per broker and lane: the long poll, and, for partitions that can take more
 * while it is out, a short one beside it.
 */
final class FetchCredit {
  /** How long a fetch beside the long poll waits: as long as others may have to wait for it. */
  private static final int CATCH_UP_WAIT_MS = 50;

  private final FetchLimits limits;
  private final Map<BrokerAddress, Set<Lane>> busy = new HashMap<>();
  private long bufferedBytes;
  private long askedBytes;

  /** What one fetch may ask for. */
  record Grant(Lane lane, int maxBytes, int maxWaitMs) {}

  FetchCredit(FetchLimits limits) {
    this.limits = limits;
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  /** Whether this partition may be fetched; one that nobody takes from falls out alone. */
  boolean covers(PartitionReader reader) {
    return reader.bufferedBytes() == 0 || reader.bufferedBytes() < limits.prefetchBytes() / 2;
  }

  /**
   * The next fetch to a broker.
   *
   * @param brokers among how many the credit is shared, so that a long poll to one leaves some for
   *     the others
   * @return null if there is no credit, or both lanes are busy
   */
  @Nullable Grant take(BrokerAddress leader, int brokers) {
    Set<Lane> lanes = busy.computeIfAbsent(leader, any -> new HashSet<>());
    Lane lane = lanes.contains(Lane.LONG_POLL) ? Lane.CATCH_UP : Lane.LONG_POLL;
    long left = limits.prefetchBytes() - bufferedBytes - askedBytes;
    if (lanes.contains(lane) || left <= 0) {
      return null;
    }
    long share = Math.max(1, limits.prefetchBytes() / Math.max(1, brokers) / 2);
    int maxBytes = (int) Math.min(limits.maxBytes(), Math.min(share, left));
    int maxWaitMs =
        lane == Lane.LONG_POLL
            ? limits.maxWaitMs()
            : Math.min(CATCH_UP_WAIT_MS, limits.maxWaitMs());
    lanes.add(lane);
    askedBytes += maxBytes;
    return new Grant(lane, maxBytes, maxWaitMs);
  }

  /** A fetch was answered, or failed. */
  void giveBack(BrokerAddress leader, Lane lane, int maxBytes) {
    askedBytes -= maxBytes;
    Set<Lane> lanes = busy.get(leader);
    if (lanes != null) {
      lanes.remove(lane);
    }
  }

  void onFetched(int bytes) {
    bufferedBytes += bytes;
  }

  void onConsumed(int bytes) {
    bufferedBytes -= bytes;
  }
}
