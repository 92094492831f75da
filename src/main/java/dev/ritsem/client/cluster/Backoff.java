package dev.ritsem.client.cluster;

import java.util.random.RandomGenerator;

/**
 * Pauses between tries: doubling from the first to a longest one, each made up to 20 % longer or
 * shorter by chance, so that many clients do not come back at the same moment.
 */
public final class Backoff {
  private static final double JITTER = 0.2;
  private static final int DOUBLINGS_MAX = 30;

  private final long firstMs;
  private final long longestMs;
  private final RandomGenerator random;

  public Backoff(long firstMs, long longestMs, RandomGenerator random) {
    this.firstMs = firstMs;
    this.longestMs = longestMs;
    this.random = random;
  }

  /**
   * The pause after a number of failures in a row.
   *
   * @param failures at least 1
   */
  public long pauseMs(int failures) {
    long doubled = firstMs << Math.min(failures - 1, DOUBLINGS_MAX);
    long bounded = doubled < firstMs ? longestMs : Math.min(doubled, longestMs);
    return Math.round(bounded * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
