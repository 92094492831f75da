package dev.ritsem.replication.journal;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Files that were opened, or the reason why they could not be. A plugin keeps the reason instead of
 * failing to start, because then those who recover would wait for a timeout; so they are told at
 * once.
 */
final class Opened<T> {
  private final String what;
  private final @Nullable T files;
  private final @Nullable Exception failure;

  private Opened(String what, @Nullable T files, @Nullable Exception failure) {
    this.what = what;
    this.files = files;
    this.failure = failure;
  }

  /**
   * @param what what is opened, for the message: "the journal"
   */
  static <T> Opened<T> attempt(String what, Callable<T> open) {
    try {
      return new Opened<>(what, open.call(), null);
    } catch (Exception e) {
      return new Opened<>(what, null, e);
    }
  }

  @Nullable Exception failure() {
    return failure;
  }

  /**
   * @throws IOException if they could not be opened
   */
  T get() throws IOException {
    if (files == null) {
      throw new IOException(what + " could not be opened", failure);
    }
    return files;
  }
}
