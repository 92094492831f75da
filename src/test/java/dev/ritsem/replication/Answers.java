package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Collects the answers of appends. */
final class Answers implements Consumer<AppendResult> {
  private static final long WAIT_SECONDS_MAX = 20;

  private final BlockingQueue<AppendResult> results = new LinkedBlockingQueue<>();

  @Override
  public void accept(AppendResult result) {
    results.add(result);
  }

  /** The next answer; fails if none comes. */
  AppendResult next() {
    try {
      AppendResult result = results.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
      assertThat(result).as("an answer").isNotNull();
      return result;
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while waiting for an answer", e);
    }
  }

  boolean isEmpty() {
    return results.isEmpty();
  }
}
