package dev.ritsem.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A log directory that this node cannot use: another process has it, or it belongs to another node
 * or cluster. The message is for the person who starts the node.
 */
public final class LogDirectoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LogDirectoryException(Path directory, String reason, @Nullable Throwable cause) {
    super("Cannot use the log directory %s: %s".formatted(directory, reason), cause);
  }
}
