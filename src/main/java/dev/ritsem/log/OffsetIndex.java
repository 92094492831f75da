package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Where in a segment the batches lie: one entry of 8 bytes for about every {@code
 * index.interval.bytes}.
 *
 * <pre>
 *  offset size
 *       0   4  last offset of a batch, relative to the segment's first offset
 *       4   4  position of that batch in the .log file
 * </pre>
 *
 * Both grow from entry to entry. Without a checksum, as in Kafka: what is damaged is made again.
 */
final class OffsetIndex {
  static final int ENTRY_BYTES = 8;

  private final IndexFile file;
  private final long baseOffset;

  private OffsetIndex(IndexFile file, long baseOffset) {
    this.file = file;
    this.baseOffset = baseOffset;
  }

  static OffsetIndex create(Disk disk, Path path, long baseOffset) throws IOException {
    return new OffsetIndex(IndexFile.create(disk, path, ENTRY_BYTES), baseOffset);
  }

  static OffsetIndex of(Disk disk, Path path, long baseOffset) {
    return new OffsetIndex(IndexFile.of(disk, path, ENTRY_BYTES), baseOffset);
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

  void append(long lastOffset, int position) throws IOException {
    file.roomForEntry().putInt((int) (lastOffset - baseOffset)).putInt(position);
    file.publish();
  }

  /** Drops the entries of batches that begin at or after a position. */
  void truncateToPosition(int position) throws IOException {
    Entries now = entries();
    file.truncate(now.firstAtOrAfter(position));
  }

  /**
   * Looks whether the entries can be those of a segment of the given size.
   *
   * @throws CorruptFileException if they cannot
   */
  void check(int segmentBytes) throws IOException {
    Entries now = entries();
    int last = now.count() - 1;
    if (last >= 0 && (now.lastOffset(last) < baseOffset || now.position(last) >= segmentBytes)) {
      throw new CorruptFileException(
          file.path(),
          "the last entry (offset %d, position %d) is not of a segment from %d with %d bytes"
              .formatted(now.lastOffset(last), now.position(last), baseOffset, segmentBytes));
    }
  }

  /** The entries at one moment, for any thread. Entries are counted from 0; -1 is none. */
  record Entries(IndexFile.Entries file, long baseOffset) {
    int count() {
      return file.count();
    }

    long lastOffset(int index) {
      return baseOffset + relativeOffset(index);
    }

    int position(int index) {
      ByteBuffer buffer = file.buffer(index);
      return buffer.getInt(file.at(index) + Integer.BYTES);
    }

    /** The last entry whose batch ends at or before an offset, or -1. */
    int floor(long offset) {
      long relative = offset - baseOffset;
      int low = 0;
      int high = count();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (relativeOffset(middle) <= relative) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low - 1;
    }

    /** The first entry whose batch begins at or after a position; the count if there is none. */
    int firstAtOrAfter(long position) {
      int low = 0;
      int high = count();
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (position(middle) < position) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }

    private int relativeOffset(int index) {
      ByteBuffer buffer = file.buffer(index);
      return buffer.getInt(file.at(index));
    }
  }
}
