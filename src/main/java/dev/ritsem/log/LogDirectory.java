package dev.ritsem.log;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One entry of {@code log.dirs}: whose it is, which partitions lie in it, what was written down
 * about them, and whether the last stop was an orderly one. Named and formatted as Kafka's:
 *
 * <pre>
 *  .lock                              held while a process uses the directory
 *  .kafka_cleanshutdown               there only between an orderly stop and the next start
 *  meta.properties                    cluster, node and directory ids
 *  recovery-point-offset-checkpoint   up to where each log is flushed
 *  replication-offset-checkpoint      high watermarks
 *  log-start-offset-checkpoint        first readable offsets
 *  topic-0/ …                         the partitions
 *  topic-0.4fe3…-delete/              partitions that are only waiting to be removed
 * </pre>
 *
 * <p>All methods may be called from any thread, and may block.
 */
public final class LogDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogDirectory.class);

  private static final String LOCK = ".lock";
  private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
  private static final String CLEAN_SHUTDOWN_CONTENT = "{\"version\":0,\"brokerEpoch\":-1}";
  private static final String RECOVERY_POINTS = "recovery-point-offset-checkpoint";
  private static final String HIGH_WATERMARKS = "replication-offset-checkpoint";
  private static final String LOG_START_OFFSETS = "log-start-offset-checkpoint";
  private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d+)");

  private final Disk disk;
  private final Path path;
  private final Clock clock;
  private final MetaProperties meta;
  private final AutoCloseable lock;
  private final boolean cleanShutdown;
  private final OffsetCheckpoint recoveryPoints;
  private final OffsetCheckpoint highWatermarks;
  private final OffsetCheckpoint logStartOffsets;

  /** Directories to remove, and when; guarded by itself. */
  private final Deque<Doomed> doomed = new ArrayDeque<>();

  private record Doomed(Path directory, long dueMs) {}

  private LogDirectory(Disk disk, Path path, Clock clock, MetaProperties meta, AutoCloseable lock)
      throws IOException {
    this.disk = disk;
    this.path = path;
    this.clock = clock;
    this.meta = meta;
    this.lock = lock;
    this.recoveryPoints = OffsetCheckpoint.read(disk, path.resolve(RECOVERY_POINTS));
    this.highWatermarks = OffsetCheckpoint.read(disk, path.resolve(HIGH_WATERMARKS));
    this.logStartOffsets = OffsetCheckpoint.read(disk, path.resolve(LOG_START_OFFSETS));
    this.cleanShutdown = takeCleanShutdownMark();
    findDoomed();
  }

  /**
   * Opens the directories of a node. Those that are new are formatted; the others have to agree
   * with each other and with the node about whom they belong to.
   *
   * @param paths at least one
   * @throws LogDirectoryException if one cannot be used
   */
  public static List<LogDirectory> openAll(
      Disk disk, List<Path> paths, BrokerId nodeId, IdSource ids, Clock clock) {
    List<LogDirectory> opened = new ArrayList<>();
    List<AutoCloseable> locks = new ArrayList<>();
    try {
      Optional<String> clusterId = Optional.empty();
      List<Optional<MetaProperties>> found = new ArrayList<>();
      for (Path path : paths) {
        locks.add(lock(disk, path));
        Optional<MetaProperties> meta = readMeta(disk, path);
        meta.ifPresent(known -> checkNode(path, known, nodeId));
        if (meta.isPresent() && clusterId.isPresent()) {
          checkCluster(path, meta.get(), clusterId.get());
        }
        clusterId = clusterId.or(() -> meta.map(MetaProperties::clusterId));
        found.add(meta);
      }
      String cluster = clusterId.orElseGet(() -> ids.nextTopicId().toString());
      for (int i = 0; i < paths.size(); i++) {
        Path path = paths.get(i);
        MetaProperties meta =
            found.get(i).orElseGet(() -> format(disk, path, cluster, nodeId, ids));
        opened.add(open(disk, path, clock, meta, locks.get(i)));
      }
      return List.copyOf(opened);
    } catch (RuntimeException e) {
      locks.forEach(LogDirectory::unlock);
      throw e;
    }
  }

  public Path path() {
    return path;
  }

  public String clusterId() {
    return meta.clusterId();
  }

  /** The identity of this directory. */
  public String directoryId() {
    return meta.directoryId();
  }

  /** Whether the last process that used the directory stopped in order. */
  public boolean cleanShutdown() {
    return cleanShutdown;
  }

  /** The partitions that have files here, without those that wait to be removed. */
  public List<PartitionDirectory> partitions() {
    List<PartitionDirectory> partitions = new ArrayList<>();
    try {
      for (Disk.Entry entry : disk.list(path)) {
        Matcher name = PARTITION.matcher(entry.name());
        if (entry.directory() && name.matches()) {
          partitions.add(
              new PartitionDirectory(
                  new TopicPartition(name.group(1), Integer.parseInt(name.group(2))),
                  entry.path(),
                  PartitionMetadataFile.read(disk, entry.path())));
        }
      }
    } catch (IOException e) {
      throw new LogIoException("list", path, e);
    }
    return partitions;
  }

  /** Where the files of a partition lie or would lie. */
  public Path pathOf(TopicPartition partition) {
    return path.resolve(partition.toString());
  }

  /** What the last process wrote down about a partition; for {@link Log#open}. */
  public OpenState stateOf(TopicPartition partition) {
    return new OpenState(
        cleanShutdown,
        recoveryPoints.offset(partition),
        logStartOffsets.offset(partition),
        highWatermarks.offset(partition));
  }

  /**
   * Writes down up to where the logs are flushed.
   *
   * @param logs all logs of this directory
   */
  public void checkpointRecoveryPoints(Collection<Log> logs) {
    recoveryPoints.write(offsets(logs, Log::recoveryPoint));
  }

  /**
   * Writes down up to where one log is flushed; needed after it was truncated and before anything
   * is appended to it.
   */
  public void checkpointRecoveryPoint(Log log) {
    recoveryPoints.write(log.id().topicPartition(), log.recoveryPoint());
  }

  /**
   * Writes down the high watermarks.
   *
   * @param logs all logs of this directory
   */
  public void checkpointHighWatermarks(Collection<Log> logs) {
    highWatermarks.write(offsets(logs, log -> log.view().highWatermark()));
  }

  /**
   * Writes down the first readable offsets.
   *
   * @param logs all logs of this directory
   */
  public void checkpointLogStartOffsets(Collection<Log> logs) {
    logStartOffsets.write(offsets(logs, log -> log.view().logStartOffset()));
  }

  /**
   * Takes a log out of the directory: its files are removed after the topic's {@code
   * file.delete.delay.ms}, and what was written down about it is forgotten at once, so that a
   * partition that is created again under the same name starts without it.
   */
  public void delete(Log log) {
    Path renamed = log.delete();
    TopicPartition partition = log.id().topicPartition();
    recoveryPoints.forget(partition);
    highWatermarks.forget(partition);
    logStartOffsets.forget(partition);
    synchronized (doomed) {
      doomed.add(new Doomed(renamed, clock.nowMs() + log.config().fileDeleteDelayMs()));
    }
  }

  /** Removes the deleted partitions whose time to linger is over. */
  public int removeDeleted() {
    int removed = 0;
    for (Path directory : takeDue()) {
      try {
        removeTree(directory);
        removed++;
      } catch (IOException e) {
        throw new LogIoException("remove", directory, e);
      }
    }
    return removed;
  }

  /**
   * Ends the use of the directory after all its logs were closed in order: the next start has
   * nothing to scan.
   *
   * @param logs all logs of this directory, closed
   */
  public void closeCleanly(Collection<Log> logs) {
    checkpointRecoveryPoints(logs);
    checkpointHighWatermarks(logs);
    checkpointLogStartOffsets(logs);
    try {
      AtomicFile.replaceDurably(disk, path.resolve(CLEAN_SHUTDOWN), CLEAN_SHUTDOWN_CONTENT);
    } catch (IOException e) {
      throw new LogIoException("mark as closed in order", path, e);
    } finally {
      close();
    }
  }

  /** Ends the use of the directory as a crash would: the next start scans what is not flushed. */
  @Override
  public void close() {
    unlock(lock);
  }

  private static LogDirectory open(
      Disk disk, Path path, Clock clock, MetaProperties meta, AutoCloseable lock) {
    try {
      return new LogDirectory(disk, path, clock, meta, lock);
    } catch (IOException e) {
      throw new LogDirectoryException(path, e.toString(), e);
    }
  }

  private static AutoCloseable lock(Disk disk, Path path) {
    try {
      disk.createDirectories(path);
      return disk.lock(path.resolve(LOCK));
    } catch (IOException e) {
      throw new LogDirectoryException(
          path, "it is in use or not writable (" + e.getMessage() + ")", e);
    }
  }

  private static Optional<MetaProperties> readMeta(Disk disk, Path path) {
    try {
      return MetaProperties.read(disk, path);
    } catch (IOException e) {
      throw new LogDirectoryException(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static MetaProperties format(
      Disk disk, Path path, String clusterId, BrokerId nodeId, IdSource ids) {
    MetaProperties meta = new MetaProperties(clusterId, nodeId, ids.nextTopicId().toString());
    try {
      meta.write(disk, path);
    } catch (IOException e) {
      throw new LogDirectoryException(path, "it cannot be formatted (" + e + ")", e);
    }
    LOG.info("{}: formatted for node {} of cluster {}", path, nodeId, clusterId);
    return meta;
  }

  private static void checkNode(Path path, MetaProperties meta, BrokerId nodeId) {
    if (!meta.nodeId().equals(nodeId)) {
      throw new LogDirectoryException(
          path,
          "%s says that it belongs to node %s, but node.id is %s"
              .formatted(MetaProperties.FILE_NAME, meta.nodeId(), nodeId),
          null);
    }
  }

  private static void checkCluster(Path path, MetaProperties meta, String clusterId) {
    if (!meta.clusterId().equals(clusterId)) {
      throw new LogDirectoryException(
          path,
          "%s says that it belongs to cluster %s, but another of log.dirs belongs to cluster %s"
              .formatted(MetaProperties.FILE_NAME, meta.clusterId(), clusterId),
          null);
    }
  }

  /** From here on the directory is in use: if this process dies, the next one has to scan. */
  private boolean takeCleanShutdownMark() throws IOException {
    Path mark = path.resolve(CLEAN_SHUTDOWN);
    if (!disk.exists(mark)) {
      return false;
    }
    disk.delete(mark);
    disk.forceDirectory(path);
    return true;
  }

  private void findDoomed() throws IOException {
    for (Disk.Entry entry : disk.list(path)) {
      if (entry.directory() && entry.name().endsWith(LogFileNames.DELETED_DIRECTORY)) {
        doomed.add(new Doomed(entry.path(), clock.nowMs()));
      }
    }
  }

  private List<Path> takeDue() {
    List<Path> due = new ArrayList<>();
    synchronized (doomed) {
      long nowMs = clock.nowMs();
      doomed.stream().filter(one -> one.dueMs() <= nowMs).map(Doomed::directory).forEach(due::add);
      doomed.removeIf(one -> one.dueMs() <= nowMs);
    }
    return due;
  }

  private void removeTree(Path directory) throws IOException {
    for (Disk.Entry entry : disk.list(directory)) {
      disk.delete(entry.path());
    }
    disk.delete(directory);
  }

  private static Map<TopicPartition, Long> offsets(
      Collection<Log> logs, ToLongFunction<Log> offset) {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    logs.forEach(log -> offsets.put(log.id().topicPartition(), offset.applyAsLong(log)));
    return offsets;
  }

  private static void unlock(AutoCloseable lock) {
    try {
      lock.close();
    } catch (Exception e) {
      LOG.warn("A lock could not be given back: {}", e.toString());
    }
  }
}
