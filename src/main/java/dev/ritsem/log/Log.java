package dev.ritsem.log;

import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.EndTransactionMarker;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.ValidatedBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of one partition on this node. One thread at a time appends to it and changes it; after
 * each change it publishes a {@link LogView} that any thread may read. {@link #flush} may run on a
 * thread of its own while the writer goes on, and {@link #removeDeletedFiles} on any.
 *
 * <p>Always {@code logStartOffset <= highWatermark <= logEndOffset}; every append begins at the log
 * end; what {@link #recoveryPoint} stands for survives a crash of the machine.
 *
 * <p>Faults: a {@link WireException} refuses one append and changes nothing. A {@link
 * LogIoException} means that the disk refused and the log is as before. A {@link
 * BrokenLogException} means that nobody can say what is on the disk: from then on every call that
 * could acknowledge something throws it.
 *
 * <p>What lies on the disk if the process dies within an operation:
 *
 * <ul>
 *   <li>append: part of the batches after the last whole one; cut by the next start.
 *   <li>roll: a producer snapshot, or an empty segment, at the log end; both are what they say.
 *   <li>truncation: segments go from the last to the first, then the last one left is cut, then its
 *       indexes; each step leaves a prefix, and the next start makes the indexes again.
 *   <li>deletion by retention: files go from the first segment on; each step leaves a suffix. The
 *       .log is renamed before its indexes, which are swept away without it.
 *   <li>deletion of the log: the directory has its old or its new name.
 * </ul>
 */
public final class Log {
  /** In place of an offset: as far as everything is on all in-sync replicas. */
  public static final long HIGH_WATERMARK = -1L;

  private static final int NO_TAIL = -1;

  private final Disk disk;
  private final TopicIdPartition id;
  private final Clock clock;
  private final PublishedView.Source source;
  private final ProducerStates producers;
  private final LogFlusher flusher;
  private final SegmentChain chain;

  private volatile Path directory;
  private volatile LogConfig config;
  private volatile PublishedView view;
  private volatile @Nullable BrokenLogException broken;
  private volatile boolean closed;
  private volatile long lastFlushMs;

  // The writer's own.
  private LeaderEpochs epochs;
  private long logStartOffset;
  private long highWatermark;
  private long logEndOffset;
  private long tailOffset = NO_TAIL;
  private int tailPosition;
  private boolean changedSinceOpen;

  private Log(
      Disk disk,
      Path directory,
      TopicIdPartition id,
      LogConfig config,
      Clock clock,
      OpenState state,
      LoadedLog loaded) {
    this.disk = disk;
    this.directory = directory;
    this.id = id;
    this.config = config;
    this.clock = clock;
    this.source = new PublishedView.Source(id.topicPartition().toString(), new RecentFiles());
    this.producers = loaded.producers();
    this.lastFlushMs = clock.nowMs();
    this.flusher = new LogFlusher(disk, loaded.recoveryPoint(), loaded.closedUpTo());
    this.chain =
        new SegmentChain(
            disk, directory, source.recentFiles(), loaded.segments(), loaded.activeFile());
    this.epochs = loaded.epochs();
    this.logStartOffset = loaded.logStartOffset();
    this.logEndOffset = loaded.logEndOffset();
    this.highWatermark = Math.min(Math.max(state.highWatermark(), logStartOffset), logEndOffset);
    this.changedSinceOpen = !state.cleanShutdown();
    producers.highWatermarkMoved(highWatermark);
    this.view = newView();
  }

  /**
   * Opens the log in a directory, which is created if it is missing, and repairs what the last
   * process left. Blocks, after a crash for as long as it takes to read what was not flushed.
   *
   * @throws LogIoException if the disk refuses, or the directory belongs to another topic
   */
  public static Log open(
      Disk disk,
      Path directory,
      TopicIdPartition id,
      LogConfig config,
      Clock clock,
      OpenState state) {
    try {
      LoadedLog loaded =
          new LogLoader(disk, directory, id.topicPartition(), config, state, clock.nowMs()).load();
      PartitionMetadataFile.ensure(disk, directory, id);
      return new Log(disk, directory, id, config, clock, state, loaded);
    } catch (IOException e) {
      throw new LogIoException("open the log in", directory, e);
    }
  }

  public TopicIdPartition id() {
    return id;
  }

  /** The log as it is now. */
  public LogView view() {
    return view;
  }

  public LogConfig config() {
    return config;
  }

  /** The partition's directory; it has another name after {@link #delete}. */
  public Path directory() {
    return directory;
  }

  /** From now on these settings count. */
  public void reconfigure(LogConfig changed) {
    config = changed;
  }

  /**
   * Appends what producers sent, as this partition's leader: gives the batches their offsets and
   * the epoch, in place.
   *
   * @param leaderEpoch the epoch under which this node leads
   * @throws WireException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH or INVALID_TXN_STATE
   *     if a producer may not append this; RECORD_LIST_TOO_LARGE if the batches do not fit in a
   *     segment
   */
  public LogAppend appendAsLeader(ValidatedBatches batches, int leaderEpoch) {
    checkUsable();
    ByteBuffer buffer = batches.buffer();
    checkFitsSegment(buffer.remaining());
    long firstOffset = logEndOffset;
    long endOffset = assignOffsets(buffer, firstOffset, leaderEpoch);
    ProducerBatch repeated = producers.check(buffer);
    if (repeated != null) {
      return new LogAppend(
          repeated.firstOffset(),
          repeated.lastOffset(),
          config.logAppendTime() ? repeated.timestamp() : LogAppend.NO_LOG_APPEND_TIME,
          logStartOffset,
          true);
    }
    append(buffer, endOffset - 1, batches.maxTimestamp());
    return new LogAppend(
        firstOffset, endOffset - 1, batches.logAppendTimeMs(), logStartOffset, false);
  }

  /**
   * Appends what the leader sent, as a follower: offsets and epochs are the leader's.
   *
   * @param batches whole batches from position to limit; a cut-off one at the end is left out
   * @return where they landed; the first offset is the log end if there was no whole batch
   * @throws WireException CORRUPT_MESSAGE if a checksum is wrong, OFFSET_OUT_OF_RANGE if they begin
   *     before the log end
   */
  public LogAppend appendAsFollower(ByteBuffer batches) {
    checkUsable();
    FollowerBatches checked = FollowerBatches.check(batches, logEndOffset, id.topicPartition());
    if (checked.isEmpty()) {
      return new LogAppend(
          logEndOffset, logEndOffset - 1, LogAppend.NO_LOG_APPEND_TIME, logStartOffset, false);
    }
    append(checked.buffer(), checked.lastOffset(), checked.maxTimestamp());
    return new LogAppend(
        checked.firstOffset(),
        checked.lastOffset(),
        LogAppend.NO_LOG_APPEND_TIME,
        logStartOffset,
        false);
  }

  private void append(ByteBuffer buffer, long lastOffset, long newestMs) {
    int bytes = buffer.remaining();
    LeaderEpochs withNew = epochsWith(buffer);
    if (withNew.latest() != epochs.latest()) {
      writeEpochs(withNew);
    }
    if (RollRule.beforeAppend(chain.active(), config, bytes, lastOffset, newestMs, clock.nowMs())) {
      roll();
    }
    Segment active = chain.active();
    if (!active.fits(bytes, lastOffset)) {
      throw new IllegalStateException(
          "offset %d is too far from the log end %d".formatted(lastOffset, logEndOffset));
    }
    int position = active.sizeInBytes();
    try {
      active.append(buffer, chain.activeFile());
    } catch (IOException e) {
      cutTornAppend(active, e);
      throw new LogIoException("append to", active.file().path(), e);
    }
    try {
      active.appended(buffer, config.indexIntervalBytes());
      updateProducers(active, buffer);
    } catch (IOException | RuntimeException e) {
      // The batches are in the file, but what they mean for producers and readers is not known.
      throw breakDown("what was appended could not be taken into account", e);
    }
    tailOffset = RecordBatch.at(buffer, buffer.position()).baseOffset();
    tailPosition = position;
    logEndOffset = lastOffset + 1;
    changedSinceOpen = true;
    publish();
  }

  private void cutTornAppend(Segment active, IOException failure) {
    try {
      active.cutTornBytes(chain.activeFile());
    } catch (IOException e) {
      failure.addSuppressed(e);
      throw breakDown("the torn rest of an append cannot be removed", failure);
    }
  }

  private void updateProducers(Segment active, ByteBuffer buffer) throws IOException {
    for (int at = buffer.position(); at < buffer.limit(); ) {
      RecordBatch batch = RecordBatch.at(buffer, at);
      if (batch.hasProducerId()) {
        EndTransactionMarker marker = batch.isControl() ? ProducerReplay.marker(batch) : null;
        AbortedTransaction aborted = producers.update(batch, marker);
        if (aborted != null) {
          active.transactionIndex().append(aborted);
        }
      }
      at += batch.sizeInBytes();
    }
  }

  /** Tells the log under which epoch it is led, before anything is appended under it. */
  public void startEpoch(int leaderEpoch) {
    checkUsable();
    if (leaderEpoch > epochs.latest()) {
      writeEpochs(epochs.with(leaderEpoch, logEndOffset));
      publish();
    }
  }

  private LeaderEpochs epochsWith(ByteBuffer batches) {
    LeaderEpochs known = epochs;
    for (int at = batches.position(); at < batches.limit(); ) {
      RecordBatch batch = RecordBatch.at(batches, at);
      if (batch.partitionLeaderEpoch() > known.latest()) {
        known = known.with(batch.partitionLeaderEpoch(), batch.baseOffset());
      }
      at += batch.sizeInBytes();
    }
    return known;
  }

  private void writeEpochs(LeaderEpochs changed) {
    if (changed.equals(epochs)) {
      return;
    }
    Path file = directory.resolve(LogFileNames.LEADER_EPOCHS);
    try {
      AtomicFile.replace(disk, file, CheckpointFile.ofEpochs(changed));
    } catch (IOException e) {
      throw new LogIoException("write", file, e);
    }
    epochs = changed;
    changedSinceOpen = true;
    flusher.epochsChanged();
  }

  /**
   * Closes the active segment and begins a new one at the log end; nothing happens if it is empty.
   */
  public void roll() {
    checkUsable();
    Segment old = chain.active();
    if (old.sizeInBytes() == 0 && old.baseOffset() == logEndOffset) {
      return;
    }
    try {
      ProducerSnapshotFile.write(disk, snapshotAt(logEndOffset), producers.all());
      chain.begin(logEndOffset, clock.nowMs());
    } catch (IOException e) {
      throw new LogIoException("begin a segment in", directory, e);
    }
    tailOffset = NO_TAIL;
    changedSinceOpen = true;
    publish();
  }

  /** Raises the high watermark, at most to the log end; a lower one is ignored. */
  public void advanceHighWatermark(long offset) {
    long raised = Math.min(offset, logEndOffset);
    if (raised > highWatermark) {
      highWatermark = raised;
      producers.highWatermarkMoved(raised);
      publish();
    }
  }

  /**
   * Removes everything from an offset on; a batch that holds it goes as a whole. Before anything is
   * appended again, {@link #recoveryPoint} has to be written down.
   */
  public void truncateTo(long offset) {
    checkUsable();
    if (offset >= logEndOffset) {
      return;
    }
    if (offset < chain.firstBase()) {
      truncateFullyAndStartAt(offset);
      return;
    }
    try {
      long endOffset = chain.cut(offset, config, clock.nowMs());
      removeSnapshotsAfter(endOffset);
      endsAt(endOffset);
    } catch (IOException e) {
      throw breakDown("a truncation stopped half-way", e);
    }
  }

  /** Removes everything; the next record gets the given offset. See {@link #truncateTo}. */
  public void truncateFullyAndStartAt(long offset) {
    checkUsable();
    try {
      chain.restartAt(offset, config, clock.nowMs());
      removeSnapshotsAfter(NO_TAIL);
      logStartOffset = offset;
      flusher.startedAt(offset);
      endsAt(offset);
    } catch (IOException e) {
      throw breakDown("a truncation stopped half-way", e);
    }
  }

  /** Brings everything in line with an earlier log end. */
  private void endsAt(long endOffset) throws IOException {
    logEndOffset = endOffset;
    logStartOffset = Math.min(logStartOffset, endOffset);
    highWatermark = Math.min(highWatermark, endOffset);
    tailOffset = NO_TAIL;
    changedSinceOpen = true;
    flusher.truncated(endOffset, chain.firstBase());
    epochs = epochs.truncatedTo(endOffset);
    // What is removed must not come back beside records that are yet to be written; this also
    // makes the names of the removed files go for good.
    AtomicFile.replaceDurably(
        disk, directory.resolve(LogFileNames.LEADER_EPOCHS), CheckpointFile.ofEpochs(epochs));
    producers.clear();
    new ProducerReplay(disk, directory, producers, chain.list(), Long.MAX_VALUE)
        .upTo(endOffset, PartitionFiles.snapshots(disk, directory));
    producers.highWatermarkMoved(highWatermark);
    publish();
  }

  private void removeSnapshotsAfter(long offset) throws IOException {
    for (long snapshot : PartitionFiles.snapshots(disk, directory).tailSet(offset, false)) {
      disk.delete(snapshotAt(snapshot));
    }
  }

  private Path snapshotAt(long offset) {
    return LogFileNames.file(directory, offset, LogFileNames.PRODUCER_SNAPSHOT);
  }

  /**
   * Hides everything below an offset for good; {@link #applyRetention} removes the segments that
   * nobody can read any more. Survives a crash once the new start is written down.
   *
   * @param offset the first offset to keep, or -1 for the high watermark
   * @return the log start offset
   * @throws WireException OFFSET_OUT_OF_RANGE above the high watermark
   */
  public long deleteRecordsBefore(long offset) {
    checkUsable();
    long start = offset == HIGH_WATERMARK ? highWatermark : offset;
    if (start > highWatermark || start < 0) {
      throw new WireException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "Cannot increment the log start offset to %d of partition %s since it is larger than the high watermark %d"
              .formatted(start, id.topicPartition(), highWatermark));
    }
    startsAt(start);
    return logStartOffset;
  }

  private void startsAt(long offset) {
    if (offset > logStartOffset) {
      writeEpochs(epochs.startingAt(offset));
      logStartOffset = offset;
      changedSinceOpen = true;
      publish();
    }
  }

  /**
   * Closes the active segment if it is past its age, and removes the closed ones that have expired
   * and were flushed. Also makes indexes again that a reader found damaged.
   *
   * @return how many were removed
   */
  public int applyRetention() {
    checkUsable();
    long nowMs = clock.nowMs();
    if (RollRule.byAge(chain.active(), config, nowMs)) {
      roll();
    }
    try {
      chain.mendIndexes(config.indexIntervalBytes());
      int expired = new Retention(view, config, flusher.closedUpTo(), nowMs).expiredSegments();
      if (expired > 0) {
        removeFirst(expired, nowMs);
      }
      return expired;
    } catch (IOException e) {
      throw new LogIoException("remove segments in", directory, e);
    }
  }

  private void removeFirst(int count, long nowMs) throws IOException {
    // The start moves before the files go: nobody is shown an offset without records.
    List<Segment> removed = chain.takeFirst(count);
    startsAt(chain.firstBase());
    publish();
    for (Segment segment : removed) {
      chain.markDeleted(segment, config, nowMs);
      disk.delete(snapshotAt(segment.baseOffset()));
    }
  }

  /** Removes files of segments whose time to linger is over. Any thread; may block. */
  public int removeDeletedFiles() {
    return chain.deleted().removeDue(clock.nowMs());
  }

  /** Forgets producers that have been silent for too long. */
  public int expireProducers() {
    return producers.expire(clock.nowMs(), config.producerIdExpirationMs());
  }

  /** The idempotent producers that this log remembers. For the writer's thread. */
  public List<ProducerListing> producers() {
    return producers.listing();
  }

  /** Waits until everything appended so far survives a crash of the machine. Any thread. */
  public void flush() {
    flushUpTo(Long.MAX_VALUE);
  }

  /**
   * Waits until everything below an offset survives a crash of the machine. Any thread; the writer
   * is never held up.
   *
   * @throws BrokenLogException if the disk fails: what it has then cannot be known
   */
  public void flushUpTo(long offset) {
    checkUsable();
    int begun = flusher.begin();
    PublishedView flushed = view;
    lastFlushMs = clock.nowMs();
    try {
      flusher.flush(directory, flushed, offset, begun);
    } catch (IOException e) {
      throw breakDown("a flush failed", e);
    }
  }

  /** Everything below this offset survives a crash of the machine. Any thread. */
  public long recoveryPoint() {
    return flusher.recoveryPoint();
  }

  /**
   * Whether the settings want a flush now: by records or time since the last one, or because a
   * segment was closed. Any thread.
   */
  public boolean flushDue() {
    PublishedView now = view;
    if (now.segments().get(now.segments().size() - 1).baseOffset() > flusher.closedUpTo()) {
      return true;
    }
    long unflushed = now.logEndOffset() - recoveryPoint();
    return unflushed > 0
        && (unflushed >= config.flushMessages()
            || (config.flushMs() < Long.MAX_VALUE
                && clock.nowMs() - lastFlushMs >= config.flushMs()));
  }

  /** Bytes of all segments. Any thread. */
  public long sizeInBytes() {
    return view.sizeInBytes();
  }

  /** See {@link LogView#endOffsetFor}. */
  public OffsetAndEpoch endOffsetFor(int leaderEpoch) {
    return view.endOffsetFor(leaderEpoch);
  }

  /** See {@link LogView#latestEpoch}. */
  public int latestEpoch() {
    return view.latestEpoch();
  }

  /**
   * Closes the log in order: everything is flushed and the producers' state written down, so the
   * next start has nothing to scan. Blocks. A broken log is only let go of.
   */
  public void close() {
    if (closed) {
      return;
    }
    if (broken == null && changedSinceOpen) {
      try {
        chain.active().writeIndexes();
        Path snapshot = snapshotAt(logEndOffset);
        ProducerSnapshotFile.write(disk, snapshot, producers.all());
        flusher.flush(directory, view, Long.MAX_VALUE, flusher.begin());
        chain.active().force(true);
        AtomicFile.force(disk, snapshot);
        disk.forceDirectory(directory);
      } catch (IOException e) {
        BrokenLogException failure = breakDown("it could not be closed in order", e);
        letGo();
        throw failure;
      }
    }
    letGo();
  }

  /** Lets go of all files without writing anything, as a crash would. */
  public void abandon() {
    if (!closed) {
      letGo();
    }
  }

  /**
   * Takes the log out of the node: its directory gets a name that ends in {@code -delete} and is
   * removed later by whoever owns the log directory. Readers that hold slices can finish.
   *
   * @return the directory's new name
   */
  public Path delete() {
    abandon();
    Path renamed = directory.resolveSibling(LogFileNames.deletedDirectory(id, ""));
    try {
      if (disk.exists(renamed)) {
        // The replica was here before, went, and came again before its files were removed.
        String again = Long.toHexString(clock.nowMs());
        renamed = directory.resolveSibling(LogFileNames.deletedDirectory(id, again));
      }
      disk.rename(directory, renamed);
    } catch (IOException e) {
      throw new LogIoException("mark as deleted", directory, e);
    }
    directory = renamed;
    return renamed;
  }

  private void letGo() {
    closed = true;
    chain.letGo();
  }

  private long assignOffsets(ByteBuffer buffer, long firstOffset, int leaderEpoch) {
    long next = firstOffset;
    for (int at = buffer.position(); at < buffer.limit(); ) {
      RecordBatch batch = RecordBatch.at(buffer, at);
      batch.assign(next, leaderEpoch);
      next = batch.nextOffset();
      at += batch.sizeInBytes();
    }
    return next;
  }

  private void checkFitsSegment(int bytes) {
    if (bytes > config.segmentBytes()) {
      throw new WireException(
          ErrorCode.RECORD_LIST_TOO_LARGE,
          "Message batch size is %d bytes in append to partition %s, which exceeds the maximum configured segment size of %d."
              .formatted(bytes, id.topicPartition(), config.segmentBytes()));
    }
  }

  private void publish() {
    view = newView();
  }

  private PublishedView newView() {
    return new PublishedView(
        source,
        chain.list(),
        chain.active().sizeInBytes(),
        tailOffset,
        tailPosition,
        logStartOffset,
        highWatermark,
        lastStableOffset(),
        logEndOffset,
        chain.sizeInBytes(),
        epochs);
  }

  private long lastStableOffset() {
    long unstable = producers.firstUnstableOffset();
    return unstable < 0
        ? highWatermark
        : Math.min(highWatermark, Math.max(unstable, logStartOffset));
  }

  private void checkUsable() {
    BrokenLogException failure = broken;
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw new IllegalStateException("The log in " + directory + " is closed");
    }
  }

  private BrokenLogException breakDown(String reason, Throwable cause) {
    BrokenLogException failure = new BrokenLogException(directory, reason, cause);
    broken = failure;
    return failure;
  }
}
