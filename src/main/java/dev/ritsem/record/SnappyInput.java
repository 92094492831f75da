package dev.ritsem.record;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.xerial.snappy.Snappy;

/**
 * Reads snappy as Kafka's clients write it: either the framing of the Java library (a 16-byte
 * header, then blocks, each behind its length) or, as librdkafka does, one bare block.
 *
 * <p>The library's own reader allocates what a block's length prefix and its header announce, which
 * can be 2 GiB for ten bytes of input. This one checks both against the bytes that are there.
 */
final class SnappyInput extends InputStream {
  private static final long FRAMING_MAGIC = 0x82534E4150505900L;
  private static final int FRAMING_HEADER_BYTES = 16;
  private static final int FRAMING_VERSION_MIN = 1;

  /**
   * No block can hold more than this many times its size: the densest element of the format turns 3
   * bytes into 64.
   */
  private static final int EXPANSION_MAX = 22;

  private static final byte[] NOTHING = {};

  private final ByteBuffer input;
  private final boolean framed;
  private byte[] compressed = NOTHING;
  private byte[] block = NOTHING;
  private int blockPosition;
  private int blockLimit;

  SnappyInput(ByteBuffer input) throws IOException {
    this.input = input;
    this.framed =
        input.remaining() >= FRAMING_HEADER_BYTES
            && input.getLong(input.position()) == FRAMING_MAGIC;
    if (framed) {
      int version = input.getInt(input.position() + Long.BYTES);
      if (version < FRAMING_VERSION_MIN) {
        throw new IOException("snappy framing of version " + version);
      }
      input.position(input.position() + FRAMING_HEADER_BYTES);
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? block[blockPosition++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, blockLimit - blockPosition);
    System.arraycopy(block, blockPosition, target, offset, count);
    blockPosition += count;
    return count;
  }

  /** Whether there is at least one more byte; decompresses the next block if need be. */
  private boolean fill() throws IOException {
    while (blockPosition == blockLimit) {
      if (!input.hasRemaining()) {
        return false;
      }
      nextBlock(framed ? nextLength() : input.remaining());
    }
    return true;
  }

  private int nextLength() throws IOException {
    if (input.remaining() < Integer.BYTES) {
      throw new EOFException("snappy block length cut off");
    }
    int length = input.getInt();
    if (length <= 0 || length > input.remaining()) {
      throw new IOException(
          "snappy block of " + length + " bytes, where " + input.remaining() + " are left");
    }
    return length;
  }

  private void nextBlock(int length) throws IOException {
    if (compressed.length < length) {
      compressed = new byte[length];
    }
    input.get(compressed, 0, length);
    int size = Snappy.uncompressedLength(compressed, 0, length);
    if (size < 0 || size > (long) length * EXPANSION_MAX) {
      throw new IOException("snappy block of " + length + " bytes claims to hold " + size);
    }
    if (block.length < size) {
      block = new byte[size];
    }
    blockLimit = Snappy.uncompress(compressed, 0, length, block, 0);
    blockPosition = 0;
  }
}
