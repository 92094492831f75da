package dev.ritsem.client;

/**
 * Asks for a place in a partition.
 *
 * @param timestampMs milliseconds since the epoch, or one of the numbers below 0 that ListOffsets
 *     requests know
 */
public record OffsetQuery(long timestampMs) {
  private static final long LATEST = -1L;
  private static final long EARLIEST = -2L;
  private static final long MAX_TIMESTAMP = -3L;

  public OffsetQuery {
    if (timestampMs < MAX_TIMESTAMP) {
      throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
    }
  }

  /** The oldest record that is there. */
  public static OffsetQuery earliest() {
    return new OffsetQuery(EARLIEST);
  }

  /** After the newest record that is there. */
  public static OffsetQuery latest() {
    return new OffsetQuery(LATEST);
  }

  /** The record with the newest timestamp. */
  public static OffsetQuery maxTimestamp() {
    return new OffsetQuery(MAX_TIMESTAMP);
  }

  /** The first record that is not older than this time. */
  public static OffsetQuery timestamp(long timestampMs) {
    if (timestampMs < 0) {
      throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
    }
    return new OffsetQuery(timestampMs);
  }
}
