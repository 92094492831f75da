package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The disk refused an operation on a log; the log is as it was before. The message names the file
 * or directory and what was tried. A client is told KAFKA_STORAGE_ERROR.
 */
public final class LogIoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Path path;

  public LogIoException(String operation, Path path, IOException cause) {
    super("Cannot %s %s: %s".formatted(operation, path, cause), cause);
    this.path = path;
  }

  /** The file or directory that the operation was about. */
  public Path path() {
    return path;
  }
}
