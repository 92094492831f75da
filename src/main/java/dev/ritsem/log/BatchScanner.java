package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Goes over the batches of a segment file from one position to another, header by header. It reads
 * ahead in one buffer of its own; batches that are larger than the buffer are skipped, or, if their
 * checksum is asked for, passed through it piece by piece.
 *
 * <p>{@link #next} moves to a batch only if header and body lie before the end and the header can
 * be one; what it says of the rest is up to whoever asks.
 */
final class BatchScanner {
  /** Enough for many small batches, little enough to throw away when a batch is large. */
  static final int HEADERS_BUFFER_BYTES = 16 * 1024;

  /** For reading everything. */
  static final int CHECKSUM_BUFFER_BYTES = 256 * 1024;

  private final DiskFile file;
  private final int end;
  private final ByteBuffer buffer;

  /** File position of the buffer's first byte; the buffer's limit is how much of it is valid. */
  private int bufferedFrom;

  private int position;
  private int nextPosition;
  private RecordBatch batch;

  /**
   * @param start position of a batch
   * @param end position at which the valid bytes end
   * @param buffer to read into; its content does not count
   */
  BatchScanner(DiskFile file, int start, int end, ByteBuffer buffer) {
    this.file = file;
    this.end = end;
    this.buffer = buffer.clear().limit(0);
    this.bufferedFrom = start;
    this.position = start;
    this.nextPosition = start;
    this.batch = RecordBatch.at(buffer, 0);
  }

  /** Moves to the next batch; false if no whole batch is left, or none that can be one. */
  boolean next() throws IOException {
    if (end - nextPosition < RecordBatch.HEADER_BYTES) {
      return false;
    }
    buffer(nextPosition, RecordBatch.HEADER_BYTES);
    RecordBatch candidate = RecordBatch.at(buffer, nextPosition - bufferedFrom);
    long length = candidate.buffer().getInt(candidate.position() + RecordBatch.LENGTH_AT);
    long size = RecordBatch.LOG_OVERHEAD_BYTES + length;
    if (size < RecordBatch.HEADER_BYTES
        || size > end - nextPosition
        || candidate.magic() != RecordBatch.MAGIC_V2
        || candidate.baseOffset() < 0
        || candidate.lastOffsetDelta() < 0) {
      return false;
    }
    batch = candidate;
    position = nextPosition;
    nextPosition = position + (int) size;
    return true;
  }

  /** The header of the batch; its body may lie outside the buffer. Valid until the next call. */
  RecordBatch batch() {
    return batch;
  }

  /** Where the batch begins in the file. */
  int position() {
    return position;
  }

  /** Where the batch ends in the file. */
  int endPosition() {
    return nextPosition;
  }

  /** Reads the whole batch and compares its checksum. */
  boolean hasValidChecksum() throws IOException {
    long stored = batch.storedCrc();
    CRC32C checksum = new CRC32C();
    int at = position + RecordBatch.ATTRIBUTES_AT;
    while (at < nextPosition) {
      int wanted = Math.min(nextPosition - at, buffer.capacity());
      int from = buffer(at, Math.min(wanted, 1));
      int piece = Math.min(nextPosition - at, buffer.limit() - from);
      checksum.update(buffer.slice(from, piece));
      at += piece;
    }
    restoreHeader();
    return checksum.getValue() == stored;
  }

  /** The whole batch in memory of its own. */
  RecordBatch wholeBatch() throws IOException {
    ByteBuffer whole = ByteBuffer.allocate(nextPosition - position);
    file.read(whole, position);
    return RecordBatch.at(whole.flip(), 0);
  }

  private void restoreHeader() throws IOException {
    int from = buffer(position, RecordBatch.HEADER_BYTES);
    batch = RecordBatch.at(buffer, from);
  }

  /**
   * Makes sure that some bytes of the file are in the buffer, and as many after them as fit.
   *
   * @return where in the buffer they begin
   */
  private int buffer(int from, int count) throws IOException {
    int at = from - bufferedFrom;
    if (at >= 0 && at + count <= buffer.limit()) {
      return at;
    }
    int readable = Math.min(buffer.capacity(), end - from);
    buffer.clear().limit(readable);
    int read = file.read(buffer, from);
    buffer.clear().limit(read);
    bufferedFrom = from;
    if (read < count) {
      throw new IOException(
          "the file ends at %d; it should have bytes up to %d".formatted(from + read, end));
    }
    return 0;
  }
}
