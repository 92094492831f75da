package dev.ritsem.multijvm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that no process which a test started outlives the test JVM. A shutdown hook ends the
 * children when the JVM exits; if the JVM itself is killed, {@link ChildGuardMain}, a tiny process
 * that holds the other end of a pipe, sees the pipe close and kills them.
 */
final class ChildGuard {
  private static final ChildGuard INSTANCE = new ChildGuard();

  private final Set<Process> children = ConcurrentHashMap.newKeySet();
  private @Nullable Writer pipe;

  private ChildGuard() {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> children.forEach(ChildGuard::destroyTree), "children"));
  }

  /** Starts the process under guard. */
  static Process start(ProcessBuilder builder) throws IOException {
    return INSTANCE.startGuarded(builder);
  }

  /** Kills the process and whatever it has started, and waits for its end. */
  static void end(Process process) {
    destroyTree(process);
    process.onExit().join();
    INSTANCE.children.remove(process);
    INSTANCE.tell("release " + process.pid());
  }

  private Process startGuarded(ProcessBuilder builder) throws IOException {
    tell("hello");
    Process process = builder.start();
    children.add(process);
    tell("guard " + process.pid());
    return process;
  }

  private static void destroyTree(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private synchronized void tell(String line) {
    try {
      Writer open = pipe;
      if (open == null) {
        open = startGuard();
        pipe = open;
      }
      open.write(line + "\n");
      open.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the process that guards the children is gone", e);
    }
  }

  private static Writer startGuard() throws IOException {
    String classes =
        ChildGuardMain.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    Process guard =
        new ProcessBuilder(
                javaCommand(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                ChildGuardMain.class.getName())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return guard.outputWriter(StandardCharsets.UTF_8);
  }

  static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
