package dev.ritsem.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads records' fields one after another, out of a buffer or out of a decompressing stream. Of a
 * stream it holds one window of fixed size, whatever lengths the records announce; of a buffer the
 * window is the buffer. So one loop checks both kinds, and allocates nothing per record.
 *
 * <p>Running out of bytes is a {@link MalformedRecordsException}: a record that was announced is
 * not there.
 */
final class RecordCursor {
  static final int WINDOW_BYTES = 16 * 1024;

  private static final int VARINT_BYTES_MAX = 5;
  private static final int VARLONG_BYTES_MAX = 10;

  private final @Nullable InputStream source;
  private byte[] chunk;
  private final ByteBuffer window;
  private int position;
  private int limit;

  /** What {@link #consumed} has to add to the position: the bytes of earlier windows. */
  private long windowStart;

  private RecordCursor(@Nullable InputStream source, byte[] chunk, ByteBuffer window) {
    this.source = source;
    this.chunk = chunk;
    this.window = window;
    this.position = window.position();
    this.limit = window.limit();
    this.windowStart = -window.position();
  }

  /** Over the bytes from the buffer's position to its limit. */
  static RecordCursor over(ByteBuffer buffer) {
    return new RecordCursor(null, new byte[0], buffer);
  }

  /** Over what the stream gives. The caller closes the stream. */
  static RecordCursor over(InputStream source) {
    byte[] chunk = new byte[WINDOW_BYTES];
    return new RecordCursor(source, chunk, ByteBuffer.wrap(chunk, 0, 0));
  }

  /** How many bytes have been read so far. */
  long consumed() {
    return windowStart + position;
  }

  /** Whether every byte has been read. */
  boolean atEnd() {
    return position == limit && !refill();
  }

  byte readByte() {
    if (position == limit && !refill()) {
      throw endOfRecords();
    }
    return window.get(position++);
  }

  /** A zigzag-coded 32-bit number of 1 to 5 bytes. */
  int readVarint() {
    int first = readByte();
    if (first >= 0) {
      return (first >>> 1) ^ -(first & 1);
    }
    int value = first & 0x7F;
    for (int i = 1; i < VARINT_BYTES_MAX; i++) {
      byte next = readByte();
      value |= (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new MalformedRecordsException("a varint is longer than 5 bytes");
  }

  /** A zigzag-coded 64-bit number of 1 to 10 bytes. */
  long readVarlong() {
    long first = readByte();
    if (first >= 0) {
      return (first >>> 1) ^ -(first & 1);
    }
    long value = first & 0x7F;
    for (int i = 1; i < VARLONG_BYTES_MAX; i++) {
      byte next = readByte();
      value |= (next & 0x7FL) << (7 * i);
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new MalformedRecordsException("a varlong is longer than 10 bytes");
  }

  /** Passes over bytes; a length below 0 stands for null and passes over nothing. */
  void skip(int length) {
    int left = length;
    while (left > limit - position) {
      left -= limit - position;
      position = limit;
      if (!refill()) {
        throw endOfRecords();
      }
    }
    if (left > 0) {
      position += left;
    }
  }

  /**
   * The next bytes as a buffer of their own: a slice of the buffer, or a copy of what the stream
   * gives. The copy grows as bytes arrive and not as the length announces.
   */
  ByteBuffer read(int length) {
    if (source == null) {
      if (length > limit - position) {
        throw endOfRecords();
      }
      ByteBuffer slice = window.slice(position, length);
      position += length;
      return slice;
    }
    byte[] bytes = new byte[Math.min(length, Math.max(WINDOW_BYTES, limit - position))];
    int filled = 0;
    while (filled < length) {
      if (position == limit && !refill()) {
        throw endOfRecords();
      }
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * bytes.length));
      }
      int count = Math.min(bytes.length - filled, limit - position);
      window.get(position, bytes, filled, count);
      filled += count;
      position += count;
    }
    return ByteBuffer.wrap(bytes);
  }

  /** Writes the next bytes to a stream, a window at a time. */
  void copy(long length, OutputStream target) throws IOException {
    long left = length;
    while (left > 0) {
      if (position == limit && !refill()) {
        throw endOfRecords();
      }
      left -= copyWithinWindow((int) Math.min(left, limit - position), target);
    }
  }

  /** Writes all bytes that are left to a stream. */
  void copyAll(OutputStream target) throws IOException {
    while (!atEnd()) {
      copyWithinWindow(limit - position, target);
    }
  }

  private int copyWithinWindow(int length, OutputStream target) throws IOException {
    int count = length;
    if (window.hasArray()) {
      target.write(window.array(), window.arrayOffset() + position, count);
    } else {
      // Direct memory has no array to hand to a stream, so it passes through one.
      byte[] passage = passage();
      count = Math.min(count, passage.length);
      window.get(position, passage, 0, count);
      target.write(passage, 0, count);
    }
    position += count;
    return count;
  }

  private byte[] passage() {
    if (chunk.length == 0) {
      chunk = new byte[WINDOW_BYTES];
    }
    return chunk;
  }

  /** Gets the next window of a stream; false at its end, and always for a buffer. */
  private boolean refill() {
    if (source == null) {
      return false;
    }
    int read;
    try {
      read = source.read(chunk, 0, chunk.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    if (read <= 0) {
      return false;
    }
    windowStart += limit;
    position = 0;
    limit = read;
    window.limit(read);
    return true;
  }

  private static MalformedRecordsException endOfRecords() {
    return new MalformedRecordsException("the batch ends within a record");
  }
}
