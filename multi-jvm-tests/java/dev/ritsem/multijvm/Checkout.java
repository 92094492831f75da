package dev.ritsem.multijvm;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies on this machine. */
final class Checkout {
  private Checkout() {}

  /**
   * The build passes {@code ritsem.home}; from an IDE the working directory's parents are tried.
   */
  static Path root() {
    String home = System.getProperty("ritsem.home", "");
    Path from = home.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(home).toAbsolutePath();
    for (Path at = from; at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("multi-jvm-tests"))) {
        return at;
      }
    }
    throw new IllegalStateException("no multi-jvm-tests/ in " + from + " or above it");
  }
}
