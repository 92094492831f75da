package dev.ritsem.log;

import dev.ritsem.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Kafka's small text files: a version, how many lines follow, and the lines, whose parts are
 * separated by blanks.
 *
 * <pre>
 *  0
 *  2
 *  topic-a 0 1234
 *  topic-b 7 99
 * </pre>
 */
final class CheckpointFile {
  private static final String VERSION = "0";

  /** The text of offsets per partition: topic, partition, offset. */
  static String ofOffsets(Map<TopicPartition, Long> offsets) {
    List<String> lines = new ArrayList<>(offsets.size());
    offsets.forEach(
        (partition, offset) ->
            lines.add(partition.topic() + " " + partition.partition() + " " + offset));
    return text(lines);
  }

  /** The text of a leader-epoch-checkpoint: epoch, first offset. */
  static String ofEpochs(LeaderEpochs epochs) {
    return text(
        epochs.entries().stream().map(entry -> entry.epoch() + " " + entry.startOffset()).toList());
  }

  /**
   * Reads offsets per partition.
   *
   * @throws CorruptFileException if the text is not one that {@link #ofOffsets} makes
   */
  static Map<TopicPartition, Long> readOffsets(Disk disk, Path file) throws IOException {
    Map<TopicPartition, Long> offsets = new LinkedHashMap<>();
    for (String[] parts : readLines(disk, file, 3)) {
      offsets.put(
          new TopicPartition(parts[0], (int) number(file, parts[1])), number(file, parts[2]));
    }
    return offsets;
  }

  /**
   * Reads a leader-epoch-checkpoint.
   *
   * @throws CorruptFileException if the text is not one that {@link #ofEpochs} makes
   */
  static LeaderEpochs readEpochs(Disk disk, Path file) throws IOException {
    List<LeaderEpochs.Entry> entries = new ArrayList<>();
    for (String[] parts : readLines(disk, file, 2)) {
      entries.add(new LeaderEpochs.Entry((int) number(file, parts[0]), number(file, parts[1])));
    }
    return LeaderEpochs.of(entries);
  }

  private static String text(List<String> lines) {
    StringBuilder text = new StringBuilder(VERSION).append('\n').append(lines.size()).append('\n');
    lines.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  private static List<String[]> readLines(Disk disk, Path file, int partsPerLine)
      throws IOException {
    String text = AtomicFile.readText(disk, file);
    if (!text.endsWith("\n")) {
      throw new CorruptFileException(file, "its last line is cut off");
    }
    List<String> lines = text.lines().toList();
    if (lines.size() < 2 || !lines.get(0).trim().equals(VERSION)) {
      throw new CorruptFileException(file, "it does not begin with version " + VERSION);
    }
    long count = number(file, lines.get(1));
    if (count != lines.size() - 2) {
      throw new CorruptFileException(
          file, "it announces %d lines and has %d".formatted(count, lines.size() - 2));
    }
    List<String[]> split = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      String[] parts = line.trim().split("\\s+", -1);
      if (parts.length != partsPerLine) {
        throw new CorruptFileException(file, "the line '" + line + "' is malformed");
      }
      split.add(parts);
    }
    return split;
  }

  private static long number(Path file, String text) throws IOException {
    try {
      long number = Long.parseLong(text.trim());
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new CorruptFileException(file, "'" + text + "' is not a number");
    }
    throw new CorruptFileException(file, "'" + text + "' is negative");
  }

  private CheckpointFile() {}
}
