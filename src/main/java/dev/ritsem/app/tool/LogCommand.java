package dev.ritsem.app.tool;

import picocli.CommandLine.Command;

/** Looks into the files of a log; no node is asked. */
@Command(
    name = "log",
    description = "Look into the files of a partition directory.",
    subcommands = LogDumpCommand.class)
public final class LogCommand extends RitsemCommand {
  @Override
  public Integer call() {
    commandLine().usage(out());
    return ExitCode.OK;
  }
}
