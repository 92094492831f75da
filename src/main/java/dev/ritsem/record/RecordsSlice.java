package dev.ritsem.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A run of record batches on its way out, wherever the bytes lie: in a segment file or in memory.
 * Its bytes never change while it is held. Whoever was given a slice {@link #release releases} it
 * exactly once, after the last byte has been sent or when it gives up; until then the file behind
 * it stays open.
 */
public interface RecordsSlice {
  /** A slice without a byte. */
  RecordsSlice EMPTY = new EmptyRecordsSlice();

  int sizeInBytes();

  /**
   * Sends some of the bytes, as many as the channel takes now.
   *
   * @param position first byte to send, counted from the slice's beginning
   * @return how many bytes went out; 0 if the channel takes none now
   * @throws java.io.EOFException if the file no longer holds bytes that it must hold: the caller
   *     closes the connection, because trying again would spin
   */
  long transferTo(WritableByteChannel channel, long position) throws IOException;

  /**
   * All bytes on the heap or in memory that stays valid after {@link #release}; for readers in this
   * JVM.
   */
  ByteBuffer toByteBuffer() throws IOException;

  void release();
}
