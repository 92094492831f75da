package dev.ritsem.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Appends that are in the log and wait for an end offset to reach them, in the order of their
 * arrival. Bounded; owned by one thread. Offsets that are required never fall from one entry to the
 * next, so what an advance releases is a prefix.
 *
 * @param <T> who waits
 */
final class WaitingAppends<T> {
  /** Nothing is due at any time. */
  static final long NO_DEADLINE = Long.MAX_VALUE;

  private final int countMax;
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();

  /** No entry's deadline is earlier. Exact after {@link #expired}; releases leave it as it is. */
  private long nextDeadlineMs = NO_DEADLINE;

  WaitingAppends(int countMax) {
    this.countMax = countMax;
  }

  /**
   * @param requiredEnd the end offset that releases it
   * @param deadlineMs when it has waited long enough
   */
  private record Entry<T>(long requiredEnd, long deadlineMs, T waiting) {}

  boolean isFull() {
    return entries.size() >= countMax;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  /**
   * Keeps an append until its end is reached. A repeated one, whose records lie further back in the
   * log, waits for as much as the one that came before it: never less than it needs.
   *
   * @throws IllegalStateException if it is full, which the caller asks before it appends
   */
  void add(long requiredEnd, long deadlineMs, T waiting) {
    if (isFull()) {
      throw new IllegalStateException("more than " + countMax + " appends wait");
    }
    long end = entries.isEmpty() ? requiredEnd : Math.max(requiredEnd, lastRequiredEnd());
    entries.addLast(new Entry<>(end, deadlineMs, waiting));
    nextDeadlineMs = Math.min(nextDeadlineMs, deadlineMs);
  }

  /** Removes and returns what the end has reached, oldest first. */
  List<T> released(long end) {
    if (entries.isEmpty() || entries.getFirst().requiredEnd() > end) {
      return List.of();
    }
    List<T> released = new ArrayList<>();
    while (!entries.isEmpty() && entries.getFirst().requiredEnd() <= end) {
      released.add(entries.removeFirst().waiting());
    }
    return released;
  }

  /** Removes and returns what has waited long enough, oldest first. */
  List<T> expired(long nowMs) {
    List<T> expired = new ArrayList<>();
    nextDeadlineMs = NO_DEADLINE;
    for (Iterator<Entry<T>> all = entries.iterator(); all.hasNext(); ) {
      Entry<T> entry = all.next();
      if (entry.deadlineMs() <= nowMs) {
        all.remove();
        expired.add(entry.waiting());
      } else {
        nextDeadlineMs = Math.min(nextDeadlineMs, entry.deadlineMs());
      }
    }
    return expired;
  }

  /** Removes and returns everything, oldest first. */
  List<T> drain() {
    List<T> all = entries.stream().map(Entry::waiting).toList();
    entries.clear();
    nextDeadlineMs = NO_DEADLINE;
    return all;
  }

  /** When it is worth asking for {@link #expired} ones; {@link #NO_DEADLINE} if nothing waits. */
  long nextDeadlineMs() {
    return entries.isEmpty() ? NO_DEADLINE : nextDeadlineMs;
  }

  private long lastRequiredEnd() {
    return entries.getLast().requiredEnd();
  }
}
