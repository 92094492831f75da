package dev.ritsem.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Segments that are marked deleted and wait until their files are removed, so that whoever still
 * reads them can finish. The writer adds, any thread removes.
 */
final class DeletedSegments {
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private record Waiting(Segment segment, long dueMs) {}

  synchronized void add(Segment segment, long dueMs) {
    waiting.add(new Waiting(segment, dueMs));
  }

  /** Removes the files of the segments whose time has come. */
  int removeDue(long nowMs) {
    int removed = 0;
    for (Segment segment : takeDue(nowMs)) {
      try {
        segment.deleteFiles();
        removed++;
      } catch (IOException e) {
        throw new LogIoException("remove", segment.file().path(), e);
      }
    }
    return removed;
  }

  private synchronized List<Segment> takeDue(long nowMs) {
    List<Segment> due = new ArrayList<>();
    while (!waiting.isEmpty() && waiting.peekFirst().dueMs() <= nowMs) {
      due.add(waiting.removeFirst().segment());
    }
    return due;
  }
}
