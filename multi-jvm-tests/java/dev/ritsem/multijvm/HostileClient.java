package dev.ritsem.multijvm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends hostile inputs, several over one connection until the node closes it or the client has had
 * enough, and leaves connections as strangers do: politely, half-closed, or torn down. It never
 * waits for an answer, but it notices a node that neither takes bytes nor lets go.
 */
final class HostileClient implements AutoCloseable {
  private static final Duration STUCK_LIMIT = Duration.ofSeconds(20);
  private static final long BREATH_NANOS = Duration.ofMillis(1).toNanos();

  private final InetSocketAddress node;
  private final ByteBuffer answers = ByteBuffer.allocateDirect(1 << 18);
  private @Nullable SocketChannel channel;
  private boolean mayWait;
  private long answeredBytes;

  HostileClient(InetSocketAddress node) {
    this.node = node;
  }

  /** Bytes that the node has answered so far: it must not be nothing. */
  long answeredBytes() {
    return answeredBytes;
  }

  void send(HostileInput input) throws IOException {
    Random random = new Random(input.number());
    SocketChannel open = channel;
    if (open == null) {
      open = SocketChannel.open(node);
      open.setOption(StandardSocketOptions.TCP_NODELAY, true);
      open.configureBlocking(false);
      channel = open;
      mayWait = false;
    }
    mayWait |= input.mayWait();
    try {
      write(open, input.bytes().duplicate(), input);
      if (drain(open) < 0) {
        close();
      } else if (input.isLast() || random.nextInt(8) == 0) {
        leave(open, input, random);
      }
    } catch (IOException closedByTheNode) {
      close();
    }
  }

  private void write(SocketChannel open, ByteBuffer bytes, HostileInput input) throws IOException {
    Deadline deadline = Deadline.in(STUCK_LIMIT);
    while (bytes.hasRemaining()) {
      if (open.write(bytes) == 0) {
        if (drain(open) < 0) {
          return;
        }
        // A parked fetch may rightly hold up what was sent behind it.
        if (mayWait || deadline.isOver()) {
          if (!mayWait) {
            throw new AssertionError("the node takes no bytes any more: " + describe(input));
          }
          close();
          return;
        }
        LockSupport.parkNanos(BREATH_NANOS);
      }
    }
  }

  private void leave(SocketChannel open, HostileInput input, Random random) throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> open.setOption(StandardSocketOptions.SO_LINGER, 0);
      case 1 -> {
        if (!mayWait) {
          open.shutdownOutput();
          Deadline deadline = Deadline.in(STUCK_LIMIT);
          while (drain(open) >= 0) {
            if (deadline.isOver()) {
              throw new AssertionError(
                  "the node keeps a connection that its client has ended: " + describe(input));
            }
            LockSupport.parkNanos(BREATH_NANOS);
          }
        }
      }
      default -> {}
    }
    close();
  }

  /** Takes what is there to read; negative at the end of the stream. */
  private int drain(SocketChannel open) throws IOException {
    int read;
    do {
      read = open.read(answers.clear());
      answeredBytes += Math.max(0, read);
    } while (read > 0);
    return read;
  }

  private static String describe(HostileInput input) {
    return "input " + input.number() + " (" + input.kind() + ")";
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
