package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Judge: kcat, and through it librdkafka, on which most clients outside the JVM are built. Runs
 * where {@code kcat} is installed and is skipped elsewhere, so that the build needs nothing but a
 * JDK and Maven.
 */
class KcatIT {
  @RegisterExtension static final RealNodes NODES = new RealNodes();
  @TempDir static Path directory;
  private static RealNode node;

  @BeforeAll
  static void startNode() {
    assumeTrue(isInstalled(), "kcat is not installed (Debian: apt-get install kcat)");
    node = NODES.start(directory);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void whatKcatProducesKcatConsumes(String codec) {
    String topic = "kcat-" + codec;
    Clients.createTopic(node, topic, 1, Map.of());
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("key-").append(i).append(":value-").append(i).append('\n');
    }
    kcat(lines.toString(), "-P", "-t", topic, "-p", "0", "-K", ":", "-z", codec);

    Verdict consumed =
        kcat("", "-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q", "-K", ":");

    assertThat(consumed.out()).isEqualTo(lines.toString());
  }

  @Test
  void anIdempotentProducerIsServed() {
    Clients.createTopic(node, "kcat-idempotent", 1, Map.of());
    kcat("a\nb\nc\n", "-P", "-t", "kcat-idempotent", "-X", "enable.idempotence=true");

    assertThat(kcat("", "-C", "-t", "kcat-idempotent", "-o", "beginning", "-e", "-q").out().lines())
        .containsExactly("a", "b", "c");
  }

  @Test
  void metadataAndOffsetsByTimeAreAnswered() {
    Clients.createTopic(node, "kcat-meta", 2, Map.of());
    kcat("x\ny\n", "-P", "-t", "kcat-meta", "-p", "1");

    assertThat(kcat("", "-L", "-t", "kcat-meta").out())
        .contains("broker 1 at " + node.bootstrap(), "topic \"kcat-meta\" with 2 partitions");
    assertThat(kcat("", "-Q", "-t", "kcat-meta:1:0").out()).contains("kcat-meta [1] offset 0");
    assertThat(kcat("", "-Q", "-t", "kcat-meta:1:-1").out()).contains("kcat-meta [1] offset 2");
  }

  private static Verdict kcat(String input, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "kcat";
    all[1] = "-b";
    all[2] = node.bootstrap();
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return Judge.command(input, all).mustSucceed();
  }

  private static boolean isInstalled() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .anyMatch(part -> Files.isExecutable(Path.of(part, "kcat")));
  }
}
