package dev.ritsem.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** An open file. Every operation names its position; there is no cursor. */
public interface DiskFile extends Closeable {
  /**
   * Writes all bytes of the buffer, from its position to its limit, and leaves the position at the
   * limit. If it fails, any part of them may have been written.
   */
  void write(ByteBuffer source, long position) throws IOException;

  /**
   * Reads until the buffer is full or the file ends.
   *
   * @return how many bytes were read; 0 at or after the end
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Hands bytes to a channel without copying them where the platform can.
   *
   * @return how many bytes went; 0 if the channel takes none now or the file ends at the position
   */
  long transferTo(long position, long count, WritableByteChannel target) throws IOException;

  /** Makes the bytes written so far survive a crash of the machine. Blocks. */
  void force() throws IOException;

  /** Cuts the file to a size; nothing happens if it is not longer. */
  void truncate(long size) throws IOException;

  long size() throws IOException;

  @Override
  void close() throws IOException;
}
