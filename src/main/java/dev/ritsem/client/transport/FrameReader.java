package dev.ritsem.client.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of a connection into frames: a 4-byte length and that many bytes. Each frame gets
 * a buffer of its own on the heap, because its records are read long after the next one came.
 */
final class FrameReader extends ChannelInboundHandlerAdapter {
  private final int maxFrameBytes;
  private final Consumer<ByteBuffer> onFrame;
  private final Consumer<Throwable> onEnd;
  private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
  private @Nullable ByteBuffer frame;

  /**
   * Tells of frames, without their length, and of the connection's end.
   *
   * @param onEnd called with what went wrong, possibly more than once
   */
  FrameReader(int maxFrameBytes, Consumer<ByteBuffer> onFrame, Consumer<Throwable> onEnd) {
    this.maxFrameBytes = maxFrameBytes;
    this.onFrame = onFrame;
    this.onEnd = onEnd;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      while (bytes.isReadable()) {
        read(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void read(ByteBuf bytes) {
    ByteBuffer open = frame;
    if (open == null) {
      fill(length, bytes);
      if (length.hasRemaining()) {
        return;
      }
      int size = length.flip().getInt();
      length.clear();
      if (size < Integer.BYTES || size > maxFrameBytes) {
        throw new IllegalStateException("the broker announces an answer of " + size + " bytes");
      }
      open = ByteBuffer.allocate(size);
      frame = open;
    }
    fill(open, bytes);
    if (!open.hasRemaining()) {
      frame = null;
      onFrame.accept(open.flip());
    }
  }

  private static void fill(ByteBuffer target, ByteBuf bytes) {
    int count = Math.min(target.remaining(), bytes.readableBytes());
    int limit = target.limit();
    target.limit(target.position() + count);
    bytes.readBytes(target);
    target.limit(limit);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    onEnd.accept(new IOException("the broker closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    onEnd.accept(cause);
    var unused = context.close();
  }
}
