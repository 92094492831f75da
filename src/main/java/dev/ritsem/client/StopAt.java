package dev.ritsem.client;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Where reading ends. */
public sealed interface StopAt {
  /** Nowhere: the source is live. */
  record Never() implements StopAt {}

  /** At the end that each partition has when the source starts. */
  record EndAsOfNow() implements StopAt {}

  /**
   * Before these offsets; partitions that are not named end as of now.
   *
   * @param offsets first offset that is not read any more, from 0
   */
  record BeforeOffsets(Map<TopicPartition, Long> offsets) implements StopAt {
    public BeforeOffsets {
      offsets = Map.copyOf(offsets);
    }
  }

  /**
   * Before the first record that is not older than this time, as of when the source starts; at the
   * end, if all are older.
   *
   * @param timestampMs milliseconds since the epoch
   */
  record BeforeTimestamp(long timestampMs) implements StopAt {}

  static StopAt never() {
    return new Never();
  }

  static StopAt endAsOfNow() {
    return new EndAsOfNow();
  }

  static StopAt beforeOffsets(Map<TopicPartition, Long> offsets) {
    return new BeforeOffsets(offsets);
  }

  static StopAt beforeTimestamp(long timestampMs) {
    return new BeforeTimestamp(timestampMs);
  }
}
