package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;

/**
 * How many of the oldest closed segments may go. A segment expires by its newest record, and only
 * once it is closed; by size, a partition's oldest segments go while what is left is at least the
 * limit; below the log start offset nothing is kept. The active segment never goes, and neither
 * does what is not yet below the high watermark, or not yet flushed: the producers' state at the
 * segment that comes first then must be on the disk before what it was made from goes. Readers are
 * not waited for.
 */
final class Retention {
  private final PublishedView view;
  private final LogConfig config;
  private final long flushedUpTo;
  private final long nowMs;

  Retention(PublishedView view, LogConfig config, long flushedUpTo, long nowMs) {
    this.view = view;
    this.flushedUpTo = flushedUpTo;
    this.config = config;
    this.nowMs = nowMs;
  }

  int expiredSegments() throws IOException {
    int expired = belowLogStart();
    if (config.deletes()) {
      expired = Math.max(expired, byTime());
      expired = Math.max(expired, bySize());
    }
    return expired;
  }

  private int belowLogStart() {
    int count = 0;
    while (mayGo(count) && view.endOffsetOf(count) <= view.logStartOffset()) {
      count++;
    }
    return count;
  }

  private int byTime() throws IOException {
    if (config.retentionMs() < 0) {
      return 0;
    }
    int count = 0;
    while (mayGo(count) && nowMs - newestMs(count) > config.retentionMs()) {
      count++;
    }
    return count;
  }

  private int bySize() {
    if (config.retentionBytes() < 0) {
      return 0;
    }
    long excess = view.sizeInBytes() - config.retentionBytes();
    int count = 0;
    while (mayGo(count) && excess - view.bytesOf(count) >= 0) {
      excess -= view.bytesOf(count);
      count++;
    }
    return count;
  }

  private boolean mayGo(int index) {
    return index < view.segments().size() - 1
        && view.endOffsetOf(index) <= Math.min(view.highWatermark(), flushedUpTo);
  }

  /** The age of records without timestamps is that of their file. */
  private long newestMs(int index) throws IOException {
    long timestamp = new TimeLookup(view).largestTimestamp(index);
    return timestamp != RecordBatch.NO_TIMESTAMP
        ? timestamp
        : view.segments().get(index).lastModifiedMs();
  }
}
