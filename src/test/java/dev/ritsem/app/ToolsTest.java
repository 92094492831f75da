package dev.ritsem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.app.tool.Console;
import dev.ritsem.app.tool.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tools against a node, each through the command line that a user types. */
@Timeout(120)
class ToolsTest {
  @TempDir static Path data;

  private static String servers = "";
  private static AutoCloseable node = () -> {};

  @BeforeAll
  static void startNode() {
    RitsemNode started =
        RitsemNode.start(
                DeclaredSettings.of(
                    Map.of(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:0",
                        "log.dirs",
                        data.resolve("node").toString())))
            .toCompletableFuture()
            .join();
    servers = started.bootstrapServers();
    node = () -> started.stop().toCompletableFuture().join();
  }

  @AfterAll
  static void stopNode() throws Exception {
    node.close();
  }

  @Test
  void aTopicIsCreatedDescribedExtendedAndDeleted() {
    assertThat(
            client("topics", "--create", "--topic", "life", "--config", "retention.ms=5000").out())
        .contains("Created topic life.");
    Run again = client("topics", "--create", "--topic", "life");
    assertThat(again.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(again.err()).contains("life");
    assertThat(client("topics", "--create", "--topic", "life", "--if-not-exists").exitCode())
        .isEqualTo(ExitCode.OK);

    assertThat(client("topics", "--alter", "--topic", "life", "--partitions", "3").exitCode())
        .isEqualTo(ExitCode.OK);
    assertThat(client("topics", "--describe", "--topic", "life").out())
        .contains(
            "Topic: life", "PartitionCount: 3", "retention.ms=5000", "Partition: 2\tLeader: 1");
    assertThat(client("topics", "--describe", "--topic", "life", "--format", "json").out())
        .contains("\"topic\" : \"life\"", "\"retention.ms\" : \"5000\"", "\"leader\" : 1");

    assertThat(client("topics", "--delete", "--topic", "life").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(client("topics", "--list").out().lines()).doesNotContain("life");
    Run gone = client("topics", "--describe", "--topic", "life");
    assertThat(gone.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(gone.err()).contains("there is no topic 'life'");
  }

  @Test
  void configsAreShownAndChanged() {
    client("topics", "--create", "--topic", "tuned");

    assertThat(
            client(
                    "configs",
                    "--alter",
                    "--topic",
                    "tuned",
                    "--add-config",
                    "segment.bytes=1048576")
                .exitCode())
        .isEqualTo(ExitCode.OK);
    assertThat(client("configs", "--describe", "--topic", "tuned").out())
        .contains("segment.bytes=1048576");
    assertThat(
            client("configs", "--alter", "--topic", "tuned", "--delete-config", "segment.bytes")
                .exitCode())
        .isEqualTo(ExitCode.OK);
    assertThat(client("configs", "--describe", "--topic", "tuned").out())
        .doesNotContain("segment.bytes=1048576");
    assertThat(client("configs", "--describe", "--topic", "tuned", "--all").out())
        .contains("retention.ms=604800000");
    Run refused =
        client("configs", "--alter", "--topic", "tuned", "--add-config", "retention.ms=x");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(refused.err()).contains("retention.ms");
    assertThat(client("configs", "--describe").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void linesComeBackAsTheyWereUnderEveryCompression(String compression) throws Exception {
    Path file = data.resolve("lines-" + compression);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      lines.add("line " + i + " of Übergröße");
    }
    Files.write(file, lines);
    String topic = "lines-" + compression;

    Run produced =
        client(
            "produce",
            "--topic",
            topic,
            "--file",
            file.toString(),
            "--compression-type",
            compression);
    assertThat(produced.exitCode()).as(produced.err()).isEqualTo(ExitCode.OK);
    assertThat(produced.err()).contains("1000 records acknowledged");

    Run consumed = client("consume", "--topic", topic, "--from-beginning", "--until-end");
    assertThat(consumed.out().lines().toList()).isEqualTo(lines);
    assertThat(consumed.err()).contains("Processed a total of 1000 messages");
  }

  @Test
  void aConsumerStartsWhereItIsToldAndStopsWhenItHasEnough() {
    run("k1\t1\nk2\t2\nk3\t3\n", "produce", "--topic", "place", "--property", "parse.key=true");

    assertThat(
            client(
                    "consume",
                    "--topic",
                    "place",
                    "--partition",
                    "0",
                    "--offset",
                    "1",
                    "--max-messages",
                    "1",
                    "--property",
                    "print.key=true",
                    "--property",
                    "print.offset=true")
                .out())
        .isEqualTo("Offset:1\tk2\t2\n");
    assertThat(client("consume", "--topic", "place", "--timeout-ms", "300").out())
        .as("from the end, nothing comes")
        .isEmpty();
    assertThat(
            client(
                    "consume",
                    "--topic",
                    "place",
                    "--from-time",
                    "0",
                    "--until-end",
                    "--format",
                    "json")
                .out()
                .lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("{\"topic\":\"place\""));
    assertThat(client("consume", "--topic", "place", "--offset", "1").exitCode())
        .as("a number needs a partition")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aRecordThatIsTooLargeFailsTheCommandWithTheBrokersWord() {
    client("topics", "--create", "--topic", "small", "--config", "max.message.bytes=1000");

    Run run = run("x".repeat(5_000) + "\n", "produce", "--topic", "small");

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err()).contains("exceeds", "1000").doesNotContain("\tat ");
  }

  @Test
  void theBenchmarkTellsRatesOfBothDirections() {
    Run run = client("bench", "--records", "2000", "--record-size", "100", "--topic", "bench");

    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).contains("written", "2,000 records", "read", "records/s", "p99");
  }

  private record Run(int exitCode, String out, String err) {}

  private static Run client(String command, String... arguments) {
    return run("", command, arguments);
  }

  private static Run run(String input, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, "--bootstrap-server", servers));
    all.addAll(List.of(arguments));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    int exitCode =
        Ritsem.run(
            new Console(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), out),
            new PrintWriter(err, true),
            all.toArray(String[]::new));
    return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString());
  }
}
