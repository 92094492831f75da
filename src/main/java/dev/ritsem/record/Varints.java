package dev.ritsem.record;

/**
 * Zigzag-coded numbers of variable length, as the fields of a record are written: small positive
 * and small negative numbers take one byte. Reading is {@link RecordCursor}'s.
 */
final class Varints {
  private static final int BITS_PER_BYTE = 7;

  private Varints() {}

  static int sizeOf(int value) {
    return sizeOfUnsigned(((value << 1) ^ (value >> 31)) & 0xFFFF_FFFFL);
  }

  static int sizeOf(long value) {
    return sizeOfUnsigned((value << 1) ^ (value >> 63));
  }

  /** Writes at a position of an array and returns the position behind what was written. */
  static int put(byte[] target, int at, int value) {
    return putUnsigned(target, at, ((value << 1) ^ (value >> 31)) & 0xFFFF_FFFFL);
  }

  /** Writes at a position of an array and returns the position behind what was written. */
  static int put(byte[] target, int at, long value) {
    return putUnsigned(target, at, (value << 1) ^ (value >> 63));
  }

  private static int sizeOfUnsigned(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
    return (bits + BITS_PER_BYTE - 1) / BITS_PER_BYTE;
  }

  private static int putUnsigned(byte[] target, int at, long value) {
    int position = at;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      target[position++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= BITS_PER_BYTE;
    }
    target[position++] = (byte) rest;
    return position;
  }
}
