package dev.ritsem.log;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(PartitionMetadataFile.class);

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
   * The topic's id; empty if there is no file, or a torn one: the log's first flush makes it safe,
   * so a machine that crashed before that may leave anything.
   */
  static Optional<TopicId> read(Disk disk, Path directory) throws IOException {
    Path file = directory.resolve(LogFileNames.PARTITION_METADATA);
    try {
      return AtomicFile.readText(disk, file)
          .lines()
          .filter(line -> line.startsWith(TOPIC_ID))
          .map(line -> TopicId.parse(line.substring(TOPIC_ID.length()).trim()))
          .findFirst();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: it says no topic id ({})", file, e.getMessage());
      return Optional.empty();
    }
  }

  private PartitionMetadataFile() {}
}
