package dev.ritsem.multijvm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts Ritsem through its launcher script, which replaces itself by the node's JVM. */
final class ScriptLauncher implements NodeLauncher {
  @Override
  public ProcessBuilder command(int nodeId, int port, Path dataDirectory, NodeOptions options) {
    List<String> command = new ArrayList<>();
    command.add(Checkout.root().resolve("scripts/ritsem").toString());
    command.add("start");
    set(command, "node.id", Integer.toString(nodeId));
    set(command, "listeners", "PLAINTEXT://127.0.0.1:" + port);
    set(command, "log.dirs", dataDirectory.toString());
    options.settings().forEach((key, value) -> set(command, key, value));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put("RITSEM_HEAP_OPTS", "-Xms" + options.heap() + " -Xmx" + options.heap());
    builder.environment().put("RITSEM_OPTS", options.jvmOptions());
    return builder;
  }

  private static void set(List<String> command, String key, String value) {
    command.add("--set");
    command.add(key + "=" + value);
  }

  static boolean isThere() {
    return Files.isExecutable(Checkout.root().resolve("scripts/ritsem"));
  }
}
