package dev.ritsem.app;

import dev.ritsem.app.demo.DemoNode;
import dev.ritsem.app.tool.Console;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.app.tool.ToolException;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;

/**
 * Does in one process a little of all that a node and its tools do, so that the JVM has loaded
 * their classes when the launcher has it write the class archive.
 */
@Command(
    name = WarmUpCommand.NAME,
    hidden = true,
    description = "Load the classes of a node and its tools; for the launcher's class archive.")
final class WarmUpCommand extends RitsemCommand {
  static final String NAME = "warm-up";

  private static final String TOPIC = "warm-up";

  @Override
  public Integer call() throws Exception {
    run("start", "--help");
    try (DemoNode node = DemoNode.start(null, 1)) {
      String servers = node.bootstrap();
      run("topics", "--bootstrap-server", servers, "--create", "--topic", TOPIC);
      run("topics", "--bootstrap-server", servers, "--describe");
      run("configs", "--bootstrap-server", servers, "--describe", "--topic", TOPIC, "--all");
      run("produce", "--bootstrap-server", servers, "--topic", TOPIC);
      run(
          "consume",
          "--bootstrap-server",
          servers,
          "--topic",
          TOPIC,
          "--from-beginning",
          "--until-end");
      run("topics", "--bootstrap-server", servers, "--delete", "--topic", TOPIC);
    }
    run("status");
    return ExitCode.OK;
  }

  private void run(String... arguments) {
    byte[] lines = "one\ntwo\n".getBytes(StandardCharsets.UTF_8);
    Console console = new Console(new ByteArrayInputStream(lines), OutputStream.nullOutputStream());
    int exitCode = Ritsem.run(console, new PrintWriter(err(), true), arguments);
    if (exitCode != ExitCode.OK && !arguments[0].equals("status")) {
      throw new ToolException(ExitCode.FAILED, String.join(" ", arguments) + " failed");
    }
  }
}
