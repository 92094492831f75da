package dev.ritsem.app.process;

import dev.ritsem.app.NodeSettings;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.ToolException;
import dev.ritsem.config.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the launcher once more for the foreground, as a process that outlives the terminal, and
 * waits until that node has written its pid file, which it does when it answers.
 */
final class BackgroundStart {
  /** Set by the launcher script: its own path. */
  private static final String SCRIPT = "ritsem.script";

  private static final long POLL_MS = 20;
  private static final long LIMIT_MS = TimeUnit.MINUTES.toMillis(10);
  private static final int OUTPUT_LINES_SHOWN = 20;

  private final StartRequest request;
  private final PrintWriter out;
  private final Path directory;
  private final Path logFile;

  /** Where the process writes what does not go through the log: the JVM's own last words. */
  private final Path outputFile;

  BackgroundStart(StartRequest request, Settings settings, PrintWriter out) {
    this.request = request;
    this.out = out;
    this.directory = NodeSettings.logDirectories(settings).get(0);
    Path wanted = request.logFile();
    this.logFile = wanted == null ? directory.resolve("ritsem.log") : wanted;
    this.outputFile = directory.resolve("ritsem.out");
  }

  void run() throws IOException, InterruptedException {
    refuseSecondNode();
    Files.createDirectories(directory);
    Process process =
        new ProcessBuilder(command())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(outputFile.toFile())
            .start();
    PidFile.Entry node = await(process);
    out.printf(
        "Node %d runs in the background (pid %d), listening on %s.%nLog: %s%nStop it with:"
            + " %s stop --data %s%n",
        node.nodeId(),
        node.pid(),
        String.join(", ", node.endpoints()),
        logFile,
        script(),
        directory);
  }

  private void refuseSecondNode() {
    PidFile.read(directory)
        .filter(entry -> entry.process().isPresent())
        .ifPresent(
            entry -> {
              throw new ToolException(
                  ExitCode.NODE,
                  "node %d already runs with its data in %s (pid %d)"
                      .formatted(entry.nodeId(), directory, entry.pid()));
            });
  }

  private List<String> command() {
    // nohup, not setsid: it is there on every system, and keeps the pid.
    List<String> command = new ArrayList<>(List.of("nohup", script()));
    command.addAll(request.foreground(logFile));
    return command;
  }

  private static String script() {
    String script = System.getProperty(SCRIPT);
    if (script == null) {
      throw new ToolException(
          ExitCode.USAGE, "--daemon works only through the launcher script, scripts/ritsem");
    }
    return script;
  }

  private PidFile.Entry await(Process process) throws IOException, InterruptedException {
    for (long waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
      Optional<PidFile.Entry> node =
          PidFile.read(directory).filter(entry -> entry.pid() == process.pid());
      if (node.isPresent()) {
        return node.get();
      }
      if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
        throw new ToolException(process.exitValue(), "the node ended again:\n" + lastWords());
      }
    }
    process.destroy();
    throw new ToolException(
        ExitCode.NODE,
        "the node has not answered within %d s; see %s"
            .formatted(TimeUnit.MILLISECONDS.toSeconds(LIMIT_MS), logFile));
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(outputFile);
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - OUTPUT_LINES_SHOWN), lines.size()));
  }
}
