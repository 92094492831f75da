package dev.ritsem.log;

import dev.ritsem.model.TopicPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a partition's directory into order when a log is opened, whatever the last process left:
 *
 * <ol>
 *   <li>files that were being deleted or not yet complete, and indexes without records, go;
 *   <li>after an orderly stop the indexes of closed segments only have to be there, and the end of
 *       the active segment is found from its last index entry;
 *   <li>after a crash every segment from the recovery point on is gone over batch by batch and cut
 *       at the first that is not valid, and what comes after a cut or a gap is removed: what is
 *       left is a prefix of what was appended and has all that was flushed;
 *   <li>leader epochs that begin beyond the end are dropped, those found in batches are added;
 *   <li>the producers' state comes from the newest sound snapshot and the batches after it.
 * </ol>
 */
final class LogLoader {
  private static final Logger LOG = LoggerFactory.getLogger(LogLoader.class);

  private final Disk disk;
  private final Path directory;
  private final TopicPartition partition;
  private final LogConfig config;
  private final OpenState state;
  private final long nowMs;

  private final List<Segment> segments = new ArrayList<>();
  private LeaderEpochs epochs = LeaderEpochs.NONE;
  private LeaderEpochs written = LeaderEpochs.NONE;
  private long logEndOffset;

  LogLoader(
      Disk disk,
      Path directory,
      TopicPartition partition,
      LogConfig config,
      OpenState state,
      long nowMs) {
    this.disk = disk;
    this.directory = directory;
    this.partition = partition;
    this.config = config;
    this.state = state;
    this.nowMs = nowMs;
  }

  LoadedLog load() throws IOException {
    disk.createDirectories(directory);
    PartitionFiles files = PartitionFiles.sweep(disk, directory);
    findSegments(files);
    loadEpochs();
    long rebuiltFrom = recover(files);
    if (logEndOffset < state.logStartOffset() && !segments.isEmpty()) {
      LOG.warn(
          "{}: the log ends at {}, before its start {}; nothing readable is left",
          directory,
          logEndOffset,
          state.logStartOffset());
      remove(segments.get(0).baseOffset());
      removeSnapshots(files, Set.of());
    }
    if (segments.isEmpty()) {
      logEndOffset = state.logStartOffset();
      segments.add(Segment.create(disk, directory, logEndOffset, nowMs));
    }
    removeStraySnapshots(files);
    ProducerStates producers = new ProducerStates(partition);
    new ProducerReplay(disk, directory, producers, segments, rebuiltFrom)
        .upTo(logEndOffset, files.snapshots());
    forceTransactionsFrom(rebuiltFrom);
    producers.expire(nowMs, config.producerIdExpirationMs());
    return loaded(producers);
  }

  /**
   * Offset and time indexes show when they are damaged; a lost list of aborted transactions does
   * not, and part of these may lie below the recovery point.
   */
  private void forceTransactionsFrom(long baseOffset) throws IOException {
    for (Segment segment : segments) {
      if (segment.baseOffset() >= baseOffset && segment.transactionIndex().isPresent()) {
        segment.transactionIndex().file().force();
      }
    }
  }

  private LoadedLog loaded(ProducerStates producers) throws IOException {
    long logStartOffset = Math.max(state.logStartOffset(), segments.get(0).baseOffset());
    // One that begins at the end is kept: it led, or will lead again, without a record so far.
    epochs = epochs.truncatedTo(logEndOffset + 1);
    if (!epochs.cover(logStartOffset) && logEndOffset > logStartOffset) {
      // Written down for a later start than the log has now, or lost.
      epochs = epochsOfBatches();
    }
    LeaderEpochs known = epochs.startingAt(logStartOffset);
    if (!known.equals(written)) {
      // Epochs of records that are gone must not be found again beside other records.
      AtomicFile.replaceDurably(
          disk, directory.resolve(LogFileNames.LEADER_EPOCHS), CheckpointFile.ofEpochs(known));
    }
    Segment active = segments.get(segments.size() - 1);
    return new LoadedLog(
        segments,
        active.openForAppends(),
        producers,
        known,
        logStartOffset,
        logEndOffset,
        Math.min(state.recoveryPoint(), logEndOffset),
        closedUpTo());
  }

  /**
   * A segment is only known to be flushed with all that belongs to it if the next one is, partly.
   */
  private long closedUpTo() {
    if (state.cleanShutdown()) {
      return segments.get(segments.size() - 1).baseOffset();
    }
    return segments.get(floor(state.recoveryPoint() - 1)).baseOffset();
  }

  private void findSegments(PartitionFiles files) throws IOException {
    for (Disk.Entry file : files.logs().values()) {
      long baseOffset = LogFileNames.offset(file.name(), LogFileNames.LOG).orElseThrow();
      if (file.sizeInBytes() > Integer.MAX_VALUE) {
        throw new CorruptFileException(
            file.path(), file.sizeInBytes() + " bytes are more than a segment can have");
      }
      Segment segment =
          Segment.existing(
              disk,
              directory,
              baseOffset,
              (int) file.sizeInBytes(),
              files.has(baseOffset, LogFileNames.TRANSACTION_INDEX));
      segment.setCreatedMs(nowMs);
      segments.add(segment);
    }
  }

  /**
   * Makes segments and indexes sound and finds the end of the log.
   *
   * @return base of the first segment whose transactions have to be indexed again
   */
  private long recover(PartitionFiles files) throws IOException {
    if (segments.isEmpty()) {
      return Long.MAX_VALUE;
    }
    Segment last = segments.get(segments.size() - 1);
    int recoverFrom;
    long checksumsFrom;
    if (!state.cleanShutdown()) {
      // If the point is just where a segment begins, the indexes before it may not be flushed.
      recoverFrom = floor(state.recoveryPoint() - 1);
      checksumsFrom = state.recoveryPoint();
    } else if (!files.hasIndexes(last.baseOffset()) || !resume(last)) {
      LOG.warn("{}: the log was closed in order, but its end is damaged", directory);
      recoverFrom = segments.size() - 1;
      checksumsFrom = last.baseOffset();
    } else {
      recoverFrom = segments.size();
      checksumsFrom = Long.MAX_VALUE;
    }
    for (int i = 0; i < Math.min(recoverFrom, segments.size() - 1); i++) {
      if (!files.hasIndexes(segments.get(i).baseOffset())) {
        LOG.info("{}: making the indexes again", segments.get(i));
        SegmentRecovery.ofIndexes(segments.get(i), config.indexIntervalBytes()).run();
        segments.get(i).force(true);
      }
    }
    if (recoverFrom == segments.size()) {
      return Long.MAX_VALUE;
    }
    long rebuiltFrom = segments.get(recoverFrom).baseOffset();
    recoverSegments(recoverFrom, checksumsFrom);
    return rebuiltFrom;
  }

  private void recoverSegments(int from, long checksumsFrom) throws IOException {
    for (int i = from; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean gap = i > from && segment.baseOffset() != logEndOffset;
      if (gap && segment.baseOffset() > checksumsFrom) {
        LOG.warn(
            "{}: removing the segments from {} on; those before end at {}",
            directory,
            segment.baseOffset(),
            logEndOffset);
        remove(segment.baseOffset());
        return;
      }
      SegmentRecovery recovery =
          SegmentRecovery.afterCrash(segment, checksumsFrom, config.indexIntervalBytes(), epochs);
      recovery.run();
      epochs = recovery.epochs();
      logEndOffset = recovery.nextOffset();
      if (recovery.cut()) {
        LOG.warn("{}: cut after the last valid batch; it ends at {}", segment, logEndOffset);
        remove(logEndOffset > segment.baseOffset() ? logEndOffset : segment.baseOffset() + 1);
        return;
      }
    }
  }

  private boolean resume(Segment segment) throws IOException {
    SegmentTail tail = SegmentTail.resume(segment);
    logEndOffset = tail.nextOffset();
    return tail.sound();
  }

  private void loadEpochs() throws IOException {
    Path file = directory.resolve(LogFileNames.LEADER_EPOCHS);
    try {
      epochs = CheckpointFile.readEpochs(disk, file);
    } catch (NoSuchFileException e) {
      epochs = LeaderEpochs.NONE;
    } catch (CorruptFileException e) {
      LOG.warn("{}; the epochs come from the batches", e.getMessage());
      epochs = LeaderEpochs.NONE;
    }
    written = epochs;
  }

  private LeaderEpochs epochsOfBatches() throws IOException {
    LeaderEpochs found = LeaderEpochs.NONE;
    ByteBuffer buffer = ByteBuffer.allocate(BatchScanner.HEADERS_BUFFER_BYTES);
    for (Segment segment : segments) {
      DiskFile file = segment.file().acquire();
      try {
        BatchScanner batches = new BatchScanner(file, 0, segment.sizeInBytes(), buffer);
        while (batches.next()) {
          if (batches.batch().partitionLeaderEpoch() > found.latest()) {
            found =
                found.with(batches.batch().partitionLeaderEpoch(), batches.batch().baseOffset());
          }
        }
      } finally {
        segment.file().release();
      }
    }
    return found;
  }

  /** Removes the segments that begin at or after an offset, the last one first. */
  private void remove(long fromOffset) throws IOException {
    for (int i = segments.size() - 1; i >= 0; i--) {
      Segment segment = segments.get(i);
      if (segment.baseOffset() < fromOffset) {
        break;
      }
      segment.deleteFiles();
      segments.remove(i);
    }
    disk.forceDirectory(directory);
  }

  /** Only snapshots at the beginning of a segment, and at the end of the log, mean anything. */
  private void removeStraySnapshots(PartitionFiles files) throws IOException {
    Set<Long> kept = new HashSet<>();
    segments.forEach(segment -> kept.add(segment.baseOffset()));
    kept.add(logEndOffset);
    removeSnapshots(files, kept);
  }

  private void removeSnapshots(PartitionFiles files, Set<Long> kept) throws IOException {
    for (long offset : files.snapshots()) {
      if (!kept.contains(offset)) {
        disk.delete(LogFileNames.file(directory, offset, LogFileNames.PRODUCER_SNAPSHOT));
      }
    }
    files.snapshots().retainAll(kept);
  }

  /** The last segment that begins at or before an offset, or the first one. */
  private int floor(long offset) {
    int found = 0;
    for (int i = 0; i < segments.size() && segments.get(i).baseOffset() <= offset; i++) {
      found = i;
    }
    return found;
  }
}
