package dev.ritsem.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Record batches that lie in memory. Holds nothing that would have to be released. */
public final class MemoryRecordsSlice implements RecordsSlice {
  private final ByteBuffer bytes;

  /** The bytes from the buffer's position to its limit; they must not change any more. */
  public MemoryRecordsSlice(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  @Override
  public int sizeInBytes() {
    return bytes.limit();
  }

  @Override
  public long transferTo(WritableByteChannel channel, long position) throws IOException {
    return channel.write(bytes.duplicate().position(Math.toIntExact(position)));
  }

  @Override
  public ByteBuffer toByteBuffer() {
    return bytes.duplicate();
  }

  @Override
  public void release() {
    // The memory belongs to the garbage collector.
  }
}
