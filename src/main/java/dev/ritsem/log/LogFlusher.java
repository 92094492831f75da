package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes a log survive a crash of the machine, on any thread, while the writer goes on appending.
 * Everything below the recovery point is on the disk, in this order: records, then the indexes and
 * snapshots of closed segments and the leader epochs, then the names in the directory; only then
 * the point moves. So a start that trusts the point finds all that it stands for.
 */
final class LogFlusher {
  private final Disk disk;

  /** Held while waiting for the disk; never taken by the writer. */
  private final ReentrantLock flushing = new ReentrantLock();

  // Guarded by this, for moments only: the writer moves the point back when it truncates, and a
  // flush that began before that must not move it on again.
  private long recoveryPoint;
  private int truncations;

  /** Segments from this base on have names that may not survive a crash. */
  private long namesForcedUpTo = -1;

  private volatile boolean epochsChanged = true;

  LogFlusher(Disk disk, long recoveryPoint) {
    this.disk = disk;
    this.recoveryPoint = recoveryPoint;
  }

  synchronized long recoveryPoint() {
    return recoveryPoint;
  }

  private synchronized int truncations() {
    return truncations;
  }

  /** The log ends earlier now; what was flushed beyond that is gone. */
  synchronized void truncated(long logEndOffset) {
    truncations++;
    recoveryPoint = Math.min(recoveryPoint, logEndOffset);
    namesForcedUpTo = -1;
  }

  /** The log begins later now and holds nothing before that. */
  synchronized void startedAt(long offset) {
    truncations++;
    recoveryPoint = offset;
    namesForcedUpTo = -1;
  }

  void epochsChanged() {
    epochsChanged = true;
  }

  /**
   * Waits until everything below an offset is on the disk, as far as the log has it.
   *
   * @param view how the log is now, taken after a call of {@link #begin}
   * @param begun what that call returned
   */
  void flush(Path directory, PublishedView view, long upToOffset, int begun) throws IOException {
    long target = Math.min(upToOffset, view.logEndOffset());
    if (target <= recoveryPoint()) {
      return;
    }
    flushing.lock();
    try {
      long from = recoveryPoint();
      if (target <= from) {
        return;
      }
      forceSegments(directory, view, from, target);
      if (epochsChanged) {
        epochsChanged = false;
        forceIfPresent(directory.resolve(LogFileNames.LEADER_EPOCHS));
      }
      forceNames(directory, view, begun);
      advance(target, begun);
    } finally {
      flushing.unlock();
    }
  }

  /** To be called before the view is taken that is flushed. */
  int begin() {
    return truncations();
  }

  private void forceSegments(Path directory, PublishedView view, long from, long target)
      throws IOException {
    List<Segment> segments = view.segments();
    for (int i = view.floor(from); i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.baseOffset() >= target && i > view.floor(from)) {
        break;
      }
      boolean closed = i < segments.size() - 1;
      try {
        segment.force(closed);
      } catch (NoSuchFileException e) {
        // Deleted meanwhile, by retention or with the log: nothing of it has to survive.
        continue;
      }
      if (i > 0) {
        forceIfPresent(
            LogFileNames.file(directory, segment.baseOffset(), LogFileNames.PRODUCER_SNAPSHOT));
      }
    }
  }

  private void forceNames(Path directory, PublishedView view, int begun) throws IOException {
    List<Segment> segments = view.segments();
    long newest = segments.get(segments.size() - 1).baseOffset();
    boolean first;
    synchronized (this) {
      if (newest <= namesForcedUpTo) {
        return;
      }
      first = namesForcedUpTo < 0;
    }
    disk.forceDirectory(directory);
    Path parent = directory.getParent();
    if (first && parent != null) {
      disk.forceDirectory(parent);
    }
    synchronized (this) {
      namesForcedUpTo = truncations == begun ? newest : -1;
    }
  }

  private synchronized void advance(long target, int begun) {
    if (truncations == begun && target > recoveryPoint) {
      recoveryPoint = target;
    }
  }

  private void forceIfPresent(Path file) throws IOException {
    if (disk.exists(file)) {
      AtomicFile.force(disk, file);
    }
  }
}
