package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who only knows {@code scripts/ritsem}. */
@Timeout(300)
class LauncherIT {
  private static final long COMMAND_SECONDS = 120;

  @TempDir Path directory;

  private final int port = FreePorts.next();

  private record Run(int exitCode, String out, String err) {}

  @AfterEach
  void leaveNoNode() throws Exception {
    ritsem("", "stop", "--data", directory.toString());
  }

  @Test
  void aNodeInTheBackgroundAnswersIsFoundUsedAndStopped() throws Exception {
    Run started = startInBackground();
    assertThat(started.exitCode()).as(started.err()).isZero();
    assertThat(started.out()).contains("127.0.0.1:" + port, "ritsem.log");
    assertThat(Files.readString(data().resolve("ritsem.log")))
        .contains("Transitioning from RECOVERY to RUNNING", "started: node 1 of cluster");

    Run status = ritsem("", "status", "--data", data().toString());
    assertThat(status.exitCode()).isZero();
    assertThat(status.out()).contains("Node 1: running");
    assertThat(startInBackground().exitCode()).as("a second node on the same data").isEqualTo(4);

    assertThat(client("topics", "--create", "--topic", "rides", "--partitions", "2").exitCode())
        .isZero();
    assertThat(client("topics", "--create", "--topic", "rides").err()).contains("rides");
    assertThat(client("topics", "--list").out().lines()).contains("rides");
    assertThat(client("topics", "--describe", "--topic", "rides").out())
        .contains("PartitionCount: 2");
    Run produced =
        ritsem(
            "a:1\nb:2\n",
            "produce",
            "--bootstrap-server",
            "127.0.0.1:" + port,
            "--topic",
            "rides",
            "--property",
            "parse.key=true",
            "--property",
            "key.separator=:");
    assertThat(produced.exitCode()).as(produced.err()).isZero();
    Run consumed =
        client(
            "consume",
            "--topic",
            "rides",
            "--from-beginning",
            "--until-end",
            "--property",
            "print.key=true");
    assertThat(consumed.out().lines()).containsExactlyInAnyOrder("a\t1", "b\t2");

    Run stopped = ritsem("", "stop", "--data", data().toString());
    assertThat(stopped.exitCode()).isZero();
    assertThat(stopped.out()).contains("Node 1").contains("has stopped");
    assertThat(ritsem("", "status", "--data", data().toString()).out()).contains("No node");
    assertThat(data().resolve(".kafka_cleanshutdown")).exists();
  }

  @Test
  void aSettingThatDoesNotExistStopsTheStartInOneLine() throws Exception {
    Path file = Files.writeString(directory.resolve("typo.properties"), "\nnode.ib=1\n");

    Run run = ritsem("", "start", "--config", file.toString());

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.err())
        .contains("node.ib = '1'", "typo.properties:2", "did you mean node.id?")
        .doesNotContain("\tat ");
  }

  @Test
  void aClientWithoutABrokerSaysSo() throws Exception {
    Run run = client("topics", "--list", "--timeout", "2");

    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.err()).isNotEmpty().doesNotContain("\tat ");
  }

  @Test
  void theDemonstrationComparesEveryByteAndLeavesNothing() throws Exception {
    Path file = directory.resolve("binary");
    byte[] bytes = new byte[300_000];
    new java.util.Random(7).nextBytes(bytes);
    Files.write(file, bytes);

    Run run = ritsem("", "demo", "--file", file.toString(), "--chunk-size", "1000");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("equal", "301 records", "demo-");
    Run kept =
        ritsem(
            "", "demo", "--file", file.toString(), "--data", directory.resolve("kept").toString());
    assertThat(kept.exitCode()).isZero();
    try (var logs = Files.walk(directory.resolve("kept"))) {
      Path segment =
          logs.filter(path -> path.toString().matches(".*demo-.*\\.log"))
              .filter(path -> path.toFile().length() > 0)
              .findFirst()
              .orElseThrow();
      assertThat(ritsem("", "log", "dump", segment.toString()).out()).contains("isvalid: true");
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Run startInBackground() throws Exception {
    return ritsem(
        "",
        "start",
        "--daemon",
        "--set",
        "listeners=PLAINTEXT://127.0.0.1:" + port,
        "--set",
        "log.dirs=" + data());
  }

  private Run client(String command, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(command, "--bootstrap-server", "127.0.0.1:" + port));
    all.addAll(List.of(arguments));
    return ritsem("", all.toArray(String[]::new));
  }

  private Run ritsem(String input, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Checkout.root().resolve("scripts/ritsem").toString());
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    Path in = Files.createTempFile(directory, "in", "");
    Files.writeString(in, input, StandardOpenOption.TRUNCATE_EXISTING);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = ChildGuard.start(builder);
    try {
      assertThat(process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS))
          .as("%s ends", command)
          .isTrue();
    } finally {
      // Not the descendants: what --daemon started is to stay.
      process.destroyForcibly();
    }
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
