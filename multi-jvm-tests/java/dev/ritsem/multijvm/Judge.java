package dev.ritsem.multijvm;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's software that says whether a node does what it must. It runs in processes with a
 * class path of their own, so its jars and ours never mix. Which jars those are is said by {@code
 * multi-jvm-tests/judges/NAME.xml}, a small Maven project; they are resolved once, and the result
 * is kept in {@code target/judges} until that file changes.
 */
public final class Judge {
  private static final Duration RUN_LIMIT = Duration.ofMinutes(2);
  private static final Duration RESOLVE_LIMIT = Duration.ofMinutes(10);
  private static final List<String> SMALL_JVM =
      List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto");

  private final String classPath;

  private Judge(String classPath) {
    this.classPath = classPath;
  }

  /** The judge of that name, its jars resolved. */
  public static synchronized Judge of(String name) {
    Path pom = Checkout.root().resolve("multi-jvm-tests/judges/" + name + ".xml");
    Path resolved = Checkout.root().resolve("target/judges/" + name + ".classpath");
    try {
      if (!isCurrent(pom, resolved)) {
        resolve(pom, resolved);
      }
      return new Judge(Files.readString(resolved).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot resolve the jars of " + pom, e);
    }
  }

  public String classPath() {
    return classPath;
  }

  /** Runs a main class to its end, with nothing on standard input. */
  public Verdict run(String mainClass, String... arguments) {
    return runWithInput("", mainClass, arguments);
  }

  /** Runs a main class to its end, with that text on standard input. */
  public Verdict runWithInput(String input, String mainClass, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ChildGuard.javaCommand());
    command.addAll(SMALL_JVM);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(Arrays.asList(arguments));
    return execute(command, input, RUN_LIMIT);
  }

  /**
   * Runs one source file (see the JDK's source launcher) which is compiled against the judge's own
   * jars: for clients so old that a class compiled against ours would not link.
   */
  public Verdict runSource(Path source, String... arguments) {
    return runWithInput("", source.toString(), arguments);
  }

  /** Runs any command to its end, for judges that are no Java programs. */
  public static Verdict command(String input, String... command) {
    return execute(List.of(command), input, RUN_LIMIT);
  }

  private static Verdict execute(List<String> command, String input, Duration limit) {
    Path out = null;
    Path err = null;
    try {
      out = Files.createTempFile("judge", ".out");
      err = Files.createTempFile("judge", ".err");
      Process process =
          ChildGuard.start(
              new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()));
      try {
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        Verdict verdict =
            new Verdict(
                command,
                ended ? process.exitValue() : -1,
                Files.readString(out),
                Files.readString(err));
        if (!ended) {
          throw new AssertionError("no end within " + limit.toSeconds() + " s: " + verdict);
        }
        return verdict;
      } finally {
        ChildGuard.end(process);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    } finally {
      deleteIfThere(out);
      deleteIfThere(err);
    }
  }

  private static void deleteIfThere(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isCurrent(Path pom, Path resolved) throws IOException {
    return Files.exists(resolved)
        && Files.getLastModifiedTime(resolved).compareTo(Files.getLastModifiedTime(pom)) >= 0
        && Arrays.stream(Files.readString(resolved).strip().split(File.pathSeparator, -1))
            .allMatch(jar -> Files.exists(Path.of(jar)));
  }

  private static void resolve(Path pom, Path resolved) throws IOException {
    Files.createDirectories(resolved.getParent());
    Path fresh = Files.createTempFile(resolved.getParent(), "resolving", ".classpath");
    execute(
            List.of(
                maven(),
                "-q",
                "-B",
                "-f",
                pom.toString(),
                "dependency:build-classpath",
                "-Dmdep.outputFile=" + fresh),
            "",
            RESOLVE_LIMIT)
        .mustSucceed();
    Files.move(
        fresh, resolved, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The Maven that runs this build, or the one on the path. */
  private static String maven() {
    String home = System.getProperty("maven.home", "");
    return home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString();
  }
}
