package dev.ritsem.app.process;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of this machine's nodes a command is about. */
final class RunningNodesOption {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data directory, or a directory of data directories (default: ./data).")
  private Path data = Path.of("data");

  @Option(names = "--node-id", paramLabel = "N", description = "Only the node with this number.")
  private @Nullable Integer nodeId;

  Path data() {
    return data;
  }

  /** The nodes that have left a pid file, running or not. */
  List<PidFile.Entry> find() {
    Integer wanted = nodeId;
    return PidFile.find(data).stream()
        .filter(entry -> wanted == null || entry.nodeId() == wanted)
        .toList();
  }
}
