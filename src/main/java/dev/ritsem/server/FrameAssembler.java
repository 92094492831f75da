package dev.ritsem.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection's bytes into frames: a 4-byte length and so many bytes.
 *
 * <p>Frames that lie whole in a read buffer are views of it. A frame that does not is assembled in
 * a buffer of its own, and the socket is read straight into that ({@link #bufferForReading}). Such
 * a buffer grows with what has arrived, at most fourfold at a time: a length that is only announced
 * reserves {@value #FIRST_BYTES} bytes at most.
 *
 * <p>Used on the connection's event loop only.
 */
final class FrameAssembler {
  /** What to do with a frame. */
  interface Receiver {
    /**
     * Takes one frame.
     *
     * @param holder the buffer in which it lies; retain it to use the bytes later
     * @param start where in the holder it begins
     * @param length how long it is
     */
    void onFrame(ByteBuf holder, int start, int length);

    /**
     * Whether another frame is welcome now. If not, {@link FrameAssembler#resume} is called later.
     */
    boolean wantsFrames();
  }

  /** A frame whose length is not allowed. */
  static final class FrameLengthException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FrameLengthException(String message) {
      super(message, null, false, false);
    }
  }

  private static final int LENGTH_BYTES = 4;

  /** First capacity of a frame's own buffer. */
  private static final int FIRST_BYTES = 65_536;

  /** What a connection's earlier frames can earn it as a first capacity. */
  private static final int PROVEN_BYTES_MAX = 1_048_576;

  private static final int READ_BYTES_MIN = 2_048;
  private static final int READ_BYTES_MAX = 32_768;

  /**
   * What is read after a frame of this size or more: little, so that the next such frame is read
   * into a buffer of its own nearly from its beginning, and not copied there.
   */
  private static final int LARGE_FRAME_BYTES = 32_768;

  private static final int READ_BYTES_AFTER_LARGE_FRAME = 1_024;

  private final int frameBytesMax;
  private final RequestMemory memory;
  private final Receiver receiver;

  /** First capacity of the next frame's own buffer. */
  private int firstBytes = FIRST_BYTES;

  /** How much the next read of an unknown frame takes. */
  private int readBytes = READ_BYTES_MIN;

  /** Bytes that have been read, begin with a length, and wait until frames are welcome again. */
  private @Nullable ByteBuf backlog;

  /** The frame that is being assembled, without its length; else null. */
  private @Nullable ByteBuf partial;

  /** Full length of {@link #partial}. */
  private int partialLength;

  /** The first bytes of a length, and how many; 0 to 3. */
  private int lengthPrefix;

  private int lengthPrefixBytes;

  FrameAssembler(int frameBytesMax, RequestMemory memory, Receiver receiver) {
    this.frameBytesMax = frameBytesMax;
    this.memory = memory;
    this.receiver = receiver;
  }

  /** Whether a frame has begun and is not complete. */
  boolean midFrame() {
    return partial != null || lengthPrefixBytes > 0;
  }

  /** How long the frame that is being assembled will be; 0 if there is none. */
  int lengthInProgress() {
    return partial == null ? 0 : partialLength;
  }

  /** Whether bytes wait that could not be taken. */
  boolean hasBacklog() {
    return backlog != null;
  }

  /** The buffer into which the socket is read next; one reference goes to the reader. */
  ByteBuf bufferForReading(ByteBufAllocator allocator) {
    if (partial == null) {
      return allocator.directBuffer(readBytes);
    }
    ByteBuf frame = withRoom(partial);
    return frame.retain();
  }

  /** Takes what was read, together with its reference. */
  @SuppressWarnings("ReferenceEquality") // Whether it is the very buffer that was handed out.
  void onBytes(ByteBuf bytes) {
    try {
      if (bytes == partial) {
        finishIfComplete();
        return;
      }
      adaptReadSize(bytes);
      if (backlog != null) {
        appendToBacklog(bytes);
      } else {
        cut(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  /** Goes on with what waits, as long as frames are welcome. */
  void resume() {
    ByteBuf waiting = backlog;
    if (waiting == null) {
      return;
    }
    backlog = null;
    try {
      cut(waiting);
    } finally {
      waiting.release();
    }
  }

  void close() {
    if (backlog != null) {
      backlog.release();
      backlog = null;
    }
    if (partial != null) {
      memory.release(partial.capacity());
      partial.release();
      partial = null;
    }
  }

  private void cut(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (!receiver.wantsFrames()) {
        backlog = bytes.retain();
        return;
      }
      if (partial != null) {
        fillPartial(bytes);
      } else if (lengthPrefixBytes > 0 || bytes.readableBytes() < LENGTH_BYTES) {
        readLengthByte(bytes);
      } else {
        int length = checkLength(bytes.readInt());
        if (bytes.readableBytes() >= length) {
          int start = bytes.readerIndex();
          bytes.skipBytes(length);
          receiver.onFrame(bytes, start, length);
        } else {
          startPartial(length, bytes);
        }
      }
    }
  }

  private void readLengthByte(ByteBuf bytes) {
    lengthPrefix = (lengthPrefix << 8) | bytes.readUnsignedByte();
    lengthPrefixBytes++;
    if (lengthPrefixBytes == LENGTH_BYTES) {
      int length = checkLength(lengthPrefix);
      lengthPrefix = 0;
      lengthPrefixBytes = 0;
      startPartial(length, bytes);
      finishIfComplete();
    }
  }

  private int checkLength(int length) {
    if (length < 0 || length > frameBytesMax) {
      throw new FrameLengthException(
          "a frame announces %d bytes; allowed are %d".formatted(length, frameBytesMax));
    }
    return length;
  }

  private void startPartial(int length, ByteBuf bytes) {
    if (length >= LARGE_FRAME_BYTES) {
      readBytes = READ_BYTES_AFTER_LARGE_FRAME;
    }
    ByteBuf frame = bytes.alloc().directBuffer(Math.min(length, firstBytes), length);
    memory.reserve(frame.capacity());
    partial = frame;
    partialLength = length;
  }

  private void fillPartial(ByteBuf bytes) {
    ByteBuf frame = withRoom(partial);
    int count = Math.min(frame.writableBytes(), bytes.readableBytes());
    frame.writeBytes(bytes, count);
    finishIfComplete();
  }

  private void finishIfComplete() {
    ByteBuf frame = partial;
    if (frame == null || frame.readableBytes() < partialLength) {
      return;
    }
    partial = null;
    memory.release(frame.capacity());
    firstBytes = Math.max(firstBytes, Math.min(partialLength, PROVEN_BYTES_MAX));
    try {
      receiver.onFrame(frame, 0, partialLength);
    } finally {
      frame.release();
    }
  }

  /** The same frame, in a larger buffer if it has filled its own. */
  private ByteBuf withRoom(@Nullable ByteBuf frame) {
    if (frame == null) {
      throw new IllegalStateException("no frame is being assembled");
    }
    if (frame.isWritable()) {
      return frame;
    }
    int capacity = (int) Math.min(partialLength, 4L * frame.capacity());
    ByteBuf larger = frame.alloc().directBuffer(capacity, partialLength);
    memory.reserve(capacity - frame.capacity());
    larger.writeBytes(frame);
    frame.release();
    partial = larger;
    return larger;
  }

  private void appendToBacklog(ByteBuf bytes) {
    ByteBuf waiting = backlog;
    if (waiting == null) {
      throw new IllegalStateException("nothing waits");
    }
    ByteBuf both = bytes.alloc().directBuffer(waiting.readableBytes() + bytes.readableBytes());
    both.writeBytes(waiting).writeBytes(bytes);
    waiting.release();
    backlog = both;
  }

  private void adaptReadSize(ByteBuf bytes) {
    int read = bytes.readableBytes();
    if (!bytes.isWritable()) {
      readBytes = Math.min(READ_BYTES_MAX, 4 * readBytes);
    } else if (read < readBytes / 4 || readBytes < READ_BYTES_MIN) {
      readBytes = Math.max(READ_BYTES_MIN, readBytes / 2);
    }
  }
}
