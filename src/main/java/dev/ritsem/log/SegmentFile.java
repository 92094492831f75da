package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The .log file of a segment: open while somebody holds it, closed when the last holder lets go.
 * Holders are the writer (of the active segment), slices on their way out, and a flush. Any thread.
 */
final class SegmentFile {
  private final Disk disk;
  private Path path;
  private @Nullable DiskFile open;
  private int holders;

  SegmentFile(Disk disk, Path path) {
    this.disk = disk;
    this.path = path;
  }

  synchronized Path path() {
    return path;
  }

  /** Opens the file if nobody has it open; every call is matched by one {@link #release}. */
  synchronized DiskFile acquire() throws IOException {
    DiskFile file = open;
    if (file == null) {
      file = disk.openForReading(path);
      open = file;
    }
    holders++;
    return file;
  }

  /** Like {@link #acquire}, but for writing too; creates the file. Nobody may hold it yet. */
  synchronized DiskFile acquireForWriting() throws IOException {
    if (open != null) {
      throw new IllegalStateException(path + " is open for reading");
    }
    DiskFile file = disk.open(path);
    open = file;
    holders++;
    return file;
  }

  synchronized void release() {
    holders--;
    DiskFile file = open;
    if (holders == 0 && file != null) {
      open = null;
      try {
        file.close();
      } catch (IOException e) {
        // Closing writes nothing; what was written is in the file or was reported when written.
        return;
      }
    }
  }

  /** Gives the file another name; whoever holds it goes on. */
  synchronized void rename(Path to) throws IOException {
    disk.rename(path, to);
    path = to;
  }

  /** How many hold the file open; for tests. */
  synchronized int holders() {
    return holders;
  }
}
