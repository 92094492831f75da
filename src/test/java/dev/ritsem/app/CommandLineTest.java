package dev.ritsem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.app.tool.Console;
import dev.ritsem.app.tool.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir Path directory;

  record Run(int exitCode, String out, String err) {}

  @Test
  void helpNamesTheCommandsAndTheExitCodes() {
    Run run = run("--help");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("stop", "status", "settings", "completion", "Exit codes:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start",
        "stop",
        "status",
        "topics",
        "produce",
        "consume",
        "configs",
        "log",
        "demo",
        "bench",
        "settings",
        "completion",
        "version"
      })
  void everyCommandHasHelpWithADescription(String command) {
    Run run = run(command, "--help");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).startsWith("Usage: ritsem " + command).contains("--help", "--verbose");
    assertThat(run("help", command).out()).isEqualTo(run.out());
  }

  @Test
  void aMistypedCommandIsAUsageErrorWithASuggestion() {
    Run run = run("statu");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("'statu'", "ritsem status");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anUnknownOptionIsAUsageError() {
    Run run = run("status", "--colour");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("--colour");
  }

  @Test
  void completionIsAScriptForAllCommands() {
    Run run = run("completion");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("complete -F", "--node-id", "settings");
  }

  @Test
  void statusTellsOfAKilledNodeAndFails() throws IOException {
    Files.writeString(
        directory.resolve("ritsem.pid"),
        """
        %d
        started=2001-01-01T00:00:00Z
        node.id=3
        cluster.id=abc
        endpoints=PLAINTEXT://localhost:9092
        """
            .formatted(ProcessHandle.current().pid()));

    Run text = run("status", "--data", directory.toString());
    Run json = run("status", "--data", directory.toString(), "--format", "json");

    assertThat(text.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(text.out()).contains("Node 3: not running (it was killed)");
    assertThat(json.out()).contains("\"state\" : \"DEAD\"", "\"nodeId\" : 3");
    assertThat(run("status", "--data", directory.toString(), "--node-id", "4").out())
        .contains("No node");
  }

  @Test
  void stopNeverTouchesAProcessThatOnlyHasTheSamePid() throws IOException {
    Files.writeString(
        directory.resolve("ritsem.pid"),
        "%d\nstarted=2001-01-01T00:00:00Z\nnode.id=1\n".formatted(ProcessHandle.current().pid()));

    Run run = run("stop", "--data", directory.toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("no node runs").doesNotContain("\tat ");
  }

  @Test
  void verboseShowsWhereAFailureHappened() {
    Run run = run("stop", "--verbose", "--data", directory.toString());

    assertThat(run.err()).contains("no node runs", "\tat ");
  }

  @Test
  void settingsAreListedAsJsonToo() {
    Run run = run("settings", "--format", "json");

    assertThat(run.out()).contains("\"name\" : \"node.id\"");
  }

  static Run run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exitCode =
        Ritsem.run(
            new Console(new ByteArrayInputStream(new byte[0]), out),
            new PrintWriter(err, true),
            arguments);
    return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
