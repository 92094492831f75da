package dev.ritsem.app.process;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.FormatOption;
import dev.ritsem.app.tool.JsonOutput;
import dev.ritsem.app.tool.RitsemCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the nodes of this machine that were started from a data directory. */
@Command(
    name = "status",
    description = "Show the nodes whose data lie here: running or not, and where they listen.",
    footer = {
      "",
      "Examples:",
      "  ritsem status",
      "  ritsem status --data /var/lib/ritsem --format json",
      "",
      "Exit codes: 0 all of them run and accept connections; 1 one does not, or there is none."
    })
public final class StatusCommand extends RitsemCommand {
  private static final int CONNECT_TIMEOUT_MS = 2_000;

  @Mixin private RunningNodesOption nodes = new RunningNodesOption();

  @Mixin private FormatOption format = new FormatOption();

  private enum State {
    /** The process is gone; it was killed, for it did not take its pid file with it. */
    DEAD,
    /** The process lives, and nothing answers where it listens. */
    SILENT,
    RUNNING
  }

  private record Line(PidFile.Entry node, State state) {}

  @Override
  public Integer call() {
    List<Line> lines = nodes.find().stream().map(entry -> new Line(entry, state(entry))).toList();
    PrintWriter out = out();
    if (format.json()) {
      JsonOutput.writeArray(
          out,
          json -> {
            for (Line line : lines) {
              write(json, line);
            }
          });
    } else if (lines.isEmpty()) {
      out.println("No node has its data under " + nodes.data() + ".");
    } else {
      lines.forEach(line -> print(out, line));
    }
    boolean good =
        !lines.isEmpty() && lines.stream().allMatch(line -> line.state() == State.RUNNING);
    return good ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void print(PrintWriter out, Line line) {
    PidFile.Entry node = line.node();
    String state =
        switch (line.state()) {
          case RUNNING -> "running";
          case SILENT -> "running, but does not accept connections";
          case DEAD -> "not running (it was killed)";
        };
    out.printf(
        "Node %d: %s%n  pid       %d, since %s%n  listens   %s%n  cluster   %s%n  data      %s%n",
        node.nodeId(),
        state,
        node.pid(),
        node.startedAt(),
        String.join(", ", node.endpoints()),
        node.clusterId(),
        node.directory());
  }

  private static void write(JsonGenerator json, Line line) throws IOException {
    PidFile.Entry node = line.node();
    json.writeStartObject();
    json.writeNumberField("nodeId", node.nodeId());
    json.writeStringField("state", line.state().name());
    json.writeNumberField("pid", node.pid());
    json.writeStringField("startedAt", node.startedAt().toString());
    json.writeArrayFieldStart("endpoints");
    for (String endpoint : node.endpoints()) {
      json.writeString(endpoint);
    }
    json.writeEndArray();
    json.writeStringField("clusterId", node.clusterId());
    json.writeStringField("data", node.directory().toString());
    json.writeEndObject();
  }

  private static State state(PidFile.Entry entry) {
    if (entry.process().isEmpty()) {
      return State.DEAD;
    }
    return entry.endpoints().stream().allMatch(StatusCommand::accepts)
        ? State.RUNNING
        : State.SILENT;
  }

  private static boolean accepts(String endpoint) {
    String place = endpoint.substring(endpoint.indexOf("://") + 3);
    int colon = place.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              place.substring(0, colon), Integer.parseInt(place.substring(colon + 1))),
          CONNECT_TIMEOUT_MS);
      return true;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
