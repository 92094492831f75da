package dev.ritsem.log;

import dev.ritsem.model.TopicIdPartition;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Kafka names the files of a partition: twenty digits of the first offset and a suffix. */
final class LogFileNames {
  static final String LOG = ".log";
  static final String OFFSET_INDEX = ".index";
  static final String TIME_INDEX = ".timeindex";
  static final String TRANSACTION_INDEX = ".txnindex";
  static final String PRODUCER_SNAPSHOT = ".snapshot";

  /** Appended to the name of a file that is only waiting to be removed. */
  static final String DELETED = ".deleted";

  /** Appended to the name of a file that compaction had not finished. */
  static final String CLEANED = ".cleaned";

  /** Appended to the name of a file that is not yet complete. */
  static final String TEMPORARY = ".tmp";

  static final String LEADER_EPOCHS = "leader-epoch-checkpoint";
  static final String PARTITION_METADATA = "partition.metadata";

  /** How the name of a partition's directory ends while it is only waiting to be removed. */
  static final String DELETED_DIRECTORY = "-delete";

  private static final Pattern OF_SEGMENT = Pattern.compile("(\\d{20})(\\.[a-z]+)");

  static Path file(Path directory, long offset, String suffix) {
    return directory.resolve("%020d%s".formatted(offset, suffix));
  }

  /** The offset in the name of a file with that suffix; empty if it is not named so. */
  static OptionalLong offset(String name, String suffix) {
    Matcher matcher = OF_SEGMENT.matcher(name);
    return matcher.matches() && matcher.group(2).equals(suffix)
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /**
   * What the directory of a partition is called while it is only waiting to be removed.
   *
   * @param distinction more digits, if there is such a directory already
   */
  static String deletedDirectory(TopicIdPartition id, String distinction) {
    return "%s.%016x%016x%s%s"
        .formatted(
            id.topicPartition(),
            id.topicId().mostSignificantBits(),
            id.topicId().leastSignificantBits(),
            distinction,
            DELETED_DIRECTORY);
  }

  static Path withSuffix(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private LogFileNames() {}
}
