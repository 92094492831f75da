package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * The file system as a log needs it. {@link NioDisk} is the machine's; tests use one that forgets
 * what was not forced when it crashes. Safe for use by any number of threads.
 *
 * <p>What survives a crash of the machine: bytes of a file after {@link DiskFile#force}, and the
 * names in a directory (created, renamed, deleted files) after {@link #forceDirectory}.
 */
public interface Disk {
  /** Opens a file for reading and writing; it is created if it is missing. */
  DiskFile open(Path file) throws IOException;

  /**
   * Opens a file for reading only.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  DiskFile openForReading(Path file) throws IOException;

  boolean exists(Path path) throws IOException;

  /**
   * The file's bytes, read-only and at their file positions, as they are now. Cheap: the bytes are
   * not copied where the platform can map them. Whoever shortens a mapped file replaces it by a new
   * one instead.
   */
  ByteBuffer map(Path file) throws IOException;

  /** Names and sizes of what lies directly in a directory, in no particular order. */
  List<Entry> list(Path directory) throws IOException;

  /** When a file was last written, in milliseconds since the epoch. */
  long lastModifiedMs(Path file) throws IOException;

  /** Creates the directory and those above it; nothing happens if it is there. */
  void createDirectories(Path directory) throws IOException;

  /**
   * Renames a file or directory in one step; an existing file of the new name is replaced, so that
   * at any time a file of that name is there.
   */
  void rename(Path from, Path to) throws IOException;

  /** Deletes a file or an empty directory; nothing happens if it is not there. */
  void delete(Path path) throws IOException;

  /** Makes the names in a directory survive a crash of the machine. */
  void forceDirectory(Path directory) throws IOException;

  /**
   * Takes a lock that keeps other processes, and other callers in this one, from using a directory;
   * it ends when it is closed or the process dies.
   *
   * @param file the lock file; it is created if it is missing
   * @throws IOException if somebody else holds it
   */
  AutoCloseable lock(Path file) throws IOException;

  /** Bytes that may still be written to the file system on which the path lies. */
  long usableBytes(Path path) throws IOException;

  /**
   * What a directory holds.
   *
   * @param path the whole path
   * @param sizeInBytes of a file; of a directory 0
   * @param directory whether it is one
   */
  record Entry(Path path, long sizeInBytes, boolean directory) {
    public String name() {
      return path.getFileName().toString();
    }
  }
}
