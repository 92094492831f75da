package dev.ritsem.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/** Has a channel read straight into the buffer that its {@link FrameAssembler} names. */
final class ReadingAllocator extends DefaultMaxMessagesRecvByteBufAllocator {
  /** Reads of one connection before others get their turn. */
  private static final int READS_PER_TURN = 8;

  private final FrameAssembler frames;

  ReadingAllocator(FrameAssembler frames) {
    super(READS_PER_TURN);
    this.frames = frames;
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        return frames.bufferForReading(allocator);
      }

      @Override
      public int guess() {
        return 0;
      }
    };
  }
}
