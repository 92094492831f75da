package dev.ritsem.replication.journal;

import dev.ritsem.record.LogRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What one record of the journal says. The record's key is the persistence id in UTF-8; its value
 * begins with a byte that names kind and version, so that a later format gets another number.
 *
 * <pre>
 *  event     1, sequence number (8 bytes), Akka's bytes of the PersistentRepr
 *  deletion  2, deleted up to (8 bytes), highest sequence number (8 bytes)
 * </pre>
 */
sealed interface JournalEntry {
  String persistenceId();

  /** The value of this entry's record. */
  ByteBuffer recordValue();

  /** The key of this entry's record. */
  default ByteBuffer recordKey() {
    return StandardCharsets.UTF_8.encode(persistenceId());
  }

  /**
   * An event.
   *
   * @param bytes the event as Akka serializes it, from position to limit
   */
  record Event(String persistenceId, long sequenceNr, ByteBuffer bytes) implements JournalEntry {
    private static final byte KIND = 1;
    private static final int PREFIX_BYTES = 1 + Long.BYTES;

    @Override
    public ByteBuffer recordValue() {
      return ByteBuffer.allocate(PREFIX_BYTES + bytes.remaining())
          .put(KIND)
          .putLong(sequenceNr)
          .put(bytes.duplicate())
          .flip();
    }
  }

  /**
   * A statement about an id that outlives its events: those up to a sequence number are deleted,
   * and no number up to the highest may be given to another event.
   */
  record Deletion(String persistenceId, long deletedTo, long highestSequenceNr)
      implements JournalEntry {
    private static final byte KIND = 2;
    private static final int VALUE_BYTES = 1 + 2 * Long.BYTES;

    @Override
    public ByteBuffer recordValue() {
      return ByteBuffer.allocate(VALUE_BYTES)
          .put(KIND)
          .putLong(deletedTo)
          .putLong(highestSequenceNr)
          .flip();
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException if it is no entry, or one of a later format
   */
  static JournalEntry of(LogRecord record) {
    ByteBuffer key = record.key();
    ByteBuffer value = record.value();
    if (key == null || value == null || value.remaining() < Event.PREFIX_BYTES) {
      throw new IllegalArgumentException(
          "the record at offset " + record.offset() + " is no entry of a journal");
    }
    String id = StandardCharsets.UTF_8.decode(key.duplicate()).toString();
    ByteBuffer fields = value.duplicate();
    byte kind = fields.get();
    if (kind == Event.KIND) {
      return new Event(id, fields.getLong(), fields.slice());
    }
    if (kind == Deletion.KIND && fields.remaining() == Deletion.VALUE_BYTES - 1) {
      return new Deletion(id, fields.getLong(), fields.getLong());
    }
    throw new IllegalArgumentException(
        "the record at offset %d is of kind %d, which this version does not know"
            .formatted(record.offset(), kind));
  }
}
