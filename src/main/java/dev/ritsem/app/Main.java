package dev.ritsem.app;

import dev.ritsem.app.tool.Console;
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
    System.exit(Ritsem.run(console, err, arguments));
  }
}
