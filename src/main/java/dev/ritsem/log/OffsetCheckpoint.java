package dev.ritsem.log;

import dev.ritsem.model.TopicPartition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the files at the top of a log directory that give an offset per partition. A file that is
 * missing or damaged counts as empty: then more is scanned, and nothing is lost. Any thread.
 */
final class OffsetCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetCheckpoint.class);

  private final Disk disk;
  private final Path file;
  private Map<TopicPartition, Long> offsets;

  private OffsetCheckpoint(Disk disk, Path file, Map<TopicPartition, Long> offsets) {
    this.disk = disk;
    this.file = file;
    this.offsets = offsets;
  }

  static OffsetCheckpoint read(Disk disk, Path file) throws IOException {
    Map<TopicPartition, Long> offsets;
    try {
      offsets = CheckpointFile.readOffsets(disk, file);
    } catch (NoSuchFileException e) {
      offsets = Map.of();
    } catch (CorruptFileException e) {
      LOG.warn("{}; it counts as empty", e.getMessage());
      offsets = Map.of();
    }
    return new OffsetCheckpoint(disk, file, offsets);
  }

  synchronized long offset(TopicPartition partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /** Writes these in place of all, if anything changed, and waits for the disk. */
  synchronized void write(Map<TopicPartition, Long> changed) {
    if (changed.equals(offsets)) {
      return;
    }
    Map<TopicPartition, Long> copy = Map.copyOf(changed);
    try {
      AtomicFile.replaceDurably(disk, file, CheckpointFile.ofOffsets(inOrder(copy)));
    } catch (IOException e) {
      throw new LogIoException("write", file, e);
    }
    offsets = copy;
  }

  /** Writes another offset for one partition. */
  synchronized void write(TopicPartition partition, long offset) {
    Map<TopicPartition, Long> changed = inOrder(offsets);
    changed.put(partition, offset);
    write(changed);
  }

  /** Forgets a partition, so that a later one of the same name does not inherit its offset. */
  synchronized void forget(TopicPartition partition) {
    Map<TopicPartition, Long> changed = inOrder(offsets);
    changed.remove(partition);
    write(changed);
  }

  private static Map<TopicPartition, Long> inOrder(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, Long> sorted =
        new TreeMap<>(
            Comparator.comparing(TopicPartition::topic)
                .thenComparingInt(TopicPartition::partition));
    sorted.putAll(offsets);
    return sorted;
  }
}
