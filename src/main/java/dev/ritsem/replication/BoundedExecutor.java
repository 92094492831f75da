package dev.ritsem.replication;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Runs at most so many tasks at once on another executor; the rest wait in order of arrival. Keeps
 * the recovery of one disk's logs from taking all threads of the blocking-I/O dispatcher.
 */
final class BoundedExecutor implements Executor {
  private final Executor target;
  private final int parallelismMax;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  /** Guarded by {@link #waiting}, as the queue is. */
  private int running;

  BoundedExecutor(Executor target, int parallelismMax) {
    this.target = target;
    this.parallelismMax = parallelismMax;
  }

  @Override
  public void execute(Runnable task) {
    synchronized (waiting) {
      if (running == parallelismMax) {
        waiting.addLast(task);
        return;
      }
      running++;
    }
    target.execute(() -> runAndGoOn(task));
  }

  private void runAndGoOn(Runnable task) {
    try {
      task.run();
    } finally {
      Runnable next;
      synchronized (waiting) {
        next = waiting.pollFirst();
        if (next == null) {
          running--;
        }
      }
      if (next != null) {
        Runnable following = next;
        target.execute(() -> runAndGoOn(following));
      }
    }
  }
}
