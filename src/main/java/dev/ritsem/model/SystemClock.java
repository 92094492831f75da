package dev.ritsem.model;

/** The machine's clock. */
public enum SystemClock implements Clock {
  INSTANCE;

  @Override
  public long nowMs() {
    return System.currentTimeMillis();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }
}
