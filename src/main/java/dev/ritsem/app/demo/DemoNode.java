package dev.ritsem.app.demo;

import ch.qos.logback.classic.Level;
import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.app.RitsemNode;
import dev.ritsem.app.tool.LogOutput;
import dev.ritsem.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node for the length of a demonstration: on a free port of the loopback interface, with data of
 * its own that go away with it unless they were asked for.
 */
public final class DemoNode implements AutoCloseable {
  static final String TOPIC = "demo";

  /** Fits into a batch of the node's default size with room for headers. */
  static final int CHUNK_BYTES_MAX = 1_000_000;

  private final RitsemNode node;
  private final Path data;
  private final boolean temporary;
  private final long startMillis;
  private final Thread cleaner;

  private DemoNode(RitsemNode node, Path data, boolean temporary, long startMillis) {
    this.node = node;
    this.data = data;
    this.temporary = temporary;
    this.startMillis = startMillis;
    // Whoever interrupts the demonstration does not want its data either.
    this.cleaner = new Thread(this::stop, "demo-cleaner");
    Runtime.getRuntime().addShutdownHook(cleaner);
  }

  /**
   * Starts one.
   *
   * @param wanted where its data go and stay; null for a temporary directory
   * @param partitions what topics get by default
   */
  public static DemoNode start(@Nullable Path wanted, int partitions) throws IOException {
    LogOutput.toConsole(Level.WARN);
    long start = System.nanoTime();
    Path data = wanted == null ? Files.createTempDirectory("ritsem-demo-") : wanted;
    RitsemNode node;
    try {
      node = RitsemNode.start(settings(data, partitions)).toCompletableFuture().join();
    } catch (RuntimeException failure) {
      if (wanted == null) {
        deleteTree(data);
      }
      throw failure;
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return new DemoNode(node, data, wanted == null, millis);
  }

  private static Settings settings(Path data, int partitions) {
    return DeclaredSettings.of(
        Map.of(
            "listeners", "PLAINTEXT://127.0.0.1:0",
            "log.dirs", data.toString(),
            "num.partitions", Integer.toString(partitions)));
  }

  public String bootstrap() {
    return node.bootstrapServers();
  }

  Path data() {
    return data;
  }

  boolean temporary() {
    return temporary;
  }

  long startMillis() {
    return startMillis;
  }

  /** The segments of the topic, largest first. */
  List<Path> segments() {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .filter(file -> data.relativize(file).toString().startsWith(TOPIC + "-"))
          .sorted(Comparator.comparingLong(DemoNode::size).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaner);
    } catch (IllegalStateException e) {
      // The process is ending already: the cleaner does it.
      return;
    }
    stop();
  }

  private void stop() {
    node.stop().toCompletableFuture().join();
    if (temporary) {
      deleteTree(data);
    }
  }

  private static void deleteTree(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + root, e);
    }
  }
}
