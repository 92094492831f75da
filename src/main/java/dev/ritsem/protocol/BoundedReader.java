package dev.ritsem.protocol;

import dev.ritsem.model.Clock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message out of a buffer, on the heap or not, and refuses hostile sizes before anything is
 * allocated for them. Records and byte fields become views of the buffer; only strings and byte
 * arrays are copied.
 *
 * <p>The generated message classes refuse arrays of more than 1,000,000 elements, of more elements
 * than bytes are left, and more than 10,000 tagged fields. That alone lets nested arrays of tiny
 * elements turn one large frame into gigabytes of objects; therefore the number of fields read is
 * bounded too. And the keyed collections of those classes take a time that grows with the third
 * power of the number of elements with equal hashes (4,000 topics of one name: 18 s); therefore the
 * time that reading may take is bounded as well.
 */
final class BoundedReader implements Readable {
  /**
   * Fields in one message. A field is at most one small object, so this bounds what one frame can
   * make of the heap to some 100 MB; a request about 100,000 partitions has under 1,000,000.
   */
  static final int FIELDS_MAX = 2_000_000;

  /**
   * How long reading one message may take. A message of 100,000 honest fields takes some 5 ms, so
   * what is left is room for pauses of a busy machine.
   */
  static final long READING_NANOS_MAX = 500_000_000L;

  /** The time is looked at once per this many fields, so small messages never ask for it. */
  private static final int FIELDS_PER_CLOCK_READING = 256;

  private static final int VARINT_BYTES_MAX = 5;
  private static final int VARLONG_BYTES_MAX = 10;

  private final ByteBuffer buffer;
  private final Clock clock;
  private int fields;
  private long startNanos;

  BoundedReader(ByteBuffer buffer, Clock clock) {
    this.buffer = buffer;
    this.clock = clock;
  }

  @Override
  public byte readByte() {
    countField();
    return buffer.get();
  }

  @Override
  public short readShort() {
    countField();
    return buffer.getShort();
  }

  @Override
  public int readInt() {
    countField();
    return buffer.getInt();
  }

  @Override
  public long readLong() {
    countField();
    return buffer.getLong();
  }

  @Override
  public double readDouble() {
    countField();
    return buffer.getDouble();
  }

  @Override
  public byte[] readArray(int length) {
    checkLength(length);
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public String readString(int length) {
    return new String(readArray(length), StandardCharsets.UTF_8);
  }

  @Override
  public int readUnsignedVarint() {
    countField();
    int value = 0;
    for (int i = 0; i < VARINT_BYTES_MAX; i++) {
      byte next = buffer.get();
      value |= (next & 0x7f) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw malformed("a varint has more than " + VARINT_BYTES_MAX + " bytes");
  }

  @Override
  public int readVarint() {
    int zigzag = readUnsignedVarint();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  @Override
  public long readVarlong() {
    countField();
    long zigzag = 0;
    for (int i = 0; i < VARLONG_BYTES_MAX; i++) {
      byte next = buffer.get();
      zigzag |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
    }
    throw malformed("a varlong has more than " + VARLONG_BYTES_MAX + " bytes");
  }

  @Override
  public ByteBuffer readByteBuffer(int length) {
    checkLength(length);
    ByteBuffer view = buffer.slice(buffer.position(), length);
    buffer.position(buffer.position() + length);
    return view;
  }

  @Override
  public @Nullable MemoryRecords readRecords(int length) {
    return length < 0 ? null : MemoryRecords.readableRecords(readByteBuffer(length));
  }

  /** Tags of later versions mean nothing here, so they are skipped and not kept. */
  @Override
  public @Nullable List<RawTaggedField> readUnknownTaggedField(
      @Nullable List<RawTaggedField> known, int tag, int size) {
    checkLength(size);
    buffer.position(buffer.position() + size);
    return known;
  }

  @Override
  public int remaining() {
    return buffer.remaining();
  }

  @Override
  public Readable slice() {
    return new BoundedReader(buffer.slice(), clock);
  }

  private void checkLength(int length) {
    if (length < 0 || length > buffer.remaining()) {
      throw malformed(
          "a field announces " + length + " bytes where " + buffer.remaining() + " are left");
    }
  }

  private void countField() {
    if (++fields % FIELDS_PER_CLOCK_READING == 0) {
      checkCost();
    }
  }

  private void checkCost() {
    if (fields > FIELDS_MAX) {
      throw malformed("the message has more than " + FIELDS_MAX + " fields");
    }
    long now = clock.nanoTime();
    if (fields == FIELDS_PER_CLOCK_READING) {
      startNanos = now;
    } else if (now - startNanos > READING_NANOS_MAX) {
      throw malformed(
          "the message took more than %d ms to read".formatted(READING_NANOS_MAX / 1_000_000));
    }
  }

  static MalformedRequestException malformed(String message) {
    return new MalformedRequestException(MalformedRequestException.Reason.MALFORMED, message);
  }
}
