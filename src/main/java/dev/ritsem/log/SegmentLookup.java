package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds positions in segment files: the index gives the neighbourhood, a few headers the exact
 * place. Indexes have no checksum, so no entry is trusted before the batch that it points to has
 * confirmed it. Any thread; each has one small buffer for headers.
 */
final class SegmentLookup {
  static final int NOT_FOUND = -1;

  private static final ThreadLocal<ByteBuffer> HEADERS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BatchScanner.HEADERS_BUFFER_BYTES));

  /** Read at once in a lookup: what mostly lies between two entries of an index, and a bit more. */
  private static final int LOOKUP_BYTES = 6 * 1024;

  private static final int HEADER_BYTES = RecordBatch.HEADER_BYTES;

  /**
   * The position of the batch that holds an offset, or of the next batch if no batch holds it.
   *
   * @param limit the bytes of the file that count
   * @return {@link #NOT_FOUND} if every batch before the limit ends before the offset
   */
  static int positionOf(Segment segment, DiskFile file, long offset, int limit) throws IOException {
    OffsetIndex.Entries index = segment.offsetEntries();
    int floor = index.floor(offset);
    int next = floor + 1;
    int start = floor < 0 ? 0 : index.position(floor);
    if (next < index.count()
        && index.position(next) - start > LOOKUP_BYTES - HEADER_BYTES
        && holds(file, index.position(next), offset, limit)) {
      // The batches are large, so the offset most likely lies in the one that has the next entry.
      return index.position(next);
    }
    if (floor < 0) {
      return scan(file, 0, offset, limit);
    }
    ByteBuffer neighbourhood = HEADERS.get().clear().slice(0, LOOKUP_BYTES);
    BatchScanner batches = new BatchScanner(file, start, limit, neighbourhood);
    if (start < 0
        || start >= limit
        || !batches.next()
        || batches.batch().lastOffset() != index.lastOffset(floor)) {
      segment.indexIsDamaged();
      return scan(file, 0, offset, limit);
    }
    return batches.batch().lastOffset() >= offset ? start : scan(batches, offset);
  }

  /**
   * Where the last batch begins that is in the index and begins after a position, but not beyond
   * another.
   *
   * @return its entry, or {@link #NOT_FOUND}
   */
  static int indexedBoundary(Segment segment, DiskFile file, int after, long upTo)
      throws IOException {
    OffsetIndex.Entries index = segment.offsetEntries();
    int entry = index.firstAtOrAfter(upTo + 1) - 1;
    if (entry < 0 || index.position(entry) <= after || index.position(entry) > upTo) {
      return NOT_FOUND;
    }
    ByteBuffer header = header(file, index.position(entry));
    if (header == null || RecordBatch.at(header, 0).lastOffset() != index.lastOffset(entry)) {
      segment.indexIsDamaged();
      return NOT_FOUND;
    }
    return entry;
  }

  /** Whether the batch that a time entry is about has the entry's timestamp. */
  static boolean confirms(
      Segment segment, DiskFile file, TimeIndex.Entries times, int entry, int limit)
      throws IOException {
    int position = positionOf(segment, file, times.offset(entry), limit);
    if (position == NOT_FOUND) {
      return false;
    }
    ByteBuffer header = header(file, position);
    return header != null
        && RecordBatch.at(header, 0).lastOffset() == times.offset(entry)
        && RecordBatch.at(header, 0).maxTimestamp() == times.timestampMs(entry);
  }

  /** The size of the batch at a position. */
  static int batchSize(DiskFile file, int position) throws IOException {
    ByteBuffer header = HEADERS.get().clear().limit(RecordBatch.LOG_OVERHEAD_BYTES);
    file.read(header, position);
    return RecordBatch.LOG_OVERHEAD_BYTES + header.getInt(RecordBatch.LENGTH_AT);
  }

  /** Where the last batch ends that begins at or after a position and ends before a limit. */
  static int lastBoundary(DiskFile file, int position, int limit) throws IOException {
    BatchScanner batches = scanner(file, position, limit);
    int boundary = position;
    while (batches.next()) {
      boundary = batches.endPosition();
    }
    return boundary;
  }

  /** Goes over batches with this thread's buffer. */
  static BatchScanner scanner(DiskFile file, int start, int end) {
    return new BatchScanner(file, start, end, HEADERS.get());
  }

  private static boolean holds(DiskFile file, int position, long offset, int limit)
      throws IOException {
    if (position < 0 || limit - position < HEADER_BYTES) {
      return false;
    }
    ByteBuffer header = header(file, position);
    return header != null
        && RecordBatch.at(header, 0).baseOffset() <= offset
        && RecordBatch.at(header, 0).lastOffset() >= offset;
  }

  /** The header of the batch at a position; null if none can begin there. */
  private static @Nullable ByteBuffer header(DiskFile file, int position) throws IOException {
    ByteBuffer header = HEADERS.get().clear().limit(HEADER_BYTES);
    return file.read(header, position) == HEADER_BYTES
            && RecordBatch.at(header, 0).magic() == RecordBatch.MAGIC_V2
        ? header
        : null;
  }

  private static int scan(DiskFile file, int start, long offset, int limit) throws IOException {
    return scan(scanner(file, start, limit), offset);
  }

  private static int scan(BatchScanner batches, long offset) throws IOException {
    while (batches.next()) {
      if (batches.batch().lastOffset() >= offset) {
        return batches.position();
      }
    }
    return NOT_FOUND;
  }

  private SegmentLookup() {}
}
