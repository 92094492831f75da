package dev.ritsem.replication;

/**
 * One registration for news of a partition, made by {@link Partition#awaitProgress}. Its listener
 * runs at most once.
 */
@FunctionalInterface
public interface Waiter {
  /**
   * Gives the registration up. The listener may still be running or about to run on another thread
   * when this returns; once it has run, or was cancelled before, this does nothing.
   */
  void cancel();
}
