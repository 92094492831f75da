package dev.ritsem.log;

import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds records by their timestamps: the time index leads to a place before which nothing can
 * match, batch headers lead to the batch, and the batch is read record by record. Blocks on files
 * that are not in the page cache.
 */
final class TimeLookup {
  private final PublishedView view;

  TimeLookup(PublishedView view) {
    this.view = view;
  }

  /** The first record that is readable and not older than the timestamp. */
  Optional<TimestampAndOffset> firstAtOrAfter(long timestampMs) {
    for (int index = view.floor(view.logStartOffset()); index < view.segments().size(); index++) {
      try {
        Optional<TimestampAndOffset> found = firstInSegment(index, timestampMs);
        if (found.isPresent()) {
          return found;
        }
      } catch (IOException e) {
        throw new LogIoException("read", view.segments().get(index).file().path(), e);
      }
    }
    return Optional.empty();
  }

  /** The first of the records that have the largest timestamp of all. */
  Optional<TimestampAndOffset> newest() {
    int newestSegment = -1;
    long newestTimestamp = RecordBatch.NO_TIMESTAMP;
    for (int index = view.floor(view.logStartOffset()); index < view.segments().size(); index++) {
      long timestamp = largestTimestamp(index);
      if (timestamp > newestTimestamp) {
        newestTimestamp = timestamp;
        newestSegment = index;
      }
    }
    if (newestSegment < 0) {
      return Optional.empty();
    }
    try {
      return firstInSegment(newestSegment, newestTimestamp);
    } catch (IOException e) {
      throw new LogIoException("read", view.segments().get(newestSegment).file().path(), e);
    }
  }

  /** The largest timestamp in a segment's readable batches, or -1 if they have none. */
  long largestTimestamp(int index) {
    Segment segment = view.segments().get(index);
    try {
      if (view.logStartOffset() > segment.baseOffset()) {
        // What delete-records has hidden may have had the largest one.
        return largestTimestampFrom(index, view.logStartOffset());
      }
      TimeIndex.Entries times = segment.timeEntries();
      int last = times.count() - 1;
      boolean closed = index < view.segments().size() - 1;
      if (closed && last >= 0) {
        return times.timestampMs(last);
      }
      long fromIndex = last < 0 ? RecordBatch.NO_TIMESTAMP : times.timestampMs(last);
      long from = last < 0 ? segment.baseOffset() : times.offset(last);
      return Math.max(fromIndex, largestTimestampFrom(index, from));
    } catch (IOException e) {
      throw new LogIoException("read", segment.file().path(), e);
    }
  }

  private long largestTimestampFrom(int index, long offset) throws IOException {
    long largest = RecordBatch.NO_TIMESTAMP;
    int limit = view.bytesOf(index);
    DiskFile file = view.open(index);
    try {
      int start = SegmentLookup.positionOf(view.segments().get(index), file, offset, limit);
      if (start != SegmentLookup.NOT_FOUND) {
        BatchScanner batches = SegmentLookup.scanner(file, start, limit);
        while (batches.next()) {
          largest = Math.max(largest, batches.batch().maxTimestamp());
        }
      }
    } finally {
      view.segments().get(index).file().release();
    }
    return largest;
  }

  private Optional<TimestampAndOffset> firstInSegment(int index, long timestampMs)
      throws IOException {
    Segment segment = view.segments().get(index);
    TimeIndex.Entries times = segment.timeEntries();
    int last = times.count() - 1;
    boolean closed = index < view.segments().size() - 1;
    if (closed && last >= 0 && times.timestampMs(last) < timestampMs) {
      return Optional.empty();
    }
    int below = times.lastBelow(timestampMs);
    long from =
        Math.max(below < 0 ? segment.baseOffset() : times.offset(below), view.logStartOffset());
    int limit = view.bytesOf(index);
    DiskFile file = view.open(index);
    try {
      int start = SegmentLookup.positionOf(segment, file, from, limit);
      if (start == SegmentLookup.NOT_FOUND) {
        return Optional.empty();
      }
      BatchScanner batches = SegmentLookup.scanner(file, start, limit);
      while (batches.next()) {
        if (batches.batch().maxTimestamp() >= timestampMs) {
          Optional<TimestampAndOffset> found = firstInBatch(batches.wholeBatch(), timestampMs);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      return Optional.empty();
    } finally {
      segment.file().release();
    }
  }

  private Optional<TimestampAndOffset> firstInBatch(RecordBatch batch, long timestampMs) {
    try (RecordIterator records = RecordIterator.over(batch)) {
      while (records.hasNext()) {
        LogRecord record = records.next();
        if (record.timestamp() >= timestampMs && record.offset() >= view.logStartOffset()) {
          return Optional.of(
              new TimestampAndOffset(
                  record.timestamp(), record.offset(), batch.partitionLeaderEpoch()));
        }
      }
    }
    return Optional.empty();
  }
}
