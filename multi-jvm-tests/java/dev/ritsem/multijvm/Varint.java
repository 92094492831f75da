package dev.ritsem.multijvm;

import java.nio.ByteBuffer;

/** Variable-length integers as Kafka's protocol and its record batches write them. */
final class Varint {
  private Varint() {}

  /** Unsigned, as lengths in flexible request versions. */
  static void write(ByteBuffer out, int value) {
    int left = value;
    while ((left & ~0x7f) != 0) {
      out.put((byte) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.put((byte) left);
  }

  /** Zigzag, as lengths and deltas within a record batch. */
  static void writeSigned(ByteBuffer out, int value) {
    write(out, (value << 1) ^ (value >> 31));
  }
}
