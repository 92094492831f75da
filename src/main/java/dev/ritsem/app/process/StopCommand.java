package dev.ritsem.app.process;

import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.app.tool.ToolException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops the nodes of this machine that were started from a data directory. */
@Command(
    name = "stop",
    description = "Stop the nodes whose data lie here, and wait until they have closed their logs.",
    footer = {
      "",
      "A node is found by the file ritsem.pid in its data directory.",
      "",
      "Examples:",
      "  ritsem stop",
      "  ritsem stop --data /var/lib/ritsem --node-id 2",
      "",
      "Exit codes: 0 stopped; 1 no node runs there, or it did not stop in time."
    })
public final class StopCommand extends RitsemCommand {
  @Mixin private RunningNodesOption nodes = new RunningNodesOption();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to wait for each node (default: 60).")
  private int timeoutSeconds = 60;

  @Override
  public Integer call() throws InterruptedException {
    List<PidFile.Entry> running =
        nodes.find().stream().filter(entry -> entry.process().isPresent()).toList();
    if (running.isEmpty()) {
      throw new ToolException(ExitCode.FAILED, "no node runs with its data under " + nodes.data());
    }
    // All are asked before any is waited for: they stop at the same time.
    running.forEach(entry -> entry.process().ifPresent(ProcessHandle::destroy));
    for (PidFile.Entry entry : running) {
      await(entry);
    }
    return ExitCode.OK;
  }

  private void await(PidFile.Entry entry) throws InterruptedException {
    PrintWriter out = out();
    try {
      if (entry.process().isPresent()) {
        entry.process().get().onExit().get(timeoutSeconds, TimeUnit.SECONDS);
      }
      out.printf("Node %d (pid %d) has stopped.%n", entry.nodeId(), entry.pid());
      out.flush();
    } catch (TimeoutException | ExecutionException e) {
      throw new ToolException(
          ExitCode.FAILED,
          "node %d (pid %d) has not stopped within %d s; its log says what it waits for"
              .formatted(entry.nodeId(), entry.pid(), timeoutSeconds),
          e);
    }
  }
}
