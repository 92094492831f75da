package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Judge: what administrators read when something is refused. Scripts look for these texts and
 * people search for them, so they are Kafka's to the letter; run it with Apache Kafka as the
 * subject to see that they are.
 */
class AdminWordingIT {
  @RegisterExtension static final RealNodes NODES = new RealNodes();
  @TempDir static Path directory;
  private static Admin admin;

  @BeforeAll
  static void startNode() {
    RealNode node =
        NODES.start(directory, NodeOptions.defaults().with("auto.create.topics.enable", "false"));
    admin = Clients.admin(node);
    Clients.createTopic(node, "there", 3, Map.of("retention.ms", "1000"));
    Clients.createTopic(node, "dotted.name", 1, Map.of());
  }

  @AfterAll
  static void closeAdmin() {
    if (admin != null) {
      admin.close();
    }
  }

  static Stream<Arguments> topics() {
    return Stream.of(
        arguments(
            new NewTopic("there", 1, (short) 1),
            Errors.TOPIC_ALREADY_EXISTS,
            "Topic 'there' already exists."),
        arguments(
            new NewTopic("dotted_name", 1, (short) 1),
            Errors.INVALID_TOPIC_EXCEPTION,
            "Topic 'dotted_name' collides with existing topic: dotted.name"),
        arguments(
            new NewTopic("..", 1, (short) 1),
            Errors.INVALID_TOPIC_EXCEPTION,
            "Topic name is invalid: '..' is not allowed"),
        arguments(
            new NewTopic("a b", 1, (short) 1),
            Errors.INVALID_TOPIC_EXCEPTION,
            "Topic name is invalid: 'a b' contains one or more characters other than ASCII"
                + " alphanumerics, '.', '_' and '-'"),
        arguments(
            new NewTopic("__cluster_metadata", 1, (short) 1),
            Errors.INVALID_REQUEST,
            "Creation of internal topic __cluster_metadata is prohibited."),
        arguments(
            new NewTopic("new", 0, (short) 1),
            Errors.INVALID_PARTITIONS,
            "Number of partitions was set to an invalid non-positive value."),
        arguments(
            new NewTopic("new", 1, (short) 0),
            Errors.INVALID_REPLICATION_FACTOR,
            "Replication factor must be larger than 0, or -1 to use the default value."),
        arguments(
            new NewTopic("new", 10_001, (short) 1),
            Errors.POLICY_VIOLATION,
            "Excessively large number of partitions per request."),
        arguments(
            new NewTopic("new", Map.of(0, List.of(7))),
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes broker 7, but no such broker is registered."),
        arguments(
            new NewTopic("new", Map.of(0, List.of(1, 1))),
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "The manual partition assignment includes the broker 1 more than once."),
        arguments(
            new NewTopic("new", Map.of(1, List.of(1))),
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "partitions should be a consecutive 0-based integer sequence"),
        arguments(
            new NewTopic("new", 1, (short) 1).configs(Map.of("colour", "red")),
            Errors.INVALID_CONFIG,
            "Unknown topic config name: colour"),
        arguments(
            new NewTopic("new", 1, (short) 1).configs(Map.of("retention.ms", "soon")),
            Errors.INVALID_CONFIG,
            "Invalid value soon for configuration retention.ms: Not a number of type LONG"),
        arguments(
            new NewTopic("new", 1, (short) 1).configs(nothingFor("retention.ms")),
            Errors.INVALID_CONFIG,
            "Null value not supported for topic configs: retention.ms"));
  }

  @ParameterizedTest
  @MethodSource("topics")
  void creating_a_topic(NewTopic topic, Errors error, String message) {
    assertRefused(Clients.refusal(admin.createTopics(List.of(topic)).all()), error, message);
  }

  static Stream<Arguments> growths() {
    return Stream.of(
        arguments(
            "there",
            NewPartitions.increaseTo(3),
            Errors.INVALID_PARTITIONS,
            "Topic already has 3 partition(s)."),
        arguments(
            "there",
            NewPartitions.increaseTo(2),
            Errors.INVALID_PARTITIONS,
            "The topic there currently has 3 partition(s); 2 would not be an increase."),
        arguments(
            "missing",
            NewPartitions.increaseTo(2),
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            "This server does not host this topic-partition."),
        arguments(
            "there",
            NewPartitions.increaseTo(5, List.of(List.of(1))),
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "Attempted to add 2 additional partition(s), but only 1 assignment(s) were"
                + " specified."));
  }

  @ParameterizedTest
  @MethodSource("growths")
  void growing_a_topic(String topic, NewPartitions growth, Errors error, String message) {
    assertRefused(
        Clients.refusal(admin.createPartitions(Map.of(topic, growth)).all()), error, message);
  }

  static Stream<Arguments> changes() {
    ConfigResource there = new ConfigResource(ConfigResource.Type.TOPIC, "there");
    return Stream.of(
        arguments(
            there,
            change("colour", "red", OpType.SET),
            Errors.INVALID_CONFIG,
            "Unknown topic config name: colour"),
        arguments(
            there,
            change("retention.ms", "1", OpType.APPEND),
            Errors.INVALID_CONFIG,
            "Can't APPEND to key retention.ms because its type is not LIST."),
        arguments(
            there,
            change("retention.ms", null, OpType.SET),
            Errors.INVALID_REQUEST,
            "Null value not supported for : retention.ms"),
        arguments(
            new ConfigResource(ConfigResource.Type.TOPIC, "missing"),
            change("retention.ms", "1", OpType.SET),
            Errors.UNKNOWN_TOPIC_OR_PARTITION,
            "The topic 'missing' does not exist."),
        arguments(
            new ConfigResource(ConfigResource.Type.TOPIC, ""),
            change("retention.ms", "1", OpType.SET),
            Errors.INVALID_REQUEST,
            "Default topic resources are not allowed."),
        arguments(
            new ConfigResource(ConfigResource.Type.BROKER, "1"),
            change("log.dirs", "/elsewhere", OpType.SET),
            Errors.INVALID_REQUEST,
            "Cannot update these configs dynamically: [log.dirs]"));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changing_configs(
      ConfigResource resource, AlterConfigOp change, Errors error, String message) {
    assertRefused(
        Clients.refusal(admin.incrementalAlterConfigs(Map.of(resource, List.of(change))).all()),
        error,
        message);
  }

  private static void assertRefused(Throwable refusal, Errors error, String message) {
    assertThat(Errors.forException(refusal)).as(refusal.toString()).isEqualTo(error);
    assertThat(refusal).hasMessage(message);
  }

  private static AlterConfigOp change(String key, @Nullable String value, OpType type) {
    return new AlterConfigOp(new ConfigEntry(key, value), type);
  }

  private static Map<String, @Nullable String> nothingFor(String key) {
    Map<String, @Nullable String> configs = new LinkedHashMap<>();
    configs.put(key, null);
    return configs;
  }
}
