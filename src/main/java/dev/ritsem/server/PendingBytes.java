package dev.ritsem.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/** What waits in a channel to be sent: buffers and record slices, each by its size. */
final class PendingBytes implements MessageSizeEstimator.Handle {
  static final MessageSizeEstimator ESTIMATOR = PendingBytes::new;

  @Override
  public int size(Object message) {
    if (message instanceof ByteBuf buffer) {
      return buffer.readableBytes();
    }
    if (message instanceof FileRegion region) {
      return Math.toIntExact(region.count());
    }
    throw new IllegalArgumentException("not sent here: " + message.getClass());
  }
}
