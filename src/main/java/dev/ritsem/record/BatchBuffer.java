package dev.ritsem.record;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Where a batch is being written: a heap buffer that grows as it is written to, up to a bound.
 * Beyond the bound it stores nothing more and remembers that it has overflowed, so that a codec can
 * be driven to its end without holding what nobody will use.
 */
final class BatchBuffer extends ByteBufferOutputStream {
  private static final int INITIAL_BYTES_MIN = 512;

  private final int bytesMax;
  private boolean overflowed;

  /** A buffer that is positioned behind the room for a batch's header. */
  BatchBuffer(int initialBytes, int bytesMax) {
    super(Math.max(INITIAL_BYTES_MIN, Math.min(initialBytes, bytesMax)));
    this.bytesMax = bytesMax;
    position(RecordBatch.HEADER_BYTES);
  }

  boolean overflowed() {
    return overflowed;
  }

  @Override
  public void write(int value) {
    if (hasRoomFor(1)) {
      super.write(value);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    if (hasRoomFor(length)) {
      super.write(source, offset, length);
    }
  }

  @Override
  public void write(ByteBuffer source) {
    if (hasRoomFor(source.remaining())) {
      super.write(source);
    }
  }

  /** Grows by doubling; the superclass would grow by a tenth, and copy that often. */
  private boolean hasRoomFor(int length) {
    int left = bytesMax - position();
    overflowed |= length > left;
    if (!overflowed && length > remaining()) {
      ensureRemaining(Math.max(length, Math.min(left, position())));
    }
    return !overflowed;
  }
}
