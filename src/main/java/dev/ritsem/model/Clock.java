package dev.ritsem.model;

/**
 * Where time comes from. Only the composition root uses {@link SystemClock}; tests move a clock of
 * their own by hand.
 */
public interface Clock {
  /**
   * Milliseconds since the epoch, as people and records' timestamps count them. May jump in either
   * direction.
   */
  long nowMs();

  /** Nanoseconds from an arbitrary origin, for measuring how long something took. Never falls. */
  long nanoTime();
}
