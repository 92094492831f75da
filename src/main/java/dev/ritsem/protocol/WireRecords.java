package dev.ritsem.protocol;

import dev.ritsem.record.RecordsSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordsSend;
import org.jspecify.annotations.Nullable;

/**
 * Records inside a protocol message that lie wherever a {@link RecordsSlice} says: in a segment
 * file, when a broker answers a fetch. Whoever takes the message over also takes over the duty to
 * release the slice; {@link ResponseEncoder} hands it on to {@link EncodedResponse}.
 */
public final class WireRecords implements BaseRecords {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final RecordsSlice slice;

  public WireRecords(RecordsSlice slice) {
    this.slice = slice;
  }

  public RecordsSlice slice() {
    return slice;
  }

  @Override
  public int sizeInBytes() {
    return slice.sizeInBytes();
  }

  /**
   * Not supported: it belongs to the network layer of kafka-clients, which is never used with it.
   */
  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("records of this broker are sent by slice");
  }

  /**
   * The bytes of a message's records field, whoever made the message: a decoder (a view of the
   * frame's memory), or a broker in the same JVM (the slice's bytes; the slice is not released).
   * Absent records are no bytes.
   *
   * @throws UncheckedIOException if they lie in a file that cannot be read
   */
  public static ByteBuffer bytesOf(@Nullable BaseRecords records) {
    if (records instanceof MemoryRecords memory) {
      return memory.buffer();
    }
    if (records instanceof WireRecords wire) {
      try {
        return wire.slice().toByteBuffer();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (records == null) {
      return NOTHING.duplicate();
    }
    throw new IllegalArgumentException("records of an unknown kind: " + records.getClass());
  }

  /** Gives up what a message's records field holds, if it holds anything. */
  public static void release(@Nullable BaseRecords records) {
    if (records instanceof WireRecords wire) {
      wire.slice().release();
    }
  }

  @Override
  public String toString() {
    return "WireRecords(" + slice.sizeInBytes() + " bytes)";
  }
}
