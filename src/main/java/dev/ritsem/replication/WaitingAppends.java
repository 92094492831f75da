package dev.ritsem.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Appends that are in the log and wait for an end offset to reach them, in the order of the log.
 * Bounded; owned by one thread. Offsets that are required never fall from one entry to the next, so
 * what an advance releases is a prefix.
 *
 * @param <T> who waits
 */
final class WaitingAppends<T> {
  /** At no waiting append anything is due. */
  static final long NO_DEADLINE = Long.MAX_VALUE;

  private final int countMax;
  private final ArrayDeque<Entry<T>> entries = new ArrayDeque<>();

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
   * @throws IllegalStateException if it is full, which the caller asks before it appends, or the
   *     required end is below the one before
   */
  void add(long requiredEnd, long deadlineMs, T waiting) {
    if (isFull()) {
      throw new IllegalStateException("more than " + countMax + " appends wait");
    }
    if (!entries.isEmpty() && entries.getLast().requiredEnd() > requiredEnd) {
      throw new IllegalStateException(
          "an append up to %d waits behind one up to %d"
              .formatted(requiredEnd, entries.getLast().requiredEnd()));
    }
    entries.addLast(new Entry<>(requiredEnd, deadlineMs, waiting));
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
    for (Iterator<Entry<T>> all = entries.iterator(); all.hasNext(); ) {
      Entry<T> entry = all.next();
      if (entry.deadlineMs() <= nowMs) {
        all.remove();
        expired.add(entry.waiting());
      }
    }
    return expired;
  }

  /** Removes and returns everything, oldest first. */
  List<T> drain() {
    List<T> all = entries.stream().map(Entry::waiting).toList();
    entries.clear();
    return all;
  }

  /** The earliest deadline, or {@link #NO_DEADLINE}. */
  long nextDeadlineMs() {
    long next = NO_DEADLINE;
    for (Entry<T> entry : entries) {
      next = Math.min(next, entry.deadlineMs());
    }
    return next;
  }
}
