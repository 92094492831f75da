package dev.ritsem.multijvm;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;

/**
 * Record batches of format v2, most of them wrong in one way: flipped bits with and without a CRC
 * that fits, impossible counts and lengths, unknown codecs, cut ends, compressed nonsense.
 */
final class HostileBatches {
  private static final int LENGTH_AT = 8;
  private static final int MAGIC_AT = 16;
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int RECORDS_AT = 61;
  private static final short GZIP = 1;
  private static final int BOMB_BYTES = 8 << 20;

  /** Where the fields of the header lie that the CRC covers, and how wide each is. */
  private static final int[][] FIELDS = {
    {ATTRIBUTES_AT, 2}, {23, 4}, {27, 8}, {35, 8}, {43, 8}, {51, 2}, {53, 4}, {57, 4}
  };

  private final byte[] bomb = gzipped(new byte[BOMB_BYTES]);

  byte[] next(Random random) {
    byte[] batch = valid(random);
    switch (random.nextInt(11)) {
      case 0, 1 -> {}
      case 2 -> flip(batch, 0, random);
      case 3, 4 -> {
        flip(batch, ATTRIBUTES_AT, random);
        seal(batch);
      }
      case 5, 6 -> {
        int[] field = FIELDS[random.nextInt(FIELDS.length)];
        Hostile.overwrite(batch, field[0], field[1], random);
        seal(batch);
      }
      case 7 -> {
        if (random.nextBoolean()) {
          Hostile.overwrite(batch, LENGTH_AT, 4, random);
        } else {
          batch[MAGIC_AT] = (byte) (random.nextInt(5) - 1);
        }
      }
      case 8 -> batch = Arrays.copyOf(batch, random.nextInt(batch.length));
      case 9 -> batch = joined(batch, random.nextBoolean() ? valid(random) : junk(random));
      default -> batch = nonsenseInside(random);
    }
    return batch;
  }

  /** A batch that every broker takes. */
  byte[] valid(Random random) {
    int count = 1 + random.nextInt(5);
    ByteBuffer records = ByteBuffer.allocate(4_096);
    for (int i = 0; i < count; i++) {
      writeRecord(records, i, new byte[random.nextInt(200)], random);
    }
    byte[] body = Arrays.copyOf(records.array(), records.position());
    boolean isCompressed = random.nextInt(5) == 0;
    return batch(isCompressed ? gzipped(body) : body, count, isCompressed ? GZIP : 0);
  }

  private byte[] nonsenseInside(Random random) {
    if (random.nextInt(60) == 0) {
      return batch(bomb, 1 + random.nextInt(1_000), GZIP);
    }
    byte[] body = new byte[1 + random.nextInt(300)];
    random.nextBytes(body);
    return batch(body, 1 + random.nextInt(5), (short) random.nextInt(8));
  }

  private static byte[] batch(byte[] body, int count, short attributes) {
    long timestamp = 1_700_000_000_000L;
    ByteBuffer out = ByteBuffer.allocate(RECORDS_AT + body.length);
    out.putLong(0).putInt(RECORDS_AT - LENGTH_AT - 4 + body.length).putInt(-1).put((byte) 2);
    out.putInt(0).putShort(attributes).putInt(count - 1).putLong(timestamp).putLong(timestamp);
    out.putLong(-1).putShort((short) -1).putInt(-1).putInt(count).put(body);
    seal(out.array());
    return out.array();
  }

  private static void writeRecord(ByteBuffer out, int i, byte[] value, Random random) {
    random.nextBytes(value);
    ByteBuffer record = ByteBuffer.allocate(value.length + 32);
    record.put((byte) 0);
    Varint.writeSigned(record, 0);
    Varint.writeSigned(record, i);
    Varint.writeSigned(record, -1);
    Varint.writeSigned(record, value.length);
    record.put(value);
    Varint.writeSigned(record, 0);
    record.flip();
    Varint.writeSigned(out, record.remaining());
    out.put(record);
  }

  /** Gives the batch the CRC that belongs to its bytes. */
  private static void seal(byte[] batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch, ATTRIBUTES_AT, batch.length - ATTRIBUTES_AT);
    ByteBuffer.wrap(batch).putInt(CRC_AT, (int) crc.getValue());
  }

  private static void flip(byte[] batch, int from, Random random) {
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      batch[from + random.nextInt(batch.length - from)] ^= (byte) (1 << random.nextInt(8));
    }
  }

  private static byte[] junk(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(100)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] joined(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] gzipped(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
