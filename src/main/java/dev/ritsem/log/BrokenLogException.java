package dev.ritsem.log;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What lies on disk can no longer be told: a flush failed, or the torn rest of a failed append
 * could not be removed. The log acknowledges nothing any more, whatever is called; the replica goes
 * offline until the node is started again and recovery has looked at the files.
 */
public final class BrokenLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokenLogException(Path directory, String reason, @Nullable Throwable cause) {
    super("The log in %s is broken: %s".formatted(directory, reason), cause);
  }
}
