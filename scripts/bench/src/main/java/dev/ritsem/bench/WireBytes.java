package dev.ritsem.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Kafka's protocol at the level of bytes: flexible request versions, and record batches v2. */
final class WireBytes {
  private static final byte[] CLIENT_ID = "bench".getBytes(US_ASCII);
  private static final int BATCH_LENGTH_AT = 8;
  private static final int BATCH_CRC_AT = 17;
  private static final int BATCH_CRC_FROM = 21;

  private WireBytes() {}

  /** A request with header v2; {@link #end} writes its length. */
  static ByteBuffer begin(int api, int version, int correlationId, int capacity) {
    ByteBuffer out = ByteBuffer.allocate(capacity);
    out.putInt(0).putShort((short) api).putShort((short) version).putInt(correlationId);
    out.putShort((short) CLIENT_ID.length).put(CLIENT_ID);
    return noTags(out);
  }

  static ByteBuffer end(ByteBuffer out) {
    return out.putInt(0, out.position() - 4).flip();
  }

  static ByteBuffer noTags(ByteBuffer out) {
    return out.put((byte) 0);
  }

  static void skipTags(ByteBuffer in) {
    for (int left = readVarint(in); left > 0; left--) {
      readVarint(in);
      int length = readVarint(in);
      in.position(in.position() + length);
    }
  }

  static void writeVarint(ByteBuffer out, int value) {
    int left = value;
    while ((left & ~0x7f) != 0) {
      out.put((byte) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.put((byte) left);
  }

  static int readVarint(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** The length of an array; 0 for a null array. */
  static int readCount(ByteBuffer in) {
    return Math.max(0, readVarint(in) - 1);
  }

  static void writeString(ByteBuffer out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    writeVarint(out, bytes.length + 1);
    out.put(bytes);
  }

  /** A string; empty if it is null. */
  static String readString(ByteBuffer in) {
    byte[] bytes = new byte[readCount(in)];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }

  /** An uncompressed batch of that many copies of the value, of no producer. */
  static byte[] batch(byte[] value, int count) {
    ByteBuffer out = ByteBuffer.allocate(128 + count * (value.length + 24));
    long now = System.currentTimeMillis();
    out.putLong(0).putInt(0).putInt(-1).put((byte) 2).putInt(0).putShort((short) 0);
    out.putInt(count - 1).putLong(now).putLong(now);
    out.putLong(-1).putShort((short) -1).putInt(-1).putInt(count);
    ByteBuffer record = ByteBuffer.allocate(value.length + 32);
    for (int i = 0; i < count; i++) {
      record.clear().put((byte) 0);
      writeSigned(record, 0);
      writeSigned(record, i);
      writeSigned(record, -1);
      writeSigned(record, value.length);
      record.put(value);
      writeSigned(record, 0);
      writeSigned(out, record.flip().remaining());
      out.put(record);
    }
    out.putInt(BATCH_LENGTH_AT, out.position() - BATCH_LENGTH_AT - 4);
    CRC32C crc = new CRC32C();
    crc.update(out.array(), BATCH_CRC_FROM, out.position() - BATCH_CRC_FROM);
    out.putInt(BATCH_CRC_AT, (int) crc.getValue());
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void writeSigned(ByteBuffer out, int value) {
    writeVarint(out, (value << 1) ^ (value >> 31));
  }
}
