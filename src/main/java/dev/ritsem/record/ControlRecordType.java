package dev.ritsem.record;

import java.nio.ByteBuffer;

/**
 * What a control record says, by its key: a version and this type's number (KIP-98; KIP-631 for
 * those of the metadata log, which no partition of ours has but a reader may meet).
 */
public enum ControlRecordType {
  ABORT(0),
  COMMIT(1),
  LEADER_CHANGE(2),
  SNAPSHOT_HEADER(3),
  SNAPSHOT_FOOTER(4),
  KRAFT_VERSION(5),
  KRAFT_VOTERS(6),

  /** A type of a later protocol. */
  UNKNOWN(-1);

  private static final short KEY_VERSION = 0;
  private static final int KEY_BYTES = Short.BYTES + Short.BYTES;

  private final short id;

  ControlRecordType(int id) {
    this.id = (short) id;
  }

  public short id() {
    return id;
  }

  /** Whether this ends a transaction. */
  public boolean endsTransaction() {
    return this == ABORT || this == COMMIT;
  }

  /** The key of a control record of this type. */
  public ByteBuffer recordKey() {
    return ByteBuffer.allocate(KEY_BYTES).putShort(KEY_VERSION).putShort(id).flip();
  }

  /**
   * The type that the key of a control record names. Keys of later versions are read as far as this
   * one reads.
   *
   * @throws IllegalArgumentException if the key is too short or of no version
   */
  public static ControlRecordType of(ByteBuffer recordKey) {
    if (recordKey.remaining() < KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key of a control record has "
              + recordKey.remaining()
              + " bytes; it needs "
              + KEY_BYTES);
    }
    short version = recordKey.getShort(recordKey.position());
    if (version < 0) {
      throw new IllegalArgumentException("the key of a control record has version " + version);
    }
    short id = recordKey.getShort(recordKey.position() + Short.BYTES);
    for (ControlRecordType type : values()) {
      if (type.id == id) {
        return type;
      }
    }
    return UNKNOWN;
  }
}
