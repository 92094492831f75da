package dev.ritsem.multijvm;

import java.nio.ByteBuffer;
import java.util.Random;

/** Numbers with which parsers have trouble. */
final class Hostile {
  private static final long[] NUMBERS = {
    -1,
    0,
    1,
    -2,
    127,
    128,
    -128,
    255,
    32_767,
    -32_768,
    65_535,
    1_000_000,
    95_000_000,
    104_857_600,
    104_857_601,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 8L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private Hostile() {}

  static long number(Random random) {
    return random.nextInt(8) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
  }

  /** Puts such a number, 1, 2, 4 or 8 bytes wide, over what is there. */
  static void overwrite(byte[] bytes, int at, int width, Random random) {
    long number = number(random);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    switch (width) {
      case 1 -> buffer.put(at, (byte) number);
      case 2 -> buffer.putShort(at, (short) number);
      case 4 -> buffer.putInt(at, (int) number);
      default -> buffer.putLong(at, number);
    }
  }
}
