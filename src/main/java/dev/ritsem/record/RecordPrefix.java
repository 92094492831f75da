package dev.ritsem.record;

import java.io.IOException;
import java.io.OutputStream;

/** The fields that each record begins with, written through one small array that is used again. */
final class RecordPrefix {
  /** Length, attributes, timestamp delta, offset delta at their longest. */
  private static final int BYTES_MAX = 5 + 1 + 10 + 5;

  private final byte[] scratch = new byte[BYTES_MAX];

  /**
   * @param length bytes of the record without the length itself
   */
  void write(int length, byte attributes, long timestampDelta, int offsetDelta, OutputStream target)
      throws IOException {
    int end = Varints.put(scratch, 0, length);
    scratch[end++] = attributes;
    end = Varints.put(scratch, end, timestampDelta);
    end = Varints.put(scratch, end, offsetDelta);
    target.write(scratch, 0, end);
  }
}
