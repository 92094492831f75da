package dev.ritsem.app.tool;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What every command has, besides its help: somewhere to write. {@link #call} gives one of {@link
 * ExitCode}; a failure is thrown, and told at the root of the command line.
 */
public abstract class RitsemCommand implements Callable<Integer> {
  @Option(
      names = {"-v", "--verbose"},
      description = "On an error, show where in the program it happened.")
  private boolean verbose;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Whether a failure is to be shown with its stack trace. */
  public final boolean verbose() {
    return verbose;
  }

  protected final CommandLine commandLine() {
    return spec.commandLine();
  }

  /** Where answers go; what is only for people to watch goes to {@link #err}. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
