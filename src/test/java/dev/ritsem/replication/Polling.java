package dev.ritsem.replication;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what becomes true on other threads, with a deadline. */
final class Polling {
  private static final long DEADLINE_NANOS = Duration.ofSeconds(20).toNanos();
  private static final long STEP_NANOS = 1_000_000L;

  private Polling() {}

  static void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        throw new AssertionError("in time, " + what);
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }
}
