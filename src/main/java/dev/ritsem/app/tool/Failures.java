package dev.ritsem.app.tool;

import dev.ritsem.app.NodeStartException;
import dev.ritsem.config.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Tells the user, in one line, and the shell, in one number, why a command failed. */
public final class Failures {
  private Failures() {}

  /**
   * Prints the message.
   *
   * @param command what the user called
   * @param verbose whether to show where it happened too
   * @return one of {@link ExitCode}
   */
  public static int report(String command, Throwable thrown, boolean verbose, PrintWriter err) {
    Throwable failure = unwrapped(thrown);
    err.println(command + ": " + message(failure));
    if (verbose) {
      failure.printStackTrace(err);
    }
    err.flush();
    if (failure instanceof ToolException exception) {
      return exception.exitCode();
    }
    if (failure instanceof SettingsException) {
      return ExitCode.SETTINGS;
    }
    if (failure instanceof NodeStartException) {
      return ExitCode.NODE;
    }
    return ClientFailures.isUnreachable(failure) ? ExitCode.UNREACHABLE : ExitCode.FAILED;
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      return "no such file: " + message;
    }
    return message == null || message.isBlank() || failure instanceof IOException
        ? failure.toString()
        : message;
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable inner = failure;
    while ((inner instanceof CompletionException || inner instanceof ExecutionException)
        && inner.getCause() != null) {
      inner = inner.getCause();
    }
    return inner;
  }
}
