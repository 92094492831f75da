package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Judge: Apache Kafka's command line tools, each in a process as a user runs it. */
class KafkaToolsIT {
  @RegisterExtension static final RealNodes NODES = new RealNodes();
  @TempDir static Path directory;
  private static RealNode node;

  private final Judge tools = Judge.of("kafka-tools-4.3.1");

  @BeforeAll
  static void startNode() {
    node = NODES.start(directory);
  }

  @Test
  void kafkaTopicsCreatesDescribesAltersListsAndDeletes() {
    topics("--create", "--topic", "tooled", "--partitions", "2", "--config", "retention.ms=5000");
    assertThat(topics("--describe", "--topic", "tooled").out())
        .contains("PartitionCount: 2", "ReplicationFactor: 1", "retention.ms=5000")
        .contains("Partition: 1\tLeader: 1\tReplicas: 1\tIsr: 1");
    topics("--alter", "--topic", "tooled", "--partitions", "4");
    assertThat(topics("--describe", "--topic", "tooled").out()).contains("PartitionCount: 4");
    assertThat(topics("--list").out().lines()).contains("tooled");
    topics("--delete", "--topic", "tooled");
    assertThat(topics("--list").out().lines()).doesNotContain("tooled");
  }

  @Test
  void theConsoleProducerFeedsTheConsoleConsumer() {
    topics("--create", "--topic", "console", "--partitions", "1");
    tools
        .runWithInput(
            "k1:first\nk2:second\nk3:third\n",
            "org.apache.kafka.tools.ConsoleProducer",
            "--bootstrap-server",
            node.bootstrap(),
            "--topic",
            "console",
            "--reader-property",
            "parse.key=true",
            "--reader-property",
            "key.separator=:")
        .mustSucceed();

    Verdict consumed =
        tools
            .run(
                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                "--bootstrap-server",
                node.bootstrap(),
                "--topic",
                "console",
                "--partition",
                "0",
                "--offset",
                "earliest",
                "--max-messages",
                "3",
                "--timeout-ms",
                "30000",
                "--formatter-property",
                "print.key=true",
                "--formatter-property",
                "print.offset=true")
            .mustSucceed();

    assertThat(consumed.out().lines())
        .containsExactly("Offset:0\tk1\tfirst", "Offset:1\tk2\tsecond", "Offset:2\tk3\tthird");
  }

  @Test
  void theConsoleProducerMayCreateTheTopicByWritingToIt() {
    tools
        .runWithInput(
            "one\ntwo\n",
            "org.apache.kafka.tools.ConsoleProducer",
            "--bootstrap-server",
            node.bootstrap(),
            "--topic",
            "made-by-writing")
        .mustSucceed();

    assertThat(offsets("made-by-writing", "latest")).isEqualTo("made-by-writing:0:2");
  }

  @Test
  void kafkaDeleteRecordsMovesWhatKafkaGetOffsetsShows(@TempDir Path own) throws IOException {
    topics("--create", "--topic", "shortened", "--partitions", "1");
    tools
        .runWithInput(
            "a\nb\nc\nd\n",
            "org.apache.kafka.tools.ConsoleProducer",
            "--bootstrap-server",
            node.bootstrap(),
            "--topic",
            "shortened")
        .mustSucceed();
    Path request = own.resolve("offsets.json");
    Files.writeString(
        request,
        "{\"version\":1,\"partitions\":[{\"topic\":\"shortened\",\"partition\":0,\"offset\":3}]}");

    Verdict deleted =
        tools
            .run(
                "org.apache.kafka.tools.DeleteRecordsCommand",
                "--bootstrap-server",
                node.bootstrap(),
                "--offset-json-file",
                request.toString())
            .mustSucceed();

    assertThat(deleted.out()).contains("low_watermark: 3");
    assertThat(offsets("shortened", "earliest")).isEqualTo("shortened:0:3");
    assertThat(offsets("shortened", "latest")).isEqualTo("shortened:0:4");
  }

  @Test
  void kafkaConfigsChangesATopic() {
    topics("--create", "--topic", "adjusted", "--partitions", "1");
    configs("--alter", "--add-config", "retention.ms=1234,cleanup.policy=[compact,delete]");
    assertThat(configs("--describe").out())
        .contains("retention.ms=1234")
        .contains("cleanup.policy=compact,delete");
    configs("--alter", "--delete-config", "retention.ms");
    assertThat(configs("--describe").out()).doesNotContain("retention.ms=1234");
  }

  @Test
  void kafkaBrokerApiVersionsFindsNothingUnusableInWhatTheNodeServes() {
    Verdict versions =
        tools
            .run(
                "org.apache.kafka.tools.BrokerApiVersionsCommand",
                "--bootstrap-server",
                node.bootstrap())
            .mustSucceed();

    assertThat(versions.out())
        .contains("Produce(0): 0 to ")
        .contains("Fetch(1): 4 to ")
        .contains("ListOffsets(2): 1 to ")
        .contains("Metadata(3): 0 to ")
        .contains("ApiVersions(18): 0 to ")
        .contains("CreateTopics(19): 2 to ")
        .contains("InitProducerId(22): 0 to ");
    assertThat(versions.out().lines().filter(line -> line.contains("UNSUPPORTED")))
        .as("served APIs of which this client and the node have no version in common")
        .allSatisfy(line -> assertThat(line).contains("UNSUPPORTED"))
        .noneMatch(line -> line.contains(" to "));
  }

  private Verdict topics(String... arguments) {
    return tool("org.apache.kafka.tools.TopicCommand", arguments);
  }

  private Verdict configs(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "--entity-type";
    all[1] = "topics";
    all[2] = "--entity-name";
    all[3] = "adjusted";
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return tool("kafka.admin.ConfigCommand", all);
  }

  private String offsets(String topic, String time) {
    return tool("org.apache.kafka.tools.GetOffsetShell", "--topic", topic, "--time", time)
        .out()
        .strip();
  }

  private Verdict tool(String mainClass, String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "--bootstrap-server";
    all[1] = node.bootstrap();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return tools.run(mainClass, all).mustSucceed();
  }
}
