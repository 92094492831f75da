package dev.ritsem.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Replaces a whole small file in one step: the new content is written beside it and takes its name.
 * Whenever the process dies, the old or the new content is there; if the machine dies, that holds
 * only for content that was {@link #force forced}.
 */
final class AtomicFile {
  /** Writes without waiting for the disk: for content that can be made again, or forced later. */
  static void replace(Disk disk, Path file, ByteBuffer content) throws IOException {
    Path temporary = LogFileNames.withSuffix(file, LogFileNames.TEMPORARY);
    try (DiskFile target = disk.open(temporary)) {
      target.truncate(0);
      target.write(content, 0);
    }
    disk.rename(temporary, file);
  }

  static void replace(Disk disk, Path file, String content) throws IOException {
    replace(disk, file, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes and waits until content and name survive a crash of the machine. */
  static void replaceDurably(Disk disk, Path file, String content) throws IOException {
    Path temporary = LogFileNames.withSuffix(file, LogFileNames.TEMPORARY);
    try (DiskFile target = disk.open(temporary)) {
      target.truncate(0);
      target.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
      target.force();
    }
    disk.rename(temporary, file);
    Path directory = file.getParent();
    if (directory != null) {
      disk.forceDirectory(directory);
    }
  }

  /** Makes a file's content survive a crash of the machine. */
  static void force(Disk disk, Path file) throws IOException {
    try (DiskFile target = disk.openForReading(file)) {
      target.force();
    }
  }

  /** The whole content, big-endian, from position 0. */
  static ByteBuffer read(Disk disk, Path file) throws IOException {
    try (DiskFile source = disk.openForReading(file)) {
      ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(source.size()));
      source.read(content, 0);
      return content.flip();
    }
  }

  static String readText(Disk disk, Path file) throws IOException {
    return StandardCharsets.UTF_8.decode(read(disk, file)).toString();
  }

  private AtomicFile() {}
}
