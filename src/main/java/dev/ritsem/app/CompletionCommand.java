package dev.ritsem.app;

import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.RitsemCommand;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

@Command(
    name = CompletionCommand.NAME,
    description = "Print a script with which bash and zsh complete commands and options.",
    footer = {"", "Example:", "  source <(scripts/ritsem completion)"})
final class CompletionCommand extends RitsemCommand {
  static final String NAME = "completion";

  @Override
  public Integer call() {
    out().print(AutoComplete.bash("ritsem", commandLine().getCommandSpec().root().commandLine()));
    return ExitCode.OK;
  }
}
