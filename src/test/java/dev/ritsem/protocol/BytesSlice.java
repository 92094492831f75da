package dev.ritsem.protocol;

import dev.ritsem.record.RecordsSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Records in memory that count how often they were released. */
final class BytesSlice implements RecordsSlice {
  private final ByteBuffer bytes;
  private int releases;

  BytesSlice(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  int releases() {
    return releases;
  }

  @Override
  public int sizeInBytes() {
    return bytes.remaining();
  }

  @Override
  public long transferTo(WritableByteChannel channel, long position) throws IOException {
    return channel.write(bytes.slice((int) position, bytes.remaining() - (int) position));
  }

  @Override
  public ByteBuffer toByteBuffer() {
    return bytes.duplicate();
  }

  @Override
  public void release() {
    releases++;
  }
}
