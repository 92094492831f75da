package dev.ritsem.multijvm;

import java.io.File;
import java.util.List;

/**
 * What a judge's process said.
 *
 * @param command what was run
 * @param exitCode 0 if the judge was content
 * @param out its standard output
 * @param err its standard error
 */
public record Verdict(List<String> command, int exitCode, String out, String err) {
  public Verdict {
    command = List.copyOf(command);
  }

  /** Itself, if the exit code is 0. */
  public Verdict mustSucceed() {
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + ": " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    // The class path says nothing and is thousands of characters long.
    List<String> shown =
        command.stream().filter(word -> !word.contains(".jar" + File.pathSeparator)).toList();
    return String.join(" ", shown)
        + "\n-- exit code "
        + exitCode
        + "\n-- standard output\n"
        + out
        + "\n-- standard error\n"
        + err;
  }
}
