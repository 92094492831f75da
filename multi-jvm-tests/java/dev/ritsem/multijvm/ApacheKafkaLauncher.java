package dev.ritsem.multijvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts Apache Kafka (one KRaft node that is broker and controller) from the judges' jars. */
final class ApacheKafkaLauncher implements NodeLauncher {
  private static final String CLUSTER_ID = "cml0c2VtLWp1ZGdlLTAwMQ";

  private final Judge kafka = Judge.of("kafka-tools-4.3.1");

  @Override
  public ProcessBuilder command(int nodeId, int port, Path dataDirectory, NodeOptions options)
      throws IOException {
    Files.createDirectories(dataDirectory);
    Path properties = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".properties");
    Path logs = dataDirectory.resolve("log");
    boolean isFirstStart = !Files.exists(properties);
    Files.write(properties, properties(nodeId, port, logs, options, isFirstStart));
    if (isFirstStart) {
      kafka
          .run(
              "kafka.tools.StorageTool",
              "format",
              "-t",
              CLUSTER_ID,
              "-c",
              properties.toString(),
              "--standalone")
          .mustSucceed();
    }
    List<String> command = new ArrayList<>();
    command.add(ChildGuard.javaCommand());
    command.addAll(List.of("-Xms" + options.heap(), "-Xmx" + options.heap()));
    if (!options.jvmOptions().isEmpty()) {
      command.addAll(List.of(options.jvmOptions().split(" ", -1)));
    }
    command.addAll(List.of("-cp", kafka.classPath(), "kafka.Kafka", properties.toString()));
    return new ProcessBuilder(command);
  }

  private static List<String> properties(
      int nodeId, int port, Path logs, NodeOptions options, boolean isFirstStart)
      throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    String listeners =
        "PLAINTEXT://127.0.0.1:"
            + port
            + ",CONTROLLER://127.0.0.1:"
            + controllerPort(logs, isFirstStart);
    all.put("process.roles", "broker,controller");
    all.put("node.id", Integer.toString(nodeId));
    all.put("listeners", listeners);
    all.put("advertised.listeners", listeners);
    all.put("controller.listener.names", "CONTROLLER");
    all.put("inter.broker.listener.name", "PLAINTEXT");
    all.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    all.put(
        "controller.quorum.bootstrap.servers", listeners.substring(listeners.lastIndexOf('/') + 1));
    all.put("log.dirs", logs.toString());
    all.put("offsets.topic.replication.factor", "1");
    all.putAll(options.settings());
    List<String> lines = new ArrayList<>();
    all.forEach((key, value) -> lines.add(key + "=" + value));
    return lines;
  }

  /** The controller's port must not change from one start to the next. */
  private static String controllerPort(Path logs, boolean isFirstStart) throws IOException {
    Path file = logs.resolveSibling("controller-port");
    if (isFirstStart) {
      Files.writeString(file, Integer.toString(FreePorts.next()));
    }
    return Files.readString(file);
  }
}
