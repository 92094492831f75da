package dev.ritsem.server;

import dev.ritsem.record.RecordsSlice;
import io.netty.channel.FileRegion;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * A record slice on its way through a socket: from the file straight to the socket where the system
 * can. The slice is released with the last reference.
 */
final class SliceRegion extends AbstractReferenceCounted implements FileRegion {
  private final RecordsSlice slice;
  private final int count;
  private long transferred;

  SliceRegion(RecordsSlice slice) {
    this.slice = slice;
    this.count = slice.sizeInBytes();
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  public long count() {
    return count;
  }

  /** A file that has become too short throws, which closes the connection instead of spinning. */
  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    long sent = slice.transferTo(target, position);
    if (sent > 0) {
      transferred += sent;
    }
    return sent;
  }

  @Override
  protected void deallocate() {
    slice.release();
  }

  @Override
  public SliceRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public SliceRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public SliceRegion touch() {
    return this;
  }

  @Override
  public SliceRegion touch(Object hint) {
    return this;
  }
}
