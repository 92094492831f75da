package dev.ritsem.log;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the closed segments open that were read last, so that a reader on its way through old
 * records does not open a file per fetch, and a log with many segments does not hold many open.
 */
final class RecentFiles {
  /** Two readers at different places of a log keep their files. */
  private static final int KEPT_MAX = 2;

  private final @Nullable SegmentFile[] kept = new SegmentFile[KEPT_MAX];
  private int eldest;
  private boolean closed;

  /** Holds a file that is being read, and lets go of the one that was kept longest. */
  synchronized void keep(SegmentFile file) throws IOException {
    if (closed) {
      return;
    }
    for (SegmentFile known : kept) {
      if (known == file) {
        return;
      }
    }
    file.acquire();
    SegmentFile evicted = kept[eldest];
    kept[eldest] = file;
    eldest = (eldest + 1) % KEPT_MAX;
    if (evicted != null) {
      evicted.release();
    }
  }

  /** Lets go of a file that is about to go away. */
  synchronized void drop(SegmentFile file) {
    for (int i = 0; i < KEPT_MAX; i++) {
      if (kept[i] == file) {
        kept[i] = null;
        file.release();
      }
    }
  }

  /** Lets go of all, for good. */
  synchronized void close() {
    closed = true;
    for (int i = 0; i < KEPT_MAX; i++) {
      SegmentFile file = kept[i];
      kept[i] = null;
      if (file != null) {
        file.release();
      }
    }
  }
}
