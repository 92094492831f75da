package dev.ritsem.log;

import dev.ritsem.record.RecordsSlice;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/** Batches in a segment file, which stays open until the slice is released. */
final class FileRecordsSlice implements RecordsSlice {
  private final SegmentFile file;
  private final DiskFile open;
  private final int position;
  private final int sizeInBytes;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * @param open what {@link SegmentFile#acquire} returned; this slice releases it
   */
  FileRecordsSlice(SegmentFile file, DiskFile open, int position, int sizeInBytes) {
    this.file = file;
    this.open = open;
    this.position = position;
    this.sizeInBytes = sizeInBytes;
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public long transferTo(WritableByteChannel channel, long from) throws IOException {
    long remaining = sizeInBytes - from;
    if (remaining <= 0) {
      return 0;
    }
    long at = position + from;
    long sent = open.transferTo(at, remaining, channel);
    if (sent == 0 && open.size() <= at) {
      throw new EOFException(
          "%s ends at %d; bytes from %d on were promised".formatted(file.path(), open.size(), at));
    }
    return sent;
  }

  @Override
  public ByteBuffer toByteBuffer() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(sizeInBytes);
    int read = open.read(bytes, position);
    if (read < sizeInBytes) {
      throw new EOFException(
          "%s holds %d of %d bytes from %d on".formatted(file.path(), read, sizeInBytes, position));
    }
    return bytes.flip();
  }

  @Override
  public void release() {
    if (released.compareAndSet(false, true)) {
      file.release();
    }
  }
}
