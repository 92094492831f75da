package dev.ritsem.record;

import java.nio.ByteBuffer;

/**
 * The control record that ends a producer's transaction in a partition.
 *
 * @param outcome {@link ControlRecordType#COMMIT} or {@link ControlRecordType#ABORT}
 * @param coordinatorEpoch epoch of the transaction coordinator that decided: a marker of an older
 *     coordinator is refused
 */
public record EndTransactionMarker(ControlRecordType outcome, int coordinatorEpoch) {
  private static final short VALUE_VERSION = 0;
  private static final int VALUE_BYTES = Short.BYTES + Integer.BYTES;

  public EndTransactionMarker {
    if (!outcome.endsTransaction()) {
      throw new IllegalArgumentException(outcome + " does not end a transaction");
    }
  }

  /** The value of the control record. */
  public ByteBuffer recordValue() {
    return ByteBuffer.allocate(VALUE_BYTES).putShort(VALUE_VERSION).putInt(coordinatorEpoch).flip();
  }

  /**
   * Reads a control record.
   *
   * @throws IllegalArgumentException if it is not an end of a transaction, or cut off
   */
  public static EndTransactionMarker of(LogRecord controlRecord) {
    ByteBuffer key = controlRecord.key();
    ByteBuffer value = controlRecord.value();
    if (key == null || value == null || value.remaining() < VALUE_BYTES) {
      throw new IllegalArgumentException(
          "the control record at offset " + controlRecord.offset() + " is cut off");
    }
    return new EndTransactionMarker(
        ControlRecordType.of(key), value.getInt(value.position() + Short.BYTES));
  }
}
