package dev.ritsem.multijvm;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A moment until which a condition may take to come true. Tests that watch real processes have no
 * clock of their own to move; they poll, and they fail with what they saw last.
 */
public final class Deadline {
  private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

  private final long startNanos = System.nanoTime();
  private final Duration limit;

  private Deadline(Duration limit) {
    this.limit = limit;
  }

  public static Deadline in(Duration limit) {
    return new Deadline(limit);
  }

  public boolean isOver() {
    return System.nanoTime() - startNanos > limit.toNanos();
  }

  public Duration left() {
    long left = limit.toNanos() - (System.nanoTime() - startNanos);
    return Duration.ofNanos(Math.max(0, left));
  }

  /**
   * Returns once the condition holds. An exception or a failed assertion counts as "not yet"; the
   * last one becomes the cause of the failure.
   *
   * @param what what is awaited, for the message
   * @throws AssertionError when the time is over
   */
  public void await(String what, Callable<Boolean> condition) {
    await(what, condition, () -> "");
  }

  /** As {@link #await(String, Callable)}, with a description of what was seen instead. */
  public void await(String what, Callable<Boolean> condition, Supplier<String> seen) {
    Throwable last = null;
    while (true) {
      try {
        if (condition.call()) {
          return;
        }
      } catch (Exception | AssertionError notYet) {
        last = notYet;
      }
      if (isOver()) {
        throw new AssertionError(
            "not within " + limit.toMillis() + " ms: " + what + " " + seen.get(), last);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
