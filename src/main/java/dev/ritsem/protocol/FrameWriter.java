package dev.ritsem.protocol;

import dev.ritsem.record.RecordsSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;

/**
 * Lays one message out. Everything goes into one buffer of the right size, except record slices,
 * which are only noted together with their place.
 */
final class FrameWriter implements Writable {
  private static final int[] NO_POSITIONS = {};

  private final ByteBuffer buffer;
  private final int start;
  private final boolean copyRecords;
  private List<RecordsSlice> slices = List.of();
  private int[] positions = NO_POSITIONS;

  private FrameWriter(ByteBuffer buffer, boolean copyRecords) {
    this.buffer = buffer;
    this.start = buffer.position();
    this.copyRecords = copyRecords;
  }

  /** Writes from the buffer's position on, and notes record slices. */
  static FrameWriter notingSlices(ByteBuffer buffer) {
    return new FrameWriter(buffer, false);
  }

  /** Writes from the buffer's position on, records too. */
  static FrameWriter copyingRecords(ByteBuffer buffer) {
    return new FrameWriter(buffer, true);
  }

  @Override
  public void writeByte(byte value) {
    buffer.put(value);
  }

  @Override
  public void writeShort(short value) {
    buffer.putShort(value);
  }

  @Override
  public void writeInt(int value) {
    buffer.putInt(value);
  }

  @Override
  public void writeLong(long value) {
    buffer.putLong(value);
  }

  @Override
  public void writeDouble(double value) {
    buffer.putDouble(value);
  }

  @Override
  public void writeByteArray(byte[] value) {
    buffer.put(value);
  }

  @Override
  public void writeByteBuffer(ByteBuffer value) {
    buffer.put(value.duplicate());
  }

  @Override
  public void writeUnsignedVarint(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      buffer.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
  }

  @Override
  public void writeVarint(int value) {
    writeUnsignedVarint((value << 1) ^ (value >> 31));
  }

  @Override
  public void writeVarlong(long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7fL) != 0) {
      buffer.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
  }

  @Override
  public void writeRecords(BaseRecords records) {
    if (!copyRecords && records instanceof WireRecords wire) {
      note(wire.slice());
    } else {
      buffer.put(WireRecords.bytesOf(records));
    }
  }

  private void note(RecordsSlice slice) {
    if (positions.length == slices.size()) {
      positions = Arrays.copyOf(positions, Math.max(4, 2 * positions.length));
    }
    if (slices.isEmpty()) {
      slices = new ArrayList<>(4);
    }
    positions[slices.size()] = buffer.position() - start;
    slices.add(slice);
  }

  /** What was written, with the length of everything that follows it put into the first 4 bytes. */
  EncodedResponse finish() {
    int sliceBytes = 0;
    for (RecordsSlice slice : slices) {
      sliceBytes = Math.addExact(sliceBytes, slice.sizeInBytes());
    }
    int inlineBytes = buffer.position() - start;
    int total = Math.addExact(inlineBytes, sliceBytes);
    buffer.putInt(start, total - Integer.BYTES);
    return new EncodedResponse(buffer.flip().position(start), slices, positions, total);
  }
}
