package dev.ritsem.log;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.WireException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The view that a log's writer publishes after each change: the offsets, the segments, and how far
 * the active one may be read. There is a new one per append, so it is one small object.
 *
 * @param source what stays the same for the life of the log
 * @param segments oldest first, at least one, the last is the active one; never changed
 * @param activeBytes how much of the active segment holds whole batches
 * @param tailOffset first offset of the newest append, or -1: a reader that follows the tail asks
 *     for it, and then nothing has to be looked up
 * @param tailPosition where that append begins in the active segment
 */
record PublishedView(
    Source source,
    List<Segment> segments,
    int activeBytes,
    long tailOffset,
    int tailPosition,
    long logStartOffset,
    long highWatermark,
    long lastStableOffset,
    long logEndOffset,
    long sizeInBytes,
    LeaderEpochs epochs)
    implements LogView {

  /** What every view of a log shares. */
  record Source(String name, RecentFiles recentFiles) {}

  @Override
  public LogRead read(long offset, int maxBytes, boolean atLeastOneBatch, long upToOffset) {
    if (offset < logStartOffset || offset > logEndOffset) {
      throw outOfRange(offset);
    }
    long end = Math.min(upToOffset, logEndOffset);
    if (offset >= end) {
      return LogRead.empty(offset);
    }
    for (int index = floor(offset); index < segments.size(); index++) {
      Segment segment = segments.get(index);
      try {
        LogRead found = readSegment(index, offset, maxBytes, atLeastOneBatch, end);
        if (found != null) {
          return found;
        }
        // All of that segment ends before the offset: what follows begins in the next one.
      } catch (NoSuchFileException e) {
        throw outOfRange(offset);
      } catch (IOException e) {
        throw new LogIoException("read", segment.file().path(), e);
      }
    }
    return LogRead.empty(offset);
  }

  /** Reads from one segment; null if it holds nothing at or after the offset. */
  private @Nullable LogRead readSegment(
      int index, long offset, int maxBytes, boolean atLeastOneBatch, long end) throws IOException {
    Segment segment = segments.get(index);
    int limit = bytesOf(index);
    DiskFile file = open(index);
    LogRead read = null;
    try {
      int start = position(index, file, offset, limit);
      if (start == SegmentLookup.NOT_FOUND) {
        return null;
      }
      if (end < endOffsetOf(index)) {
        int endPosition = position(index, file, end, limit);
        limit = endPosition == SegmentLookup.NOT_FOUND ? limit : endPosition;
      }
      read = slice(segment, file, offset, start, limit, maxBytes, atLeastOneBatch, end);
      return read;
    } finally {
      if (read == null || read.isEmpty()) {
        segment.file().release();
      }
    }
  }

  private LogRead slice(
      Segment segment,
      DiskFile file,
      long offset,
      int start,
      int limit,
      int maxBytes,
      boolean atLeastOneBatch,
      long end)
      throws IOException {
    if (limit <= start) {
      return LogRead.empty(offset);
    }
    int size = limit - start;
    long upToOffset = end;
    if (size > maxBytes) {
      int boundary = SegmentLookup.indexedBoundary(segment, file, start, start + (long) maxBytes);
      if (boundary != SegmentLookup.NOT_FOUND) {
        // A batch that the index knows begins within reach: cut before it.
        OffsetIndex.Entries index = segment.offsetEntries();
        size = index.position(boundary) - start;
        upToOffset = Math.min(end, index.lastOffset(boundary));
      } else {
        size = sizeOfFirstBatches(file, start, limit, maxBytes, atLeastOneBatch);
      }
    }
    return size == 0
        ? LogRead.empty(offset)
        : new LogRead(new FileRecordsSlice(segment.file(), file, start, size), offset, upToOffset);
  }

  private static int sizeOfFirstBatches(
      DiskFile file, int start, int limit, int maxBytes, boolean atLeastOneBatch)
      throws IOException {
    int firstSize = SegmentLookup.batchSize(file, start);
    if (firstSize > maxBytes) {
      return atLeastOneBatch ? Math.min(firstSize, limit - start) : 0;
    }
    return SegmentLookup.lastBoundary(file, start, Math.min(limit, start + maxBytes)) - start;
  }

  private int position(int index, DiskFile file, long offset, int limit) throws IOException {
    boolean active = index == segments.size() - 1;
    if (active && offset == tailOffset) {
      return tailPosition;
    }
    if (offset == segments.get(index).baseOffset()) {
      return limit == 0 ? SegmentLookup.NOT_FOUND : 0;
    }
    return SegmentLookup.positionOf(segments.get(index), file, offset, limit);
  }

  @Override
  public List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset) {
    List<AbortedTransaction> overlapping = new ArrayList<>();
    for (int index = Math.max(0, floor(fromOffset)); index < segments.size(); index++) {
      TransactionIndex transactions = segments.get(index).transactionIndex();
      try {
        if (transactions.collect(fromOffset, upToOffset, overlapping)) {
          break;
        }
      } catch (IOException e) {
        throw new LogIoException("read", transactions.file().path(), e);
      }
    }
    return overlapping;
  }

  @Override
  public Optional<TimestampAndOffset> offsetForTimestamp(long timestampMs) {
    return new TimeLookup(this).firstAtOrAfter(timestampMs);
  }

  @Override
  public Optional<TimestampAndOffset> maxTimestampOffset() {
    return new TimeLookup(this).newest();
  }

  @Override
  public OffsetAndEpoch endOffsetFor(int leaderEpoch) {
    return epochs.endOffsetFor(leaderEpoch, logEndOffset);
  }

  @Override
  public int latestEpoch() {
    return epochs.latest();
  }

  /** The last segment that begins at or before an offset; 0 if all begin after it. */
  int floor(long offset) {
    int low = 0;
    int high = segments.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (segments.get(middle).baseOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return Math.max(0, low - 1);
  }

  /** The bytes of a segment that this view may read. */
  int bytesOf(int index) {
    return index == segments.size() - 1 ? activeBytes : segments.get(index).sizeInBytes();
  }

  /** The offset after a segment's last one. */
  long endOffsetOf(int index) {
    return index == segments.size() - 1 ? logEndOffset : segments.get(index + 1).baseOffset();
  }

  /** Opens a segment's file; the caller releases it. */
  DiskFile open(int index) throws IOException {
    SegmentFile file = segments.get(index).file();
    DiskFile open = file.acquire();
    if (index < segments.size() - 1) {
      try {
        source.recentFiles().keep(file);
      } catch (IOException | RuntimeException e) {
        file.release();
        throw e;
      }
    }
    return open;
  }

  private WireException outOfRange(long offset) {
    return new WireException(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        "Received request for offset %d for partition %s, but we only have log segments from offset %d up to %d."
            .formatted(offset, source.name(), logStartOffset, logEndOffset));
  }
}
