package dev.ritsem.client.consumer;

/** A place in a partition, known or to be looked up at its leader. */
public sealed interface Position {
  /**
   * A place that is known.
   *
   * @param offset from 0
   */
  record Known(long offset) implements Position {}

  /**
   * A place that the leader knows; the end, if there is no such record.
   *
   * @param timestampMs the first record that is not older than this; or {@link #EARLIEST} or {@link
   *     #LATEST}
   */
  record Lookup(long timestampMs) implements Position {}

  /** Stands for the oldest record in ListOffsets requests. */
  long EARLIEST = -2L;

  /** Stands for the end in ListOffsets requests. */
  long LATEST = -1L;

  static Position earliest() {
    return new Lookup(EARLIEST);
  }

  static Position latest() {
    return new Lookup(LATEST);
  }
}
