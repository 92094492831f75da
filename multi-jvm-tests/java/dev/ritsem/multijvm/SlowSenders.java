package dev.ritsem.multijvm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients that send a good request one byte at a time, and wait for the answer. */
final class SlowSenders implements AutoCloseable {
  private static final int SENDERS = 10;
  private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();
  private static final byte[] API_VERSIONS_REQUEST = {
    0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 9, (byte) 0xff, (byte) 0xff
  };

  private final InetSocketAddress node;
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final Thread thread;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  SlowSenders(InetSocketAddress node) {
    this.node = node;
    this.thread = new Thread(this::run, "slow-senders");
    thread.start();
  }

  /** Requests that were answered. */
  int answered() {
    return answered.get();
  }

  /** Connections that the node closed before it had answered. */
  int refused() {
    return refused.get();
  }

  private void run() {
    while (!isStopping.get()) {
      List<SocketChannel> channels = new ArrayList<>();
      try {
        for (int i = 0; i < SENDERS; i++) {
          channels.add(SocketChannel.open(node));
        }
        for (byte one : API_VERSIONS_REQUEST) {
          for (SocketChannel channel : channels) {
            channel.write(ByteBuffer.wrap(new byte[] {one}));
          }
          LockSupport.parkNanos(STEP_NANOS);
        }
        for (SocketChannel channel : channels) {
          if (channel.read(ByteBuffer.allocate(1 << 16)) > 0) {
            answered.incrementAndGet();
          } else {
            refused.incrementAndGet();
          }
        }
      } catch (IOException e) {
        refused.incrementAndGet();
      } finally {
        channels.forEach(SlowSenders::close);
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  @Override
  public void close() {
    isStopping.set(true);
    try {
      thread.join(Duration.ofSeconds(30).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
