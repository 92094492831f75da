package dev.ritsem.app;

import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.RitsemCommand;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Show the version of Ritsem and of Java.")
final class VersionCommand extends RitsemCommand {
  @Override
  public Integer call() {
    out().printf("ritsem %s (Java %s)%n", version(), Runtime.version());
    return ExitCode.OK;
  }

  /** The version that the jar was built with; classes outside a jar have none. */
  static String version() {
    return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
        .orElse("unpackaged");
  }
}
