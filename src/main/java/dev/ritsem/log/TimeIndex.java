package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * When the batches of a segment were written: an entry of 12 bytes says that up to and with an
 * offset no record is newer than a timestamp.
 *
 * <pre>
 *  offset size
 *       0   8  the largest timestamp so far, ms
 *       8   4  last offset of the batch that has it, relative to the segment's first offset
 * </pre>
 *
 * Both grow from entry to entry. A closed segment's last entry is its largest timestamp. Without a
 * checksum, as in Kafka: an entry is compared with its batch before it is used, but one that went
 * missing in the middle is noticed by nobody; a search by time may then find a later record.
 */
final class TimeIndex {
  static final int ENTRY_BYTES = 12;

  private final IndexFile file;
  private final long baseOffset;

  private TimeIndex(IndexFile file, long baseOffset) {
    this.file = file;
    this.baseOffset = baseOffset;
  }

  static TimeIndex create(Disk disk, Path path, long baseOffset) throws IOException {
    return new TimeIndex(IndexFile.create(disk, path, ENTRY_BYTES), baseOffset);
  }

  static TimeIndex of(Disk disk, Path path, long baseOffset) {
    return new TimeIndex(IndexFile.of(disk, path, ENTRY_BYTES), baseOffset);
  }

  IndexFile file() {
    return file;
  }

  Entries entries() throws IOException {
    return new Entries(file.entries(), baseOffset);
  }

  Entries noEntries() {
    return new Entries(IndexFile.noEntries(ENTRY_BYTES), baseOffset);
  }

  /** Adds an entry, unless the timestamp is no newer than that of the last one. */
  void appendIfNewer(long timestampMs, long offset) throws IOException {
    Entries now = entries();
    int last = now.count() - 1;
    if (last >= 0 && (timestampMs <= now.timestampMs(last) || offset <= now.offset(last))) {
      return;
    }
    file.roomForEntry().putLong(timestampMs).putInt((int) (offset - baseOffset));
    file.publish();
  }

  /** Drops the entries of batches that end at or after an offset. */
  void truncateToOffset(long offset) throws IOException {
    Entries now = entries();
    int kept = now.count();
    while (kept > 0 && now.offset(kept - 1) >= offset) {
      kept--;
    }
    file.truncate(kept);
  }

  /**
   * Looks whether the entries can be those of a segment that ends at the given offset.
   *
   * @throws CorruptFileException if they cannot
   */
  void check(long endOffset) throws IOException {
    Entries now = entries();
    int last = now.count() - 1;
    if (last < 0) {
      return;
    }
    if (now.offset(last) < baseOffset
        || now.offset(last) >= endOffset
        || now.timestampMs(last) < now.timestampMs(0)) {
      throw new CorruptFileException(
          file.path(),
          "the last entry (timestamp %d, offset %d) is not of a segment from %d to %d"
              .formatted(now.timestampMs(last), now.offset(last), baseOffset, endOffset));
    }
  }

  /** The entries at one moment, for any thread. Entries are counted from 0; -1 is none. */
  record Entries(IndexFile.Entries file, long baseOffset) {
    int count() {
      return file.count();
    }

    long timestampMs(int index) {
      ByteBuffer buffer = file.buffer(index);
      return buffer.getLong(file.at(index));
    }

    long offset(int index) {
      ByteBuffer buffer = file.buffer(index);
      return baseOffset + buffer.getInt(file.at(index) + Long.BYTES);
    }

    /** The last entry whose timestamp is below the given one, or -1: nothing older can match. */
    int lastBelow(long timestampMs) {
      int low = 0;
      int high = count();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (timestampMs(middle) < timestampMs) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }
  }
}
