package dev.ritsem.app.process;

import dev.ritsem.app.tool.RitsemCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a node until it is told to stop. */
@Command(
    name = StartRequest.COMMAND,
    description =
        "Start a node: by default one of its own on localhost:9092, with its data under ./data.",
    footer = {
      "",
      "In the foreground the process is the node: it logs to standard error and stops cleanly on",
      "SIGTERM or Ctrl-C. With --daemon the command returns once the node answers.",
      "",
      "Examples:",
      "  ritsem start",
      "  ritsem start --daemon --set listeners=PLAINTEXT://0.0.0.0:9092 --set log.dirs=/srv/log",
      "  ritsem start --config conf/single-node.properties",
      "",
      "Exit codes: 0 stopped or, with --daemon, started; 3 a setting is unknown or not allowed;",
      "4 the node could not start; 143 or 130 stopped cleanly by SIGTERM or Ctrl-C."
    })
public final class StartCommand extends RitsemCommand {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "Settings: a HOCON file, or a Java properties file such as Kafka's server.properties if"
              + " its name ends so (default: conf/ritsem.conf beside the launcher).")
  private @Nullable Path config;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "One setting; goes before the file. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(
      names = {"-d", "--daemon"},
      description = "Start in the background; return once the node answers.")
  private boolean daemon;

  @Option(
      names = "--log-file",
      paramLabel = "FILE",
      description =
          "Log to this file, rolled by size, instead of standard error (default with --daemon:"
              + " ritsem.log in the first data directory).")
  private @Nullable Path logFile;

  // Kafka's own start script takes the file as its only argument.
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      hidden = true,
      description = "Settings, as --config.")
  private @Nullable Path configArgument;

  @Override
  public Integer call() throws Exception {
    Path file = configArgument == null ? config : configArgument;
    return NodeProcess.run(new StartRequest(file, assignments, daemon, logFile), out());
  }
}
