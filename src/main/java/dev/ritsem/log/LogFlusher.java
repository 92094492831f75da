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

  // Guarded by this, for moments only: the writer moves the points back when it truncates, and a
  // flush that began before that must not move them on again.
  private long recoveryPoint;
  private long closedUpTo;
  private int truncations;

  /** Segments from this base on have names that may not survive a crash. */
  private long namesForcedUpTo = -1;

  private volatile boolean epochsChanged = true;

  /**
   * @param closedUpTo base of a segment; those before it are on the disk with all that belongs to
   *     them
   */
  LogFlusher(Disk disk, long recoveryPoint, long closedUpTo) {
    this.disk = disk;
    this.recoveryPoint = recoveryPoint;
    this.closedUpTo = closedUpTo;
  }

  synchronized long recoveryPoint() {
    return recoveryPoint;
  }

  /**
   * Base of a segment: those before it are on the disk with their indexes, and so is the producers'
   * state at this base. Only what lies before it may be deleted.
   */
  synchronized long closedUpTo() {
    return closedUpTo;
  }

  /** To be called before the view is taken that is flushed. */
  synchronized int begin() {
    return truncations;
  }

  /** The log ends earlier now; what was flushed beyond that is gone. */
  synchronized void truncated(long logEndOffset, long firstBase) {
    truncations++;
    recoveryPoint = Math.min(recoveryPoint, logEndOffset);
    closedUpTo = firstBase;
    namesForcedUpTo = -1;
  }

  /** The log begins later now and holds nothing before that. */
  synchronized void startedAt(long offset) {
    truncations++;
    recoveryPoint = offset;
    closedUpTo = offset;
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
    if (!isNeeded(view, target)) {
      return;
    }
    flushing.lock();
    try {
      if (!isNeeded(view, target)) {
        return;
      }
      forceSegments(directory, view, Math.min(recoveryPoint(), closedUpTo()), target);
      if (epochsChanged) {
        epochsChanged = false;
        forceIfPresent(directory.resolve(LogFileNames.LEADER_EPOCHS));
      }
      forceNames(directory, view, begun);
      advance(view, target, begun);
    } finally {
      flushing.unlock();
    }
  }

  private synchronized boolean isNeeded(PublishedView view, long target) {
    return target > recoveryPoint || newestBase(view, target) > closedUpTo;
  }

  /** Base of the last segment that begins at or before an offset. */
  private static long newestBase(PublishedView view, long target) {
    return view.segments().get(view.floor(target)).baseOffset();
  }

  private void forceSegments(Path directory, PublishedView view, long from, long target)
      throws IOException {
    List<Segment> segments = view.segments();
    for (int i = view.floor(from); i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.baseOffset() > target) {
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
    if (first) {
      forceIfPresent(directory.resolve(LogFileNames.PARTITION_METADATA));
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

  private synchronized void advance(PublishedView view, long target, int begun) {
    if (truncations == begun) {
      recoveryPoint = Math.max(recoveryPoint, target);
      closedUpTo = Math.max(closedUpTo, newestBase(view, target));
    }
  }

  private void forceIfPresent(Path file) throws IOException {
    if (disk.exists(file)) {
      AtomicFile.force(disk, file);
    }
  }
}
