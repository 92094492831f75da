package dev.ritsem.testing;

import dev.ritsem.model.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until a test moves it. May be read from any thread. */
public final class ManualClock implements Clock {
  private static final long NANOS_PER_MS = 1_000_000L;

  private final AtomicLong nowMs;

  public ManualClock(long startMs) {
    this.nowMs = new AtomicLong(startMs);
  }

  public void advanceMs(long ms) {
    nowMs.addAndGet(ms);
  }

  @Override
  public long nowMs() {
    return nowMs.get();
  }

  @Override
  public long nanoTime() {
    return nowMs.get() * NANOS_PER_MS;
  }
}
