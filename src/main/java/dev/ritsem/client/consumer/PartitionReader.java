package dev.ritsem.client.consumer;

import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of one partition has come.
 *
 * <p>delivered position &lt;= fetch position; {@code bufferedBytes} is what lies between them.
 */
final class PartitionReader {
  private static final long UNKNOWN = -1L;
  private static final long NO_STOP = Long.MAX_VALUE;

  final TopicPartition partition;

  /** The place to look up before anything else; null once it is known. */
  private @Nullable Position start;

  private @Nullable Position stop;
  private long stopOffset = NO_STOP;
  private long fetchPosition = UNKNOWN;
  private long deliveredPosition = UNKNOWN;
  private long highWatermark = UNKNOWN;
  private long bufferedBytes;
  private boolean asked;
  private int failures;
  private long retryAtMs;

  PartitionReader(TopicPartition partition, Position start, @Nullable Position stop) {
    this.partition = partition;
    this.start = start;
    this.stop = stop;
    settle();
  }

  /** Takes over what needs no question. */
  private void settle() {
    if (start instanceof Position.Known known) {
      moveTo(known.offset());
      start = null;
    }
    if (stop instanceof Position.Known known) {
      stopOffset = known.offset();
      stop = null;
    }
  }

  /** What has to be looked up next; null if nothing has. */
  Position.@Nullable Lookup lookup() {
    if (start instanceof Position.Lookup first) {
      return first;
    }
    return stop instanceof Position.Lookup last ? last : null;
  }

  /** The answer to {@link #lookup}. */
  void onFound(long offset) {
    if (start != null) {
      start = new Position.Known(offset);
    } else {
      stop = new Position.Known(offset);
    }
    settle();
    succeeded();
  }

  /** There is no record as looked up: the end stands in its place. */
  void onNotFound() {
    if (start != null) {
      start = Position.latest();
    } else {
      stop = Position.latest();
    }
    succeeded();
  }

  /** The log does not have the position: reading goes on elsewhere. */
  void restartAt(Position position) {
    start = position;
    fetchPosition = UNKNOWN;
    settle();
  }

  private void moveTo(long offset) {
    fetchPosition = offset;
    deliveredPosition = offset;
  }

  boolean hasPosition() {
    return deliveredPosition != UNKNOWN;
  }

  /** Whether start and stop are known. */
  boolean isResolved() {
    return start == null && stop == null;
  }

  boolean isDone() {
    return isResolved() && deliveredPosition >= stopOffset;
  }

  /** Whether there is anything left to fetch, now or later. */
  boolean wantsMore() {
    return isResolved() && fetchPosition < stopOffset;
  }

  long stopOffset() {
    return stopOffset;
  }

  long fetchPosition() {
    return fetchPosition;
  }

  long deliveredPosition() {
    return deliveredPosition;
  }

  /** Records between the delivered position and the end as last heard of; -1 if never heard. */
  long lag() {
    return highWatermark == UNKNOWN || !hasPosition()
        ? UNKNOWN
        : Math.max(0, highWatermark - deliveredPosition);
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  void onFetched(long nextOffset, int bytes) {
    fetchPosition = nextOffset;
    bufferedBytes += bytes;
    succeeded();
  }

  void onDelivered(long nextOffset) {
    deliveredPosition = nextOffset;
  }

  void onConsumed(int bytes) {
    bufferedBytes -= bytes;
  }

  void onHighWatermark(long offset) {
    highWatermark = offset;
  }

  /** Whether a request about this partition is out. */
  boolean isAsked() {
    return asked;
  }

  void asked(boolean value) {
    asked = value;
  }

  int failures() {
    return failures;
  }

  void failed(long retryAtMs) {
    failures++;
    this.retryAtMs = retryAtMs;
  }

  void succeeded() {
    failures = 0;
    retryAtMs = 0;
  }

  long retryAtMs() {
    return retryAtMs;
  }
}
