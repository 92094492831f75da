package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;

/**
 * Where a segment ends, found from its last index entry on.
 *
 * @param sound the index and the batches fit together, and the last batch ends with the file
 * @param nextOffset the offset after the last batch
 */
record SegmentTail(boolean sound, long nextOffset) {
  /** Reads the tail of a segment on the disk and prepares the segment for appends. */
  static SegmentTail resume(Segment segment) throws IOException {
    int bytes = segment.sizeInBytes();
    long nextOffset = segment.baseOffset();
    if (!segment.hasSoundIndexes(Long.MAX_VALUE)) {
      return new SegmentTail(false, nextOffset);
    }
    OffsetIndex.Entries offsets = segment.offsetIndex().entries();
    TimeIndex.Entries times = segment.timeIndex().entries();
    int lastEntry = offsets.count() - 1;
    int lastTime = times.count() - 1;
    long maxTimestamp = lastTime < 0 ? RecordBatch.NO_TIMESTAMP : times.timestampMs(lastTime);
    long itsOffset = lastTime < 0 ? -1 : times.offset(lastTime);
    int start = lastEntry < 0 ? 0 : offsets.position(lastEntry);
    int end = start;
    DiskFile file = segment.file().acquire();
    try {
      if (lastTime >= 0 && !SegmentLookup.confirms(segment, file, times, lastTime, bytes)) {
        return new SegmentTail(false, nextOffset);
      }
      BatchScanner batches = SegmentLookup.scanner(file, start, bytes);
      while (batches.next()) {
        RecordBatch batch = batches.batch();
        if (batches.position() == start
            && lastEntry >= 0
            && batch.lastOffset() != offsets.lastOffset(lastEntry)) {
          return new SegmentTail(false, nextOffset);
        }
        if (batch.maxTimestamp() > maxTimestamp) {
          maxTimestamp = batch.maxTimestamp();
          itsOffset = batch.lastOffset();
        }
        end = batches.endPosition();
        nextOffset = batch.nextOffset();
      }
      segment.resume(
          firstTimestamp(file, bytes), maxTimestamp, itsOffset, bytes - start, offsets.count());
    } finally {
      segment.file().release();
    }
    boolean timesAreIndexed =
        lastTime >= 0 || lastEntry < 0 || maxTimestamp == RecordBatch.NO_TIMESTAMP;
    return new SegmentTail(end == bytes && timesAreIndexed, nextOffset);
  }

  private static long firstTimestamp(DiskFile file, int bytes) throws IOException {
    BatchScanner batches = SegmentLookup.scanner(file, 0, bytes);
    return batches.next() ? batches.batch().maxTimestamp() : RecordBatch.NO_TIMESTAMP;
  }
}
