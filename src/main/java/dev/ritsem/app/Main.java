package dev.ritsem.app;

import dev.ritsem.app.process.NodeProcess;
import dev.ritsem.app.process.StartRequest;
import dev.ritsem.app.tool.Console;
import dev.ritsem.app.tool.Failures;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** The program that {@code scripts/ritsem} starts. */
public final class Main {
  private static final int OUTPUT_BUFFER_BYTES = 1 << 16;

  private Main() {}

  public static void main(String[] arguments) {
    Console console =
        new Console(
            System.in,
            new BufferedOutputStream(
                new FileOutputStream(FileDescriptor.out), OUTPUT_BUFFER_BYTES));
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(
        StartRequest.readPlain(arguments)
            .map(request -> start(request, console, err))
            .orElseGet(() -> Ritsem.run(console, err, arguments)));
  }

  // Whatever it is, the user gets one line and the shell a number.
  @SuppressWarnings("IllegalCatch")
  private static int start(StartRequest request, Console console, PrintWriter err) {
    try {
      return NodeProcess.run(request, new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    } catch (Exception failure) {
      return Failures.report("ritsem start", failure, false, err);
    }
  }
}
