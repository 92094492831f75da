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
      DiskFile file = view.open(index);
      try {
        return largestTimestamp(index, file);
      } finally {
        segment.file().release();
      }
    } catch (IOException e) {
      throw new LogIoException("read", segment.file().path(), e);
    }
  }

  private long largestTimestamp(int index, DiskFile file) throws IOException {
    Segment segment = view.segments().get(index);
    if (view.logStartOffset() > segment.baseOffset()) {
      // What delete-records has hidden may have had the largest one.
      return largestFrom(index, file, view.logStartOffset());
    }
    TimeIndex.Entries times = segment.timeEntries();
    int last = times.count() - 1;
    if (!isConfirmed(index, file, times, last)) {
      return largestFrom(index, file, segment.baseOffset());
    }
    return isClosed(index)
        ? times.timestampMs(last)
        : Math.max(times.timestampMs(last), largestFrom(index, file, times.offset(last)));
  }

  private long largestFrom(int index, DiskFile file, long offset) throws IOException {
    long largest = RecordBatch.NO_TIMESTAMP;
    int limit = view.bytesOf(index);
    int start = SegmentLookup.positionOf(view.segments().get(index), file, offset, limit);
    if (start != SegmentLookup.NOT_FOUND) {
      BatchScanner batches = SegmentLookup.scanner(file, start, limit);
      while (batches.next()) {
        largest = Math.max(largest, batches.batch().maxTimestamp());
      }
    }
    return largest;
  }

  private Optional<TimestampAndOffset> firstInSegment(int index, long timestampMs)
      throws IOException {
    DiskFile file = view.open(index);
    try {
      return firstInSegment(index, file, timestampMs);
    } finally {
      view.segments().get(index).file().release();
    }
  }

  private Optional<TimestampAndOffset> firstInSegment(int index, DiskFile file, long timestampMs)
      throws IOException {
    if (isClosed(index) && largestTimestamp(index, file) < timestampMs) {
      return Optional.empty();
    }
    Segment segment = view.segments().get(index);
    TimeIndex.Entries times = segment.timeEntries();
    int below = times.lastBelow(timestampMs);
    long indexed =
        isConfirmed(index, file, times, below) ? times.offset(below) : segment.baseOffset();
    int limit = view.bytesOf(index);
    int start =
        SegmentLookup.positionOf(segment, file, Math.max(indexed, view.logStartOffset()), limit);
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
  }

  /** Whether there is such an entry, and the batch that it is about has its timestamp. */
  private boolean isConfirmed(int index, DiskFile file, TimeIndex.Entries times, int entry)
      throws IOException {
    if (entry < 0) {
      return false;
    }
    Segment segment = view.segments().get(index);
    if (SegmentLookup.confirms(segment, file, times, entry, view.bytesOf(index))) {
      return true;
    }
    if (isClosed(index)) {
      // Of the active segment the index may be further than the view.
      segment.indexIsDamaged();
    }
    return false;
  }

  private boolean isClosed(int index) {
    return index < view.segments().size() - 1;
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
