package dev.ritsem.server;

import dev.ritsem.protocol.EncodedResponse;
import dev.ritsem.protocol.ResponseEncoder;
import dev.ritsem.record.RecordsSlice;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Lays a connection's responses one after another into one pooled buffer, so that whatever was
 * answered in one turn of the loop leaves with one system call; record slices go between. Used on
 * the event loop only.
 */
final class ResponseWriter {
  /** Room for a few dozen small responses. */
  private static final int BUFFER_BYTES = 4096;

  private final ChannelHandlerContext channel;
  private final IntFunction<ByteBuffer> space = this::space;

  /** Bytes that were encoded and not handed to the channel yet; null if there are none. */
  private @Nullable ByteBuf pending;

  ResponseWriter(ChannelHandlerContext channel) {
    this.channel = channel;
  }

  /** Encodes a response behind those that are pending. */
  void write(ApiKeys api, short version, int correlationId, ApiMessage response) {
    EncodedResponse encoded = ResponseEncoder.encode(api, version, correlationId, response, space);
    ByteBuf buffer = pending;
    if (buffer == null) {
      throw new IllegalStateException("a response was encoded without asking for space");
    }
    int inlineBytes = encoded.inline().remaining();
    List<RecordsSlice> slices = encoded.slices();
    int done = 0;
    for (int i = 0; i < slices.size(); i++) {
      RecordsSlice slice = slices.get(i);
      if (slice.sizeInBytes() == 0) {
        slice.release();
        continue;
      }
      buffer.writerIndex(buffer.writerIndex() + encoded.inlineBytesBefore(i) - done);
      done = encoded.inlineBytesBefore(i);
      write(buffer.readRetainedSlice(buffer.readableBytes()));
      write(new SliceRegion(slice));
    }
    buffer.writerIndex(buffer.writerIndex() + inlineBytes - done);
  }

  /** Hands everything to the socket. */
  void flush() {
    handOver();
    channel.flush();
  }

  /** Gives up what was not handed over. */
  void close() {
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  private ByteBuffer space(int bytes) {
    ByteBuf buffer = pending;
    if (buffer != null && buffer.writableBytes() < bytes) {
      handOver();
      buffer = null;
    }
    if (buffer == null) {
      buffer = channel.alloc().directBuffer(Math.max(BUFFER_BYTES, bytes));
      pending = buffer;
    }
    return buffer.nioBuffer(buffer.writerIndex(), bytes);
  }

  private void handOver() {
    ByteBuf buffer = pending;
    if (buffer != null) {
      pending = null;
      if (buffer.isReadable()) {
        write(buffer);
      } else {
        buffer.release();
      }
    }
  }

  /** A failed write closes the channel, so nobody waits for the single one. */
  private void write(Object message) {
    ChannelFuture unused = channel.write(message, channel.voidPromise());
  }
}
