package dev.ritsem.multijvm;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Knows the command that starts one node in the foreground. The tests run against Ritsem; the same
 * tests run against Apache Kafka with {@code -Dritsem.multijvm.subject=kafka}, which is how a test
 * is shown to ask for what Kafka does and nothing else.
 */
interface NodeLauncher {
  /** Name of the property that chooses the launcher. */
  String SUBJECT_PROPERTY = "ritsem.multijvm.subject";

  /**
   * What to start.
   *
   * @param nodeId id of the node, from 1
   * @param port loopback port of its listener
   * @param dataDirectory the directory that holds the node's state, kept over restarts
   */
  ProcessBuilder command(int nodeId, int port, Path dataDirectory, NodeOptions options)
      throws IOException;

  static NodeLauncher chosen() {
    String subject = System.getProperty(SUBJECT_PROPERTY, "");
    return switch (subject) {
      case "", "ritsem" -> new ScriptLauncher();
      case "kafka" -> new ApacheKafkaLauncher();
      default ->
          throw new IllegalArgumentException(
              SUBJECT_PROPERTY + " is ritsem or kafka, not " + subject);
    };
  }

  /** Whether the tests run against Apache Kafka, where some limits are not to be expected. */
  static boolean isKafka() {
    return System.getProperty(SUBJECT_PROPERTY, "").equals("kafka");
  }
}
