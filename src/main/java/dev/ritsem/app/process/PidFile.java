package dev.ritsem.app.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a running node says about itself in its first data directory, from when it answers until it
 * stops: first line the pid, then {@code key=value} lines. A node that was killed leaves the file
 * behind, so what it says is believed only while a process with that pid lives that was started at
 * that time.
 */
final class PidFile {
  static final String NAME = "ritsem.pid";

  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  private PidFile() {}

  /**
   * A node as its file describes it.
   *
   * @param startedAt when the process was started, as the operating system tells it
   * @param endpoints {@code LISTENER://host:port}
   * @param directory the data directory that holds the file
   */
  record Entry(
      long pid,
      Instant startedAt,
      int nodeId,
      String clusterId,
      List<String> endpoints,
      Path directory) {
    Entry {
      endpoints = List.copyOf(endpoints);
    }

    /** The process, if it still is the one that wrote the file. */
    Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> isSameTime(startOf(process), startedAt));
    }
  }

  // What the system tells of one and the same process may shift when the machine's clock is set.
  private static boolean isSameTime(Instant left, Instant right) {
    return Duration.between(left, right).abs().compareTo(CLOCK_TOLERANCE) < 0;
  }

  static void write(Path directory, int nodeId, String clusterId, List<String> endpoints) {
    ProcessHandle self = ProcessHandle.current();
    String text =
        String.join(
            "\n",
            Long.toString(self.pid()),
            "started=" + startOf(self),
            "node.id=" + nodeId,
            "cluster.id=" + clusterId,
            "endpoints=" + String.join(",", endpoints),
            "");
    try {
      // Whoever looks must never see half of it.
      Path fresh = Files.writeString(directory.resolve(NAME + ".tmp"), text);
      Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + directory.resolve(NAME), e);
    }
  }

  static void remove(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(NAME));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove " + directory.resolve(NAME), e);
    }
  }

  /** What the directory's file says; empty if there is none, or none that can be read. */
  static Optional<Entry> read(Path directory) {
    try {
      List<String> lines = Files.readAllLines(directory.resolve(NAME));
      Map<String, String> values = new HashMap<>();
      for (String line : lines.subList(1, lines.size())) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
      String endpoints = values.getOrDefault("endpoints", "");
      return Optional.of(
          new Entry(
              Long.parseLong(lines.get(0).trim()),
              Instant.parse(values.getOrDefault("started", "")),
              Integer.parseInt(values.getOrDefault("node.id", "")),
              values.getOrDefault("cluster.id", ""),
              List.of(endpoints.split(",", -1)),
              directory));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The nodes below a data directory: its own, and those of its direct subdirectories (data/node-1
   * and so on), by number.
   */
  static List<Entry> find(Path data) {
    List<Path> directories = new ArrayList<>(List.of(data));
    if (Files.isDirectory(data)) {
      try (Stream<Path> children = Files.list(data)) {
        children.filter(Files::isDirectory).sorted().forEach(directories::add);
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list " + data, e);
      }
    }
    return directories.stream().map(PidFile::read).flatMap(Optional::stream).toList();
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
