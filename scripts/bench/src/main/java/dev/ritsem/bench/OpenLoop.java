package dev.ritsem.bench;

import java.util.concurrent.locks.LockSupport;

/** A schedule that never skips a slot after a stall, so that waiting shows in the latencies. */
final class OpenLoop {
  private final long stepNanos;
  private long dueNanos = System.nanoTime();

  OpenLoop(int perSecond) {
    this.stepNanos = 1_000_000_000L / perSecond;
  }

  /** Waits for the next due time and returns it. */
  long next() {
    dueNanos += stepNanos;
    long left = dueNanos - System.nanoTime();
    while (left > 0) {
      LockSupport.parkNanos(left);
      left = dueNanos - System.nanoTime();
    }
    return dueNanos;
  }
}
