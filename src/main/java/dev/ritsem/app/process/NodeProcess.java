package dev.ritsem.app.process;

import ch.qos.logback.classic.Level;
import dev.ritsem.app.RitsemNode;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.LogOutput;
import dev.ritsem.config.SettingsLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a node: logs, tells when it answers, leaves a pid file, and stops with SIGTERM.
 */
public final class NodeProcess {
  /** Microseconds since the epoch when the launcher script began; set by it where its shell can. */
  private static final String LAUNCHED = "ritsem.launched";

  private NodeProcess() {}

  /**
   * Does what was asked for; in the foreground, returns when the node has stopped.
   *
   * @param out for people who start a node in the background
   * @return one of {@link ExitCode}
   */
  public static int run(StartRequest request, PrintWriter out)
      throws IOException, InterruptedException {
    if (!request.daemon()) {
      RitsemNode.prepare();
    }
    SettingsLoader.Loaded loaded = request.load();
    if (request.daemon()) {
      new BackgroundStart(request, loaded.settings(), out).run();
      return ExitCode.OK;
    }
    Path logFile = request.logFile();
    if (logFile == null) {
      LogOutput.toConsole(Level.INFO);
    } else {
      LogOutput.toFile(logFile);
    }
    Logger logger = LoggerFactory.getLogger("Node");
    loaded.notes().forEach(logger::info);
    RitsemNode node =
        RitsemNode.start(loaded.settings(), loaded.akka()).toCompletableFuture().join();
    Path directory = node.logDirectories().get(0);
    List<String> endpoints =
        node.boundEndpoints().stream().map(RitsemNode.BoundEndpoint::toString).toList();
    PidFile.write(directory, node.nodeId().value(), node.clusterId(), endpoints);
    stopWithTheProcess(node, directory);
    // Container test kits wait for this text of Kafka's before they let a test go on.
    logger.info("Transitioning from RECOVERY to RUNNING");
    logger.info(
        "started: node {} of cluster {} in {} ms, listening on {}, data in {}",
        node.nodeId(),
        node.clusterId(),
        System.currentTimeMillis() - processStartMs(),
        String.join(", ", endpoints),
        node.logDirectories().stream().map(Path::toString).collect(Collectors.joining(", ")));
    node.stopped().toCompletableFuture().join();
    return ExitCode.OK;
  }

  // Runs on SIGTERM and Ctrl-C, and does nothing more if the node has stopped by itself.
  private static void stopWithTheProcess(RitsemNode node, Path directory) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  node.stop().toCompletableFuture().join();
                  PidFile.remove(directory);
                  LoggerFactory.getLogger("Node").info("stopped");
                  LogOutput.stop();
                },
                "stop"));
  }

  // The launcher script says when it began. The system's own answer may be rounded to seconds.
  private static long processStartMs() {
    String launched = System.getProperty(LAUNCHED, "");
    return !launched.isEmpty() && launched.chars().allMatch(Character::isDigit)
        ? Long.parseLong(launched) / 1000
        : ManagementFactory.getRuntimeMXBean().getStartTime();
  }
}
