package dev.ritsem.multijvm;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One node in a process of its own. It is either running or down; its port and its data directory
 * stay the same from one start to the next. Not thread-safe: the test's own thread drives it.
 */
public final class RealNode {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final int PROBE_TIMEOUT_MS = 2_000;
  private static final short API_VERSIONS_KEY = 18;
  private static final int LOG_LINES_SHOWN = 120;

  private final NodeLauncher launcher;
  private final int nodeId;
  private final int port = FreePorts.next();
  private final Path dataDirectory;
  private final NodeOptions options;
  private final Path logFile;
  private @Nullable Process process;

  RealNode(NodeLauncher launcher, int nodeId, Path dataDirectory, NodeOptions options) {
    this.launcher = launcher;
    this.nodeId = nodeId;
    this.dataDirectory = dataDirectory;
    this.options = options;
    this.logFile = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".out");
  }

  /** Starts the node and returns once it answers a client. */
  public RealNode start() {
    launch();
    awaitReady();
    return this;
  }

  /** Starts the process and returns at once. */
  public void launch() {
    if (isRunning()) {
      throw new IllegalStateException("node " + nodeId + " already runs");
    }
    try {
      ProcessBuilder builder = launcher.command(nodeId, port, dataDirectory, options);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
      process = ChildGuard.start(builder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start node " + nodeId, e);
    }
  }

  /** Returns once the node answers an ApiVersions request; fails at once if its process ends. */
  public void awaitReady() {
    Deadline.in(START_LIMIT)
        .await(
            "node " + nodeId + " answers at " + bootstrap() + " or has ended",
            () -> !isRunning() || answers());
    if (!isRunning()) {
      throw new AssertionError(
          "node " + nodeId + " ended with exit code " + process().exitValue() + "\n" + logTail());
    }
  }

  /** {@code kill -9}: the process has no chance to do anything more. */
  public void kill() {
    ChildGuard.end(process());
  }

  /** {@code SIGTERM}, then waits until the node has stopped by itself; returns its exit code. */
  public int stop() {
    Process running = process();
    running.destroy();
    try {
      if (!running.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("node " + nodeId + " does not stop on SIGTERM\n" + logTail());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while node " + nodeId + " stops", e);
    }
    ChildGuard.end(running);
    return running.exitValue();
  }

  /** {@code SIGSTOP}: the process keeps its sockets and answers nothing until {@link #resume}. */
  public void pause() {
    signal("STOP");
  }

  /** {@code SIGCONT}. */
  public void resume() {
    signal("CONT");
  }

  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Process id of the node's JVM: the launcher script has replaced itself by it. */
  public long pid() {
    return process().pid();
  }

  public int nodeId() {
    return nodeId;
  }

  /** {@code host:port}, what clients call {@code bootstrap.servers}. */
  public String bootstrap() {
    return "127.0.0.1:" + port;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  public Path dataDirectory() {
    return dataDirectory;
  }

  /** Where the partition directories lie. */
  public Path logDirectory() {
    Path nested = dataDirectory.resolve("log");
    return Files.isDirectory(nested) ? nested : dataDirectory;
  }

  /** Everything that the process has written to standard output and standard error. */
  public String log() {
    try {
      return Files.exists(logFile) ? Files.readString(logFile) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The end of {@link #log}, for a failure message. */
  public String logTail() {
    List<String> lines = log().lines().toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - LOG_LINES_SHOWN))
        .collect(
            Collectors.joining("\n", "---- log of node " + nodeId + " ----\n", "\n---- end ----"));
  }

  /**
   * Resident memory of the process in bytes ({@code VmRSS}). Only on Linux; 0 where {@code /proc}
   * is missing.
   */
  public long residentBytes() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void destroy() {
    if (process != null) {
      ChildGuard.end(process);
    }
  }

  private boolean answers() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(address(), PROBE_TIMEOUT_MS);
      socket.setSoTimeout(PROBE_TIMEOUT_MS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      int correlationId = 7;
      out.writeInt(2 + 2 + 4 + 2);
      out.writeShort(API_VERSIONS_KEY);
      out.writeShort(0);
      out.writeInt(correlationId);
      out.writeShort(-1);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int length = in.readInt();
      return length > 6 && in.readInt() == correlationId && in.readShort() == 0;
    }
  }

  private void signal(String name) {
    try {
      int exit = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid()).start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " ended with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private Process process() {
    if (process == null) {
      throw new IllegalStateException("node " + nodeId + " was never started");
    }
    return process;
  }
}
