package dev.ritsem.app.tool;

import picocli.CommandLine.Option;

/** How a command's answer is written. */
public final class FormatOption {
  enum Format {
    TEXT,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "text|json",
      description = "How to write the answer: for people, or as JSON (default: text).")
  private Format format = Format.TEXT;

  public boolean json() {
    return format == Format.JSON;
  }
}
