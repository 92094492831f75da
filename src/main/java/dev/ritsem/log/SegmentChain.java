package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of a log, oldest first: at least one, and the last is the active one, whose file is
 * open for appends. Each change makes a new list, so a view keeps the one it was published with.
 * Only the log's writer touches this.
 */
final class SegmentChain {
  private final Disk disk;
  private final Path directory;
  private final RecentFiles recentFiles;
  private final DeletedSegments deleted = new DeletedSegments();
  private List<Segment> segments;
  private DiskFile activeFile;
  private long closedBytes;

  SegmentChain(
      Disk disk,
      Path directory,
      RecentFiles recentFiles,
      List<Segment> segments,
      DiskFile activeFile) {
    this.disk = disk;
    this.directory = directory;
    this.recentFiles = recentFiles;
    this.segments = List.copyOf(segments);
    this.activeFile = activeFile;
    this.closedBytes = countClosedBytes();
  }

  List<Segment> list() {
    return segments;
  }

  Segment active() {
    return segments.get(segments.size() - 1);
  }

  /** The active segment's file. */
  DiskFile activeFile() {
    return activeFile;
  }

  /** The offset at which the first segment begins. */
  long firstBase() {
    return segments.get(0).baseOffset();
  }

  long sizeInBytes() {
    return closedBytes + active().sizeInBytes();
  }

  DeletedSegments deleted() {
    return deleted;
  }

  /** Closes the active segment and begins one at an offset. If it fails, all is as before. */
  void begin(long baseOffset, long nowMs) throws IOException {
    Segment old = active();
    old.writeIndexes();
    Segment next = Segment.create(disk, directory, baseOffset, nowMs);
    DiskFile nextFile = next.openForAppends();
    List<Segment> withNext = new ArrayList<>(segments);
    withNext.add(next);
    segments = List.copyOf(withNext);
    activeFile = nextFile;
    closedBytes += old.sizeInBytes();
    old.file().release();
    old.unloadIndexes();
  }

  /**
   * Removes everything from an offset on; a batch that holds it goes as a whole. The offset is not
   * before the first segment. Waits for the disk.
   *
   * @return the offset after the last batch that is left, or the given one if that is lower
   */
  long cut(long offset, LogConfig config, long nowMs) throws IOException {
    int index = floor(offset);
    Segment kept = segments.get(index);
    kept.writeIndexes();
    int position = positionOf(kept, offset);
    long endOffset = Math.min(offset, baseOffsetAt(kept, position));
    active().file().release();
    markDeleted(segments.subList(index + 1, segments.size()), config, nowMs);
    // Readers of older views keep the old object and its file; appends go through a new one.
    Segment reopened = kept.reopened();
    List<Segment> left = new ArrayList<>(segments.subList(0, index));
    left.add(reopened);
    segments = List.copyOf(left);
    activeFile = reopened.openForAppends();
    closedBytes = countClosedBytes();
    reopened.setSizeInBytes(position);
    reopened.cutTornBytes(activeFile);
    // What was cut must not come back under records that are yet to be written.
    activeFile.force();
    reopened.truncateIndexes(position, endOffset);
    if (!SegmentTail.resume(reopened).sound()) {
      SegmentRecovery.ofIndexes(reopened, config.indexIntervalBytes()).run();
    }
    return endOffset;
  }

  /** Removes all segments and begins one at an offset. */
  void restartAt(long offset, LogConfig config, long nowMs) throws IOException {
    active().file().release();
    markDeleted(segments, config, nowMs);
    Segment only = Segment.create(disk, directory, offset, nowMs);
    activeFile = only.openForAppends();
    segments = List.of(only);
    closedBytes = 0;
  }

  /** Takes the oldest segments out; their files stay until {@link #markDeleted}. */
  List<Segment> takeFirst(int count) {
    List<Segment> taken = segments.subList(0, count);
    segments = List.copyOf(segments.subList(count, segments.size()));
    closedBytes = countClosedBytes();
    return taken;
  }

  /** Renames the files of segments, the newest first, and removes them after a while. */
  void markDeleted(List<Segment> gone, LogConfig config, long nowMs) throws IOException {
    for (int i = gone.size() - 1; i >= 0; i--) {
      markDeleted(gone.get(i), config, nowMs);
    }
  }

  void markDeleted(Segment gone, LogConfig config, long nowMs) throws IOException {
    recentFiles.drop(gone.file());
    gone.markDeleted();
    deleted.add(gone, nowMs + config.fileDeleteDelayMs());
  }

  /** Makes the indexes again that a reader found damaged. */
  void mendIndexes(int indexIntervalBytes) throws IOException {
    for (Segment segment : segments.subList(0, segments.size() - 1)) {
      if (segment.hasDamagedIndex()) {
        SegmentRecovery.ofIndexes(segment, indexIntervalBytes).run();
      }
    }
  }

  /** Closes all files that nobody else holds. */
  void letGo() {
    recentFiles.close();
    active().file().release();
  }

  private int floor(long offset) {
    int index = segments.size() - 1;
    while (index > 0 && segments.get(index).baseOffset() > offset) {
      index--;
    }
    return index;
  }

  private static int positionOf(Segment segment, long offset) throws IOException {
    DiskFile file = segment.file().acquire();
    try {
      int position = SegmentLookup.positionOf(segment, file, offset, segment.sizeInBytes());
      return position == SegmentLookup.NOT_FOUND ? segment.sizeInBytes() : position;
    } finally {
      segment.file().release();
    }
  }

  private static long baseOffsetAt(Segment segment, int position) throws IOException {
    DiskFile file = segment.file().acquire();
    try {
      BatchScanner batch = SegmentLookup.scanner(file, position, segment.sizeInBytes());
      return batch.next() ? batch.batch().baseOffset() : Long.MAX_VALUE;
    } finally {
      segment.file().release();
    }
  }

  private long countClosedBytes() {
    long bytes = 0;
    for (Segment closed : segments.subList(0, segments.size() - 1)) {
      bytes += closed.sizeInBytes();
    }
    return bytes;
  }
}
