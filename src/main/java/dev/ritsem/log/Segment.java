package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A part of a log: a .log file with its three indexes, named after its first offset. Only the
 * active segment, a log's last, is appended to, by the log's one writer; any thread reads as far as
 * a {@link PublishedView} says.
 */
final class Segment {
  /** Bytes of the largest segment: positions are ints. */
  private static final long BYTES_MAX = Integer.MAX_VALUE;

  private final Disk disk;
  private final Path directory;
  private final long baseOffset;
  private final SegmentFile file;
  private final OffsetIndex offsetIndex;
  private final TimeIndex timeIndex;
  private final TransactionIndex transactionIndex;

  // What the writer knows of the segment it appends to; of a closed one only the size is used, and
  // that does not change.
  private int sizeInBytes;
  private int bytesSinceIndexEntry;
  private int indexEntries;
  private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
  private long offsetOfMaxTimestamp = -1;
  private long firstTimestamp = RecordBatch.NO_TIMESTAMP;
  private long createdMs;

  private volatile boolean indexDamaged;

  private Segment(
      Disk disk,
      Path directory,
      long baseOffset,
      OffsetIndex offsetIndex,
      TimeIndex timeIndex,
      TransactionIndex transactionIndex) {
    this.disk = disk;
    this.directory = directory;
    this.baseOffset = baseOffset;
    this.file = new SegmentFile(disk, path(directory, baseOffset, LogFileNames.LOG));
    this.offsetIndex = offsetIndex;
    this.timeIndex = timeIndex;
    this.transactionIndex = transactionIndex;
  }

  /** A new, empty segment. Files of its name are emptied. */
  static Segment create(Disk disk, Path directory, long baseOffset, long nowMs) throws IOException {
    Path transactions = path(directory, baseOffset, LogFileNames.TRANSACTION_INDEX);
    disk.delete(transactions);
    Segment segment =
        new Segment(
            disk,
            directory,
            baseOffset,
            OffsetIndex.create(
                disk, path(directory, baseOffset, LogFileNames.OFFSET_INDEX), baseOffset),
            TimeIndex.create(
                disk, path(directory, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
            TransactionIndex.of(disk, transactions, false));
    try (DiskFile file = disk.open(segment.file.path())) {
      file.truncate(0);
    }
    segment.createdMs = nowMs;
    return segment;
  }

  /**
   * A segment that is on the disk. Nothing is read yet.
   *
   * @param hasTransactionIndex whether there is a .txnindex
   */
  static Segment existing(
      Disk disk, Path directory, long baseOffset, int sizeInBytes, boolean hasTransactionIndex) {
    Segment segment =
        new Segment(
            disk,
            directory,
            baseOffset,
            OffsetIndex.of(
                disk, path(directory, baseOffset, LogFileNames.OFFSET_INDEX), baseOffset),
            TimeIndex.of(disk, path(directory, baseOffset, LogFileNames.TIME_INDEX), baseOffset),
            TransactionIndex.of(
                disk,
                path(directory, baseOffset, LogFileNames.TRANSACTION_INDEX),
                hasTransactionIndex));
    segment.sizeInBytes = sizeInBytes;
    return segment;
  }

  long baseOffset() {
    return baseOffset;
  }

  SegmentFile file() {
    return file;
  }

  OffsetIndex offsetIndex() {
    return offsetIndex;
  }

  TimeIndex timeIndex() {
    return timeIndex;
  }

  /** The offset index for a reader: without entries if it is missing or damaged. */
  OffsetIndex.Entries offsetEntries() throws IOException {
    if (indexDamaged) {
      return offsetIndex.noEntries();
    }
    try {
      return offsetIndex.entries();
    } catch (NoSuchFileException | CorruptFileException e) {
      indexIsDamaged();
      return offsetIndex.noEntries();
    }
  }

  /** Told by a reader: from now on records are found without the index, until it is made again. */
  void indexIsDamaged() {
    indexDamaged = true;
  }

  boolean hasDamagedIndex() {
    return indexDamaged;
  }

  /** The time index for a reader: without entries if it is missing or damaged. */
  TimeIndex.Entries timeEntries() throws IOException {
    if (indexDamaged) {
      return timeIndex.noEntries();
    }
    try {
      return timeIndex.entries();
    } catch (NoSuchFileException | CorruptFileException e) {
      indexIsDamaged();
      return timeIndex.noEntries();
    }
  }

  TransactionIndex transactionIndex() {
    return transactionIndex;
  }

  /** Bytes of whole batches. Of the active segment this is for the writer only. */
  int sizeInBytes() {
    return sizeInBytes;
  }

  /** The largest timestamp appended so far, or -1. Only of a segment whose tail was loaded. */
  long maxTimestamp() {
    return maxTimestamp;
  }

  /** The largest timestamp of the first batch, or -1 if it is not known. */
  long firstTimestamp() {
    return firstTimestamp;
  }

  long createdMs() {
    return createdMs;
  }

  /** Bytes of the offset index, written or not. */
  int indexBytes() {
    return indexEntries * OffsetIndex.ENTRY_BYTES;
  }

  /** When the .log file was last written, ms since the epoch. */
  long lastModifiedMs() throws IOException {
    return disk.lastModifiedMs(file.path());
  }

  /** Whether bytes can be appended without leaving what positions and index entries can express. */
  boolean fits(int bytes, long lastOffset) {
    return sizeInBytes + (long) bytes <= BYTES_MAX && lastOffset - baseOffset <= Integer.MAX_VALUE;
  }

  /**
   * Appends batches whose offsets are assigned. If it fails, the file may be longer than before by
   * part of them: {@link #cutTornBytes} removes that.
   *
   * @param batches from position to limit; the position stays
   */
  void append(ByteBuffer batches, DiskFile open) throws IOException {
    open.write(batches.duplicate(), sizeInBytes);
  }

  /** Takes into account what was appended; fails never. */
  void appended(ByteBuffer batches, int indexIntervalBytes) {
    for (int at = batches.position(); at < batches.limit(); ) {
      RecordBatch batch = RecordBatch.at(batches, at);
      int size = batch.sizeInBytes();
      index(batch, sizeInBytes, size, indexIntervalBytes);
      sizeInBytes += size;
      at += size;
    }
  }

  /** Adds to the indexes what they are to hold of a batch, and remembers its timestamp. */
  void index(RecordBatch batch, int position, int size, int indexIntervalBytes) {
    long timestamp = batch.maxTimestamp();
    long lastOffset = batch.lastOffset();
    if (position == 0) {
      firstTimestamp = timestamp;
    }
    if (timestamp > maxTimestamp) {
      maxTimestamp = timestamp;
      offsetOfMaxTimestamp = lastOffset;
    }
    if (bytesSinceIndexEntry > indexIntervalBytes) {
      try {
        offsetIndex.append(lastOffset, position);
        indexEntries++;
        timeIndex.appendIfNewer(maxTimestamp, offsetOfMaxTimestamp);
      } catch (IOException e) {
        // An index with fewer entries is slower, not wrong; the records are what counts.
        return;
      } finally {
        bytesSinceIndexEntry = 0;
      }
    }
    bytesSinceIndexEntry += size;
  }

  /**
   * Cuts the file of a segment that nobody appends to after its last whole batch, and waits for the
   * disk: what was cut must not come back under records that are yet to be written.
   */
  void cutFile() throws IOException {
    try (DiskFile open = disk.open(file.path())) {
      open.truncate(sizeInBytes);
      open.force();
    }
  }

  /** Removes what a failed append may have left after the last whole batch. */
  void cutTornBytes(DiskFile open) throws IOException {
    open.truncate(sizeInBytes);
  }

  /**
   * Begins to index anew: the entries are dropped, the batches come through {@link #index}.
   *
   * @param inUse whether readers may have the indexes mapped
   */
  void resetIndexes(boolean inUse) throws IOException {
    indexDamaged = false;
    for (IndexFile index : new IndexFile[] {offsetIndex.file(), timeIndex.file()}) {
      if (inUse) {
        index.replace(ByteBuffer.allocate(0));
      } else {
        index.clear();
      }
    }
    bytesSinceIndexEntry = 0;
    indexEntries = 0;
    maxTimestamp = RecordBatch.NO_TIMESTAMP;
    offsetOfMaxTimestamp = -1;
    firstTimestamp = RecordBatch.NO_TIMESTAMP;
  }

  /** Drops what the indexes hold of batches from a position on, the first of them at an offset. */
  void truncateIndexes(int position, long endOffset) throws IOException {
    offsetIndex.truncateToPosition(position);
    timeIndex.truncateToOffset(endOffset);
    transactionIndex.truncateToOffset(endOffset);
  }

  /** Tells the segment how many bytes of it are whole batches. */
  void setSizeInBytes(int bytes) {
    sizeInBytes = bytes;
  }

  /** Puts in what the batches of a segment on the disk say, before it is appended to again. */
  void resume(
      long firstBatchTimestamp,
      long largestTimestamp,
      long itsOffset,
      int sinceIndexEntry,
      int entries) {
    firstTimestamp = firstBatchTimestamp;
    maxTimestamp = largestTimestamp;
    offsetOfMaxTimestamp = itsOffset;
    bytesSinceIndexEntry = sinceIndexEntry;
    indexEntries = entries;
  }

  void setCreatedMs(long ms) {
    createdMs = ms;
  }

  /** Opens the file of a segment that was found on the disk, to append to it. */
  DiskFile openForAppends() throws IOException {
    return file.acquireForWriting();
  }

  /** Writes the indexes as a closed segment has them: the last time entry is the largest one. */
  void writeIndexes() throws IOException {
    if (maxTimestamp >= 0) {
      timeIndex.appendIfNewer(maxTimestamp, offsetOfMaxTimestamp);
    }
    offsetIndex.file().write();
    timeIndex.file().write();
    if (transactionIndex.isPresent()) {
      transactionIndex.file().write();
    }
  }

  /** Forgets what can be read from the index files again. */
  void unloadIndexes() {
    offsetIndex.file().unload();
    timeIndex.file().unload();
  }

  /** Makes records and, of a closed segment, indexes survive a crash of the machine. Blocks. */
  void force(boolean closed) throws IOException {
    DiskFile open = file.acquire();
    try {
      open.force();
    } finally {
      file.release();
    }
    if (closed) {
      offsetIndex.file().force();
      timeIndex.file().force();
    }
    if (transactionIndex.isPresent()) {
      transactionIndex.file().force();
    }
  }

  /** Renames the files so that they count as removed; readers that hold the records go on. */
  void markDeleted() throws IOException {
    // The .log goes first: an index without records is swept away at the next start, records
    // without an index would be given a new one.
    file.rename(LogFileNames.withSuffix(file.path(), LogFileNames.DELETED));
    for (IndexFile index :
        new IndexFile[] {offsetIndex.file(), timeIndex.file(), transactionIndex.file()}) {
      index.rename(LogFileNames.withSuffix(index.path(), LogFileNames.DELETED));
    }
  }

  /** Removes the files of a segment that was marked deleted. */
  void deleteFiles() throws IOException {
    disk.delete(file.path());
    disk.delete(offsetIndex.file().path());
    disk.delete(timeIndex.file().path());
    disk.delete(transactionIndex.file().path());
  }

  /** The same segment on the disk, as if it had just been found there; for a new active segment. */
  Segment reopened() {
    Segment again =
        existing(disk, directory, baseOffset, sizeInBytes, transactionIndex.isPresent());
    again.createdMs = createdMs;
    return again;
  }

  /** The bytes of the .log file as they are on the disk. */
  int fileBytes() throws IOException {
    DiskFile open = file.acquire();
    try {
      return Math.toIntExact(open.size());
    } finally {
      file.release();
    }
  }

  /** Whether the index files are there and can be this segment's. */
  boolean hasSoundIndexes(long endOffset) throws IOException {
    try {
      offsetIndex.check(sizeInBytes);
      timeIndex.check(endOffset);
      transactionIndex.check(baseOffset);
      return true;
    } catch (NoSuchFileException | CorruptFileException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return file.path().toString();
  }

  private static Path path(Path directory, long baseOffset, String suffix) {
    return LogFileNames.file(directory, baseOffset, suffix);
  }
}
