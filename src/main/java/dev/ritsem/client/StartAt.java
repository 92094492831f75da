package dev.ritsem.client;

/** Where reading a partition begins. */
public sealed interface StartAt {
  /** Where {@code auto.offset.reset} says. */
  record Reset() implements StartAt {}

  /** At the oldest record that is there. */
  record Earliest() implements StartAt {}

  /** After the newest record that is there when the source starts. */
  record Latest() implements StartAt {}

  /**
   * At this offset.
   *
   * @param offset from 0
   */
  record AtOffset(long offset) implements StartAt {
    public AtOffset {
      if (offset < 0) {
        throw new IllegalArgumentException("offset " + offset + " is negative");
      }
    }
  }

  /**
   * At the first record that is not older than this time; at the end, if all are older.
   *
   * @param timestampMs milliseconds since the epoch
   */
  record AtTimestamp(long timestampMs) implements StartAt {
    public AtTimestamp {
      if (timestampMs < 0) {
        throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
      }
    }
  }

  static StartAt reset() {
    return new Reset();
  }

  static StartAt earliest() {
    return new Earliest();
  }

  static StartAt latest() {
    return new Latest();
  }

  static StartAt offset(long offset) {
    return new AtOffset(offset);
  }

  static StartAt timestamp(long timestampMs) {
    return new AtTimestamp(timestampMs);
  }
}
