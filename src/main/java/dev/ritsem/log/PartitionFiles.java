package dev.ritsem.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The files in a partition's directory when a log is opened, after what the last process had not
 * finished was swept away: files that were being deleted, replacements not yet in place, indexes
 * without records.
 */
final class PartitionFiles {
  private final Map<String, Disk.Entry> byName = new HashMap<>();
  private final TreeMap<Long, Disk.Entry> logs = new TreeMap<>();
  private final TreeSet<Long> snapshots = new TreeSet<>();

  private PartitionFiles() {}

  static PartitionFiles sweep(Disk disk, Path directory) throws IOException {
    PartitionFiles files = new PartitionFiles();
    List<Disk.Entry> indexes = new ArrayList<>();
    for (Disk.Entry entry : disk.list(directory)) {
      String name = entry.name();
      if (name.endsWith(LogFileNames.DELETED)
          || name.endsWith(LogFileNames.CLEANED)
          || name.endsWith(LogFileNames.TEMPORARY)) {
        disk.delete(entry.path());
        continue;
      }
      files.byName.put(name, entry);
      LogFileNames.offset(name, LogFileNames.LOG)
          .ifPresent(offset -> files.logs.put(offset, entry));
      LogFileNames.offset(name, LogFileNames.PRODUCER_SNAPSHOT).ifPresent(files.snapshots::add);
      if (indexOffset(name).isPresent()) {
        indexes.add(entry);
      }
    }
    for (Disk.Entry index : indexes) {
      if (!files.logs.containsKey(indexOffset(index.name()).orElseThrow())) {
        disk.delete(index.path());
        files.byName.remove(index.name());
      }
    }
    return files;
  }

  /** The offsets of the producer snapshots in a directory; nothing is swept away. */
  static NavigableSet<Long> snapshots(Disk disk, Path directory) throws IOException {
    TreeSet<Long> snapshots = new TreeSet<>();
    for (Disk.Entry entry : disk.list(directory)) {
      LogFileNames.offset(entry.name(), LogFileNames.PRODUCER_SNAPSHOT).ifPresent(snapshots::add);
    }
    return snapshots;
  }

  /** The .log files by their first offset. */
  NavigableMap<Long, Disk.Entry> logs() {
    return logs;
  }

  /** The offsets of the producer snapshots. */
  NavigableSet<Long> snapshots() {
    return snapshots;
  }

  boolean has(long baseOffset, String suffix) {
    return find(baseOffset, suffix) != null;
  }

  /** Whether both indexes of a segment are there and of a size that they can have. */
  boolean hasIndexes(long baseOffset) {
    Disk.Entry offsets = find(baseOffset, LogFileNames.OFFSET_INDEX);
    Disk.Entry times = find(baseOffset, LogFileNames.TIME_INDEX);
    return offsets != null
        && times != null
        && offsets.sizeInBytes() % OffsetIndex.ENTRY_BYTES == 0
        && times.sizeInBytes() % TimeIndex.ENTRY_BYTES == 0;
  }

  private Disk.@Nullable Entry find(long baseOffset, String suffix) {
    return byName.get("%020d%s".formatted(baseOffset, suffix));
  }

  private static OptionalLong indexOffset(String name) {
    for (String suffix :
        List.of(
            LogFileNames.OFFSET_INDEX, LogFileNames.TIME_INDEX, LogFileNames.TRANSACTION_INDEX)) {
      OptionalLong offset = LogFileNames.offset(name, suffix);
      if (offset.isPresent()) {
        return offset;
      }
    }
    return OptionalLong.empty();
  }
}
