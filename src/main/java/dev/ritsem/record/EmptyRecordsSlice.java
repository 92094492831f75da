package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The slice without a byte: it holds nothing, so releasing it means nothing. */
final class EmptyRecordsSlice implements RecordsSlice {
  @Override
  public int sizeInBytes() {
    return 0;
  }

  @Override
  public long transferTo(WritableByteChannel channel, long position) {
    return 0;
  }

  @Override
  public ByteBuffer toByteBuffer() {
    return ByteBuffer.allocate(0);
  }

  @Override
  public void release() {
    // Nothing is held.
  }
}
