package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The transactions whose abort marker lies in a segment, in the order of their markers. The file
 * appears with the first of them. An entry is 34 bytes:
 *
 * <pre>
 *  offset size
 *       0   2  version, 0
 *       2   8  producer id
 *      10   8  first offset of the transaction
 *      18   8  offset of the abort marker
 *      26   8  last stable offset after the marker
 * </pre>
 */
final class TransactionIndex {
  static final int ENTRY_BYTES = 34;
  private static final short VERSION = 0;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final IndexFile file;
  private volatile boolean present;

  private TransactionIndex(IndexFile file, boolean present) {
    this.file = file;
    this.present = present;
  }

  /**
   * @param present whether there is a file
   */
  static TransactionIndex of(Disk disk, Path path, boolean present) {
    return new TransactionIndex(IndexFile.of(disk, path, ENTRY_BYTES), present);
  }

  boolean isPresent() {
    return present;
  }

  IndexFile file() {
    return file;
  }

  /** Writes at once: an entry that is lost would show aborted records to readers. */
  void append(AbortedTransaction aborted) throws IOException {
    if (!present) {
      file.replace(NOTHING);
      present = true;
    }
    file.roomForEntry()
        .putShort(VERSION)
        .putLong(aborted.producerId())
        .putLong(aborted.firstOffset())
        .putLong(aborted.lastOffset())
        .putLong(aborted.lastStableOffset());
    file.publish();
    file.write();
  }

  /**
   * Adds the transactions of this segment that overlap a range.
   *
   * @return whether later segments can have none
   */
  boolean collect(long fromOffset, long upToOffset, List<AbortedTransaction> overlapping)
      throws IOException {
    if (!present) {
      return false;
    }
    IndexFile.Entries entries = file.entries();
    for (int i = 0; i < entries.count(); i++) {
      AbortedTransaction aborted = entry(entries, i);
      if (aborted.lastOffset() >= fromOffset && aborted.firstOffset() < upToOffset) {
        overlapping.add(aborted);
      }
      if (aborted.lastStableOffset() >= upToOffset) {
        return true;
      }
    }
    return false;
  }

  /** Drops all entries, whatever the file holds. */
  void reset() throws IOException {
    if (present) {
      file.replace(NOTHING);
    }
  }

  /** Drops the transactions whose marker lies at or after an offset. */
  void truncateToOffset(long offset) throws IOException {
    if (!present) {
      return;
    }
    IndexFile.Entries entries = file.entries();
    int kept = entries.count();
    while (kept > 0 && entry(entries, kept - 1).lastOffset() >= offset) {
      kept--;
    }
    file.truncate(kept);
  }

  /**
   * Looks whether the entries can be those of a segment.
   *
   * @throws CorruptFileException if they cannot
   */
  void check(long baseOffset) throws IOException {
    if (!present) {
      return;
    }
    IndexFile.Entries entries = file.entries();
    for (int i = 0; i < entries.count(); i++) {
      short version = entries.buffer(i).getShort(entries.at(i));
      if (version != VERSION || entry(entries, i).lastOffset() < baseOffset) {
        throw new CorruptFileException(file.path(), "entry " + i + " is not of this segment");
      }
    }
  }

  private static AbortedTransaction entry(IndexFile.Entries entries, int index) {
    ByteBuffer buffer = entries.buffer(index);
    int at = entries.at(index);
    return new AbortedTransaction(
        buffer.getLong(at + 2),
        buffer.getLong(at + 10),
        buffer.getLong(at + 18),
        buffer.getLong(at + 26));
  }
}
