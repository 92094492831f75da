package dev.ritsem.replication;

import dev.ritsem.log.Disk;
import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.log.LogIoException;
import dev.ritsem.log.OpenState;
import dev.ritsem.log.PartitionDirectory;
import dev.ritsem.model.Clock;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.replication.ReplicaState.Leader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log directory as the home of replicas. Opens so many logs at once as {@code
 * num.recovery.threads.per.data.dir} says. Once it has failed, nothing in it is written any more
 * until the node starts again.
 */
final class ReplicaDirectory implements LogHome {
  private static final Logger logger = LoggerFactory.getLogger(ReplicaDirectory.class);

  private final LogDirectory directory;
  private final Disk disk;
  private final Clock clock;
  private final Executor openers;

  /** What lay here when the node started. */
  private final Map<TopicPartition, PartitionDirectory> found = new HashMap<>();

  /** Those of {@link #found} that were removed because their topic is gone; its own lock. */
  private final Set<TopicPartition> cleared = new HashSet<>();

  private volatile boolean failed;

  ReplicaDirectory(LogDirectory directory, Disk disk, Clock clock, Executor openers) {
    this.directory = directory;
    this.disk = disk;
    this.clock = clock;
    this.openers = openers;
    directory.partitions().forEach(partition -> found.put(partition.partition(), partition));
  }

  Path path() {
    return directory.path();
  }

  String clusterId() {
    return directory.clusterId();
  }

  boolean hasFailed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  /** What lay here when the node started. */
  Collection<PartitionDirectory> found() {
    return List.copyOf(found.values());
  }

  /** Whether files of this replica lay here when the node started. */
  boolean holds(TopicIdPartition id) {
    PartitionDirectory known = found.get(id.topicPartition());
    return known != null && known.topicId().map(id.topicId()::equals).orElse(true);
  }

  @Override
  public CompletionStage<Log> open(LocalPartition partition, ReplicaState decided) {
    return CompletableFuture.supplyAsync(
        () -> openNow(partition.id(), partition.status().config(), decided), openers);
  }

  private Log openNow(TopicIdPartition id, LogConfig config, ReplicaState decided) {
    if (failed) {
      throw new LogIoException("open a log in", path(), new IOException("the disk has failed"));
    }
    PartitionDirectory before = found.get(id.topicPartition());
    if (before != null && !holds(id)) {
      clear(before);
    }
    OpenState state = directory.stateOf(id.topicPartition());
    OpenState known =
        new OpenState(
            state.cleanShutdown(),
            state.recoveryPoint(),
            Math.max(state.logStartOffset(), decided.logStartOffset()),
            state.highWatermark());
    Log log = Log.open(disk, directory.pathOf(id.topicPartition()), id, config, clock, known);
    if (decided.role() instanceof Leader leader) {
      // Mostly it leads in the same epoch again; then its owner has nothing to write on its loop.
      log.startEpoch(leader.leaderEpoch().value());
    }
    return log;
  }

  /** Removes files of a topic that is gone, off the caller's thread. */
  CompletionStage<Void> clearLater(PartitionDirectory stray) {
    return CompletableFuture.runAsync(() -> clear(stray), openers);
  }

  /** Once per directory: by then another topic of the same name may live in its place. */
  private void clear(PartitionDirectory stray) {
    synchronized (cleared) {
      if (!cleared.contains(stray.partition())) {
        remove(stray);
        cleared.add(stray.partition());
      }
    }
  }

  private void remove(PartitionDirectory stray) {
    Optional<TopicId> topicId = stray.topicId();
    if (topicId.isPresent() && isThere(stray.path())) {
      logger.info("{}: belongs to topic {}, which is gone; removed", stray.path(), topicId.get());
      TopicIdPartition id = new TopicIdPartition(topicId.get(), stray.partition());
      directory.delete(
          Log.open(
              disk,
              stray.path(),
              id,
              LogConfig.defaults(),
              clock,
              directory.stateOf(stray.partition())));
    }
  }

  private boolean isThere(Path path) {
    try {
      return disk.exists(path);
    } catch (IOException e) {
      throw new LogIoException("look for", path, e);
    }
  }

  @Override
  public void delete(Log log) {
    directory.delete(log);
  }

  /** Removes what was deleted a while ago: whole partitions, and segments. Blocks. */
  void removeDeleted(Collection<Log> logs) {
    if (!failed) {
      directory.removeDeleted();
      logs.forEach(Log::removeDeletedFiles);
    }
  }

  /** Writes offsets of all logs down, for the next start. Blocks. */
  void write(Checkpoint checkpoint, Collection<Log> logs) {
    if (!failed) {
      switch (checkpoint) {
        case HIGH_WATERMARKS -> directory.checkpointHighWatermarks(logs);
        case RECOVERY_POINTS -> directory.checkpointRecoveryPoints(logs);
        case LOG_START_OFFSETS -> directory.checkpointLogStartOffsets(logs);
      }
    }
  }

  /** What is written down about all logs of a directory at once. */
  enum Checkpoint {
    HIGH_WATERMARKS,
    RECOVERY_POINTS,
    LOG_START_OFFSETS
  }

  /**
   * Ends the use of the directory. Blocks.
   *
   * @param logs all logs of this directory that were closed in order
   * @param allClosed whether that is all there are; else the next start has to look at them
   */
  void close(Collection<Log> logs, boolean allClosed) {
    if (allClosed && !failed) {
      directory.closeCleanly(logs);
    } else {
      directory.close();
    }
  }
}
