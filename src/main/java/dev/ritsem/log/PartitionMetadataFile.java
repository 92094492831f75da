package dev.ritsem.log;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code partition.metadata} in a partition's directory: it says to which life of the
 * topic the records belong.
 *
 * <pre>
 *  version: 0
 *  topic_id: r7UIn3qvQ2uxYxG1zXMNeg
 * </pre>
 */
final class PartitionMetadataFile {
  private static final String VERSION_LINE = "version: 0";
  private static final String TOPIC_ID = "topic_id:";

  /**
   * Writes the file if there is none.
   *
   * @throws IOException if the directory belongs to another life of the topic
   */
  static void ensure(Disk disk, Path directory, TopicIdPartition id) throws IOException {
    Optional<TopicId> found = read(disk, directory);
    if (found.isEmpty()) {
      write(disk, directory, id.topicId());
    } else if (!found.get().equals(id.topicId())) {
      throw new IOException(
          "it belongs to a topic of the id %s, not %s".formatted(found.get(), id.topicId()));
    }
  }

  static void write(Disk disk, Path directory, TopicId topicId) throws IOException {
    AtomicFile.replace(
        disk,
        directory.resolve(LogFileNames.PARTITION_METADATA),
        "%s\n%s %s\n".formatted(VERSION_LINE, TOPIC_ID, topicId));
  }

  /**
   * The topic's id; empty if there is no file.
   *
   * @throws CorruptFileException if there is one that says nothing
   */
  static Optional<TopicId> read(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(LogFileNames.PARTITION_METADATA);
    String text;
    try {
      text = AtomicFile.readText(disk, file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    String id =
        text.lines()
            .filter(line -> line.startsWith(TOPIC_ID))
            .map(line -> line.substring(TOPIC_ID.length()).trim())
            .findFirst()
            .orElseThrow(() -> new CorruptFileException(file, "it has no topic id"));
    try {
      return Optional.of(TopicId.parse(id));
    } catch (IllegalArgumentException e) {
      throw new CorruptFileException(file, "'" + id + "' is not a topic id");
    }
  }

  private PartitionMetadataFile() {}
}
