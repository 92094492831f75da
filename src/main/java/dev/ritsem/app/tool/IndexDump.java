package dev.ritsem.app.tool;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Prints the small files beside a segment, read here from their published layout rather than with
 * the code that writes them: whoever dumps them wants to know what is really there.
 */
final class IndexDump {
  private static final int OFFSET_ENTRY_BYTES = 8;
  private static final int TIME_ENTRY_BYTES = 12;
  private static final int TRANSACTION_ENTRY_BYTES = 34;
  private static final int SNAPSHOT_HEADER_BYTES = 10;
  private static final int SNAPSHOT_VERSION = 1;

  private IndexDump() {}

  /** Entries of (offset relative to the segment, position), 4 bytes each. */
  static boolean offsetIndex(PrintWriter out, long baseOffset, ByteBuffer bytes) {
    for (int at = 0; at + OFFSET_ENTRY_BYTES <= bytes.limit(); at += OFFSET_ENTRY_BYTES) {
      int relative = bytes.getInt(at);
      // An index that is in use is allocated ahead: an entry of zeros after the first ends it.
      if (relative == 0 && at > 0) {
        return true;
      }
      out.printf("offset: %d position: %d%n", baseOffset + relative, bytes.getInt(at + 4));
    }
    return bytes.limit() % OFFSET_ENTRY_BYTES == 0;
  }

  /** Entries of (timestamp, 8 bytes; offset relative to the segment, 4 bytes). */
  static boolean timeIndex(PrintWriter out, long baseOffset, ByteBuffer bytes) {
    for (int at = 0; at + TIME_ENTRY_BYTES <= bytes.limit(); at += TIME_ENTRY_BYTES) {
      long timestamp = bytes.getLong(at);
      if (timestamp == 0 && at > 0) {
        return true;
      }
      out.printf("timestamp: %d offset: %d%n", timestamp, baseOffset + bytes.getInt(at + 8));
    }
    return bytes.limit() % TIME_ENTRY_BYTES == 0;
  }

  /** Entries of (version, producer id, first, last and last stable offset). */
  static boolean transactionIndex(PrintWriter out, ByteBuffer bytes) {
    for (int at = 0; at + TRANSACTION_ENTRY_BYTES <= bytes.limit(); at += TRANSACTION_ENTRY_BYTES) {
      out.printf(
          "version: %d producerId: %d firstOffset: %d lastOffset: %d lastStableOffset: %d%n",
          bytes.getShort(at),
          bytes.getLong(at + 2),
          bytes.getLong(at + 10),
          bytes.getLong(at + 18),
          bytes.getLong(at + 26));
    }
    return bytes.limit() % TRANSACTION_ENTRY_BYTES == 0;
  }

  /** Version, checksum of the rest, and a counted list of producers. */
  static boolean producerSnapshot(PrintWriter out, ByteBuffer file) {
    if (file.limit() < SNAPSHOT_HEADER_BYTES) {
      out.printf("Invalid snapshot: %d bytes%n", file.limit());
      return false;
    }
    ByteBuffer bytes = file.duplicate();
    short version = bytes.getShort();
    long stored = Integer.toUnsignedLong(bytes.getInt());
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    if (version != SNAPSHOT_VERSION || stored != crc.getValue()) {
      out.printf(
          "Invalid snapshot: version %d, crc %d, computed crc %d%n",
          version, stored, crc.getValue());
      return false;
    }
    for (int left = bytes.getInt(); left > 0; left--) {
      long producerId = bytes.getLong();
      short epoch = bytes.getShort();
      int lastSequence = bytes.getInt();
      long lastOffset = bytes.getLong();
      int offsetDelta = bytes.getInt();
      long timestamp = bytes.getLong();
      int coordinatorEpoch = bytes.getInt();
      long transactionFirstOffset = bytes.getLong();
      out.printf(
          "producerId: %d producerEpoch: %d coordinatorEpoch: %d currentTxnFirstOffset: %d"
              + " lastTimestamp: %d firstSequence: %d lastSequence: %d lastOffset: %d"
              + " offsetDelta: %d timestamp: %d%n",
          producerId,
          epoch,
          coordinatorEpoch,
          transactionFirstOffset,
          timestamp,
          lastSequence - offsetDelta,
          lastSequence,
          lastOffset,
          offsetDelta,
          timestamp);
    }
    return true;
  }
}
