package dev.ritsem.model;

/**
 * Counts the leaderships of one partition. Each batch carries the epoch of the leader that first
 * stored it; of two claims about a partition, the one with the older epoch is refused. It only
 * grows.
 */
public record LeaderEpoch(int value) implements Comparable<LeaderEpoch> {
  /**
   * Stands for "unknown" in requests of clients that track no epochs, and for a log that holds
   * nothing.
   */
  public static final LeaderEpoch NONE = new LeaderEpoch(-1);

  /** The epoch of a new partition's first leader. */
  public static final LeaderEpoch FIRST = new LeaderEpoch(0);

  public LeaderEpoch {
    if (value < -1) {
      throw new IllegalArgumentException("leader epoch " + value + " is below -1");
    }
  }

  public LeaderEpoch next() {
    return new LeaderEpoch(Math.addExact(value, 1));
  }

  public boolean isOlderThan(LeaderEpoch other) {
    return value < other.value;
  }

  @Override
  public int compareTo(LeaderEpoch other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Integer.toString(value);
  }
}
