package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.Path;

/** A file whose content cannot be what was written. What can be made again is made again. */
final class CorruptFileException extends IOException {
  private static final long serialVersionUID = 1L;

  CorruptFileException(Path file, String reason) {
    super(file + ": " + reason);
  }
}
