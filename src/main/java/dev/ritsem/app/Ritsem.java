package dev.ritsem.app;

import dev.ritsem.app.demo.BenchCommand;
import dev.ritsem.app.demo.DemoCommand;
import dev.ritsem.app.process.StartCommand;
import dev.ritsem.app.process.StatusCommand;
import dev.ritsem.app.process.StopCommand;
import dev.ritsem.app.tool.ConfigsCommand;
import dev.ritsem.app.tool.Console;
import dev.ritsem.app.tool.ConsumeCommand;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.Failures;
import dev.ritsem.app.tool.LogCommand;
import dev.ritsem.app.tool.ProduceCommand;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.app.tool.TopicsCommand;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** The root of the command line: finds the command, runs it, and turns failures into exit codes. */
@Command(
    name = "ritsem",
    description = "A durable commit log that speaks Kafka's wire protocol.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Begin with:",
      "  ritsem demo              stream real files through a node of its own",
      "  ritsem start --daemon    one node on localhost:9092, data under ./data",
      "  ritsem help COMMAND      what a command can do, with examples",
      "",
      "Exit codes: 0 done; 1 tried and failed; 2 wrong usage; 3 a setting is unknown or not",
      "allowed; 4 a node could not start; 5 no broker answered."
    })
final class Ritsem extends RitsemCommand {
  // In the order of the help. Only the command that is called is made: reading the annotations of
  // all of them would be a noticeable part of a node's start.
  private static final Map<String, Function<Console, RitsemCommand>> COMMANDS =
      new LinkedHashMap<>();

  static {
    COMMANDS.put("start", console -> new StartCommand());
    COMMANDS.put("stop", console -> new StopCommand());
    COMMANDS.put("status", console -> new StatusCommand());
    COMMANDS.put("topics", console -> new TopicsCommand());
    COMMANDS.put("produce", ProduceCommand::new);
    COMMANDS.put("consume", ConsumeCommand::new);
    COMMANDS.put("configs", console -> new ConfigsCommand());
    COMMANDS.put("log", console -> new LogCommand());
    COMMANDS.put("demo", console -> new DemoCommand());
    COMMANDS.put("bench", console -> new BenchCommand());
    COMMANDS.put("settings", console -> new SettingsCommand());
    COMMANDS.put(CompletionCommand.NAME, console -> new CompletionCommand());
    COMMANDS.put("version", console -> new VersionCommand());
    COMMANDS.put(WarmUpCommand.NAME, console -> new WarmUpCommand());
  }

  /** Examples and exit codes are written for this width, and must not be broken. */
  private static final int HELP_COLUMNS = 100;

  private Ritsem() {}

  /**
   * Runs one command line.
   *
   * @return one of {@link ExitCode}
   */
  static int run(Console console, PrintWriter err, String... arguments) {
    PrintWriter out =
        new PrintWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8));
    CommandLine commandLine =
        arguments.length > 0
                && COMMANDS.containsKey(arguments[0])
                && !arguments[0].equals(CompletionCommand.NAME)
            ? commandLine(console, List.of(arguments[0]))
            : commandLine(console, List.copyOf(COMMANDS.keySet()));
    commandLine.setOut(out).setErr(err);
    int exitCode = commandLine.execute(arguments);
    out.flush();
    return exitCode;
  }

  private static CommandLine commandLine(Console console, List<String> names) {
    CommandLine root = new CommandLine(new Ritsem());
    for (String name : names) {
      CommandLine command =
          new CommandLine(Objects.requireNonNull(COMMANDS.get(name), name).apply(console));
      root.addSubcommand(name, command);
    }
    addHelp(root);
    if (names.size() > 1) {
      root.addSubcommand("help", new CommandLine.HelpCommand());
    }
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_COLUMNS)
        .setUsageHelpLongOptionsMaxWidth(32)
        .setParameterExceptionHandler(Ritsem::onWrongUsage)
        .setExecutionExceptionHandler(Ritsem::onFailure);
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Show this help and leave.")
                .build());
    command.getSubcommands().values().forEach(Ritsem::addHelp);
  }

  @Override
  public Integer call() {
    commandLine().usage(out());
    return ExitCode.OK;
  }

  private static int onWrongUsage(ParameterException failure, String[] arguments) {
    CommandLine at = failure.getCommandLine();
    PrintWriter err = at.getErr();
    err.println(prefix(at) + failure.getMessage());
    if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
      err.println("Try: " + at.getCommandSpec().qualifiedName() + " --help");
    }
    return ExitCode.USAGE;
  }

  private static int onFailure(Exception thrown, CommandLine at, CommandLine.ParseResult parsed) {
    at.getOut().flush();
    boolean verbose = at.getCommand() instanceof RitsemCommand command && command.verbose();
    return Failures.report(at.getCommandSpec().qualifiedName(), thrown, verbose, at.getErr());
  }

  private static String prefix(CommandLine at) {
    return at.getCommandSpec().qualifiedName() + ": ";
  }
}
