package dev.ritsem.log;

import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.EndTransactionMarker;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the producers' state up to the end of a log: from the newest sound snapshot, then batch by
 * batch. Snapshots that are damaged are removed, so that no later start trips over them.
 */
final class ProducerReplay {
  /** Bytes before a snapshot in which the producers' last batches are looked up. */
  private static final int WINDOW_BYTES = 256 << 10;

  private final Disk disk;
  private final Path directory;
  private final List<Segment> segments;

  /** Segments from this base on get their transaction index from the replay. */
  private final long indexTransactionsFrom;

  private final ProducerStates producers;

  /**
   * @param producers an empty state, which is filled
   */
  ProducerReplay(
      Disk disk,
      Path directory,
      ProducerStates producers,
      List<Segment> segments,
      long indexTransactionsFrom) {
    this.disk = disk;
    this.directory = directory;
    this.producers = producers;
    this.segments = segments;
    this.indexTransactionsFrom = indexTransactionsFrom;
  }

  /**
   * Brings the state to the end of the log.
   *
   * @param snapshots offsets of the snapshots that are there
   */
  void upTo(long logEndOffset, NavigableSet<Long> snapshots) throws IOException {
    long usable = Math.min(logEndOffset, indexTransactionsFrom);
    long from = segments.get(0).baseOffset();
    for (long offset : snapshots.headSet(usable, true).descendingSet()) {
      if (restore(offset)) {
        completeWindows(offset);
        from = Math.max(from, offset);
        break;
      }
    }
    if (from < logEndOffset) {
      replay(from);
    }
  }

  private boolean restore(long offset) throws IOException {
    Path snapshot = snapshot(offset);
    try {
      ProducerSnapshotFile.read(disk, snapshot).forEach(producers::restore);
      return true;
    } catch (NoSuchFileException | CorruptFileException e) {
      disk.delete(snapshot);
      return false;
    }
  }

  /**
   * A snapshot holds only the newest batch of each producer. The batches before it are looked up
   * among those that were appended last, so that a repeat of any of five is recognised after a
   * restart too, unless a producer has been silent for long.
   */
  private void completeWindows(long snapshotOffset) throws IOException {
    int index = segments.size() - 1;
    while (index > 0 && segments.get(index).baseOffset() >= snapshotOffset) {
      index--;
    }
    Segment segment = segments.get(index);
    if (producers.isEmpty() || segment.sizeInBytes() == 0) {
      return;
    }
    Map<Long, ProducerState> seen = new HashMap<>();
    DiskFile file = segment.file().acquire();
    try {
      BatchScanner batches =
          new BatchScanner(
              file,
              tailPosition(segment),
              segment.sizeInBytes(),
              ByteBuffer.allocate(BatchScanner.HEADERS_BUFFER_BYTES));
      while (batches.next() && batches.batch().lastOffset() < snapshotOffset) {
        RecordBatch batch = batches.batch();
        if (batch.hasProducerId() && !batch.isControl()) {
          seen.computeIfAbsent(batch.producerId(), ProducerState::new).add(batch);
        }
      }
    } finally {
      segment.file().release();
    }
    for (ProducerState producer : producers.all()) {
      ProducerState recent = seen.get(producer.producerId());
      if (recent != null) {
        producer.completeFrom(recent);
      }
    }
  }

  /** Where the batch begins from which on a segment's end is looked through. */
  private static int tailPosition(Segment segment) throws IOException {
    OffsetIndex.Entries index = segment.offsetEntries();
    int entry = index.firstAtOrAfter((long) segment.sizeInBytes() - WINDOW_BYTES);
    return segment.sizeInBytes() <= WINDOW_BYTES || entry == index.count()
        ? 0
        : index.position(entry);
  }

  private Path snapshot(long offset) {
    return LogFileNames.file(directory, offset, LogFileNames.PRODUCER_SNAPSHOT);
  }

  private void replay(long from) throws IOException {
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      boolean endsBefore = i + 1 < segments.size() && segments.get(i + 1).baseOffset() <= from;
      if (segment.baseOffset() > from) {
        // What is there may be torn, and segments before this one may be deleted one day.
        ProducerSnapshotFile.write(disk, snapshot(segment.baseOffset()), producers.all());
      }
      if (!endsBefore && segment.sizeInBytes() > 0) {
        replay(segment, from);
      }
    }
  }

  private void replay(Segment segment, long from) throws IOException {
    DiskFile file = segment.file().acquire();
    try {
      int start =
          from <= segment.baseOffset()
              ? 0
              : SegmentLookup.positionOf(segment, file, from, segment.sizeInBytes());
      if (start == SegmentLookup.NOT_FOUND) {
        return;
      }
      BatchScanner batches =
          new BatchScanner(
              file,
              start,
              segment.sizeInBytes(),
              ByteBuffer.allocate(BatchScanner.HEADERS_BUFFER_BYTES));
      while (batches.next()) {
        RecordBatch batch = batches.batch();
        if (batch.hasProducerId()) {
          EndTransactionMarker marker = batch.isControl() ? marker(batches.wholeBatch()) : null;
          AbortedTransaction aborted = producers.update(batch, marker);
          if (aborted != null && segment.baseOffset() >= indexTransactionsFrom) {
            segment.transactionIndex().append(aborted);
          }
        }
      }
    } finally {
      segment.file().release();
    }
  }

  /** What a control batch says about its producer's transaction; null if nothing. */
  static @Nullable EndTransactionMarker marker(RecordBatch batch) {
    try (RecordIterator records = RecordIterator.over(batch)) {
      if (!records.hasNext()) {
        return null;
      }
      LogRecord control = records.next();
      ByteBuffer key = control.key();
      return key != null && ControlRecordType.of(key).endsTransaction()
          ? EndTransactionMarker.of(control)
          : null;
    }
  }
}
