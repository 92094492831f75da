package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Finds positions in segment files: the index gives the neighbourhood, a few headers the exact
 * place. Any thread; each has one small buffer for headers.
 */
final class SegmentLookup {
  static final int NOT_FOUND = -1;

  private static final ThreadLocal<ByteBuffer> HEADERS =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(BatchScanner.HEADERS_BUFFER_BYTES));

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
    int start = floor < 0 ? 0 : Math.min(index.position(floor), limit);
    if (floor >= 0 && start < limit && index.lastOffset(floor) == offset) {
      return start;
    }
    int next = floor + 1;
    boolean nextIsBeforeLimit = next < index.count() && index.position(next) < limit;
    if (nextIsBeforeLimit
        && index.position(next) - start > BatchScanner.HEADERS_BUFFER_BYTES - HEADER_BYTES) {
      // The batches are large, so the offset most likely lies in the one that has the next entry.
      int guess = index.position(next);
      ByteBuffer header = HEADERS.get().clear().limit(HEADER_BYTES);
      file.read(header, guess);
      if (header.position() == HEADER_BYTES
          && RecordBatch.at(header, 0).baseOffset() <= offset
          && RecordBatch.at(header, 0).lastOffset() >= offset) {
        return guess;
      }
    }
    int found = scan(file, start, offset, limit);
    return found == NOT_FOUND && start > 0 ? scanAgain(file, index, offset, limit) : found;
  }

  /** The size of the batch at a position. */
  static int batchSize(DiskFile file, int position) throws IOException {
    ByteBuffer header = HEADERS.get().clear().limit(RecordBatch.LOG_OVERHEAD_BYTES);
    file.read(header, position);
    return RecordBatch.LOG_OVERHEAD_BYTES + header.getInt(RecordBatch.LENGTH_AT);
  }

  /** Where the last batch ends that begins at or after a position and ends before a limit. */
  static int lastBoundary(DiskFile file, int position, int limit) throws IOException {
    BatchScanner scanner = scanner(file, position, limit);
    int boundary = position;
    while (scanner.next()) {
      boundary = scanner.endPosition();
    }
    return boundary;
  }

  /** Goes over batches with this thread's buffer. */
  static BatchScanner scanner(DiskFile file, int start, int end) {
    return new BatchScanner(file, start, end, HEADERS.get());
  }

  private static int scan(DiskFile file, int start, long offset, int limit) throws IOException {
    BatchScanner scanner = scanner(file, start, limit);
    while (scanner.next()) {
      if (scanner.batch().lastOffset() >= offset) {
        return scanner.position();
      }
    }
    return NOT_FOUND;
  }

  /** An index that points between batches is damaged: then only the file itself counts. */
  private static int scanAgain(DiskFile file, OffsetIndex.Entries index, long offset, int limit)
      throws IOException {
    int last = index.floor(offset);
    BatchScanner scanner = scanner(file, index.position(last), limit);
    boolean sound = scanner.next() && scanner.batch().lastOffset() == index.lastOffset(last);
    return sound ? NOT_FOUND : scan(file, 0, offset, limit);
  }

  private SegmentLookup() {}
}
