package dev.ritsem.client.transport;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * How long a connection is left alone after it could not be made: twice as long with each failure
 * in a row, up to the longest pause, give or take a fifth by chance.
 */
final class ReconnectPause {
  private static final double JITTER = 0.2;
  private static final int DOUBLINGS_MAX = 30;

  private final TransportOptions options;
  private final RandomGenerator random;
  private int failures;
  private long notBeforeNanos;
  private String lastFailure = "";

  ReconnectPause(TransportOptions options, RandomGenerator random) {
    this.options = options;
    this.random = random;
    this.notBeforeNanos = options.clock().nanoTime();
  }

  boolean isOver() {
    return options.clock().nanoTime() - notBeforeNanos >= 0;
  }

  /** What went wrong last, for people. */
  String lastFailure() {
    return lastFailure;
  }

  /** A connect failed. Gives the pause in ms. */
  long onFailure(String reason) {
    lastFailure = reason;
    failures++;
    double grown =
        (double) options.reconnectBackoffMs() * (1L << Math.min(failures - 1, DOUBLINGS_MAX));
    double bounded = Math.min(grown, (double) options.reconnectBackoffMaxMs());
    long pauseMs = Math.round(bounded * (1 + JITTER * (2 * random.nextDouble() - 1)));
    notBeforeNanos = options.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
    return pauseMs;
  }

  void onSuccess() {
    failures = 0;
  }
}
