package dev.ritsem.server;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The memory of all requests that have arrived, wholly or in part, and are not answered. Bytes are
 * reserved as they arrive, never as a length announces them. At the limit connections stop reading.
 *
 * <p>Then all the memory may lie in frames of which no single one is complete; so that they do not
 * wait for each other for ever, one connection at a time may go on until its frame is whole. What
 * is reserved therefore exceeds the limit by at most one frame and what connections were reading at
 * that moment.
 *
 * <p>Thread-safe.
 */
final class RequestMemory {
  /** A connection that stopped reading. */
  interface Paused {
    /** There may be memory again: look, on your own loop. */
    void resume();
  }

  private final long limitBytes;
  private final AtomicLong reservedBytes = new AtomicLong();
  private final AtomicReference<@Nullable Paused> favoured = new AtomicReference<>();
  private final ConcurrentLinkedQueue<Paused> paused = new ConcurrentLinkedQueue<>();

  RequestMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /**
   * Whether a connection may read on. If not, it is resumed later, once.
   *
   * @param midFrame whether it has a frame that is not complete
   */
  boolean mayRead(Paused connection, boolean midFrame) {
    if (reservedBytes.get() < limitBytes) {
      return true;
    }
    if (midFrame && (favoured.get() == connection || favoured.compareAndSet(null, connection))) {
      return true;
    }
    paused.add(connection);
    if (reservedBytes.get() < limitBytes) {
      // Memory came back between the two looks, and its release may have found nobody waiting.
      resumeAll();
    }
    return false;
  }

  void reserve(long bytes) {
    reservedBytes.addAndGet(bytes);
  }

  void release(long bytes) {
    if (bytes != 0 && reservedBytes.addAndGet(-bytes) < limitBytes && !paused.isEmpty()) {
      resumeAll();
    }
  }

  /** The connection's frame is complete, or the connection is gone. */
  void frameEnded(Paused connection) {
    if (favoured.get() == connection && favoured.compareAndSet(connection, null)) {
      resumeAll();
    }
  }

  long reservedBytes() {
    return reservedBytes.get();
  }

  private void resumeAll() {
    for (int left = paused.size(); left > 0; left--) {
      Paused connection = paused.poll();
      if (connection == null) {
        return;
      }
      connection.resume();
    }
  }
}
