package dev.ritsem.server;

import dev.ritsem.model.Clock;
import org.slf4j.Logger;

/**
 * Writes log lines that strangers can cause, at most a few per second; how many were left out is
 * said with the next one. Thread-safe.
 */
final class BoundedLog {
  private static final int LINES_PER_WINDOW = 10;
  private static final long WINDOW_NANOS = 1_000_000_000L;

  private final Logger log;
  private final Clock clock;
  private long windowStartNanos;
  private int lines;
  private long leftOut;

  BoundedLog(Logger log, Clock clock) {
    this.log = log;
    this.clock = clock;
    this.windowStartNanos = clock.nanoTime();
  }

  void info(String message) {
    long before;
    synchronized (this) {
      long now = clock.nanoTime();
      if (now - windowStartNanos >= WINDOW_NANOS) {
        windowStartNanos = now;
        lines = 0;
      }
      if (lines >= LINES_PER_WINDOW) {
        leftOut++;
        return;
      }
      lines++;
      before = leftOut;
      leftOut = 0;
    }
    if (before > 0) {
      log.info("{} ({} such lines before it were left out)", message, before);
    } else {
      log.info("{}", message);
    }
  }
}
