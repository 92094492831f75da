package dev.ritsem.replication.journal;

import dev.ritsem.log.BrokenLogException;
import dev.ritsem.log.Disk;
import dev.ritsem.model.Clock;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import dev.ritsem.replication.journal.JournalEntry.Deletion;
import dev.ritsem.replication.journal.JournalEntry.Event;
import dev.ritsem.replication.journal.JournalIndex.Location;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal's files: one log for all persistence ids, in segments of record batches. A write is
 * one batch, so it is there as a whole or not at all; it is durable after {@link #force}, which
 * covers everything written before it. Opening cuts a torn tail and reads the index back from the
 * segments.
 *
 * <p>Deleting writes an entry that says so. When more of the files is garbage than is wanted,
 * {@link #compact} copies what is wanted of the emptiest segment to the end of the log and deletes
 * the segment: whatever a crash leaves of this reads as the same journal. What remains of an id
 * whose events are all deleted is one entry with its highest sequence number.
 *
 * <p>One thread at a time. A failed write leaves the store as it was; what it left in the file is
 * covered by the next one. A failed force breaks the store: it can no longer be told what lies on
 * disk, so nothing is taken any more until it is opened again.
 */
final class JournalStore implements AutoCloseable {
  /** The largest write, all its events together. */
  static final int WRITE_BYTES_MAX = 16 * 1024 * 1024;

  /** A copy of wanted records is written in batches of about this size. */
  private static final int COPY_BATCH_BYTES = 64 * 1024;

  private final Disk disk;
  private final Path directory;
  private final Clock clock;
  private final int segmentBytes;
  private final JournalIndex index = new JournalIndex();

  /** In the order of their offsets; the last one is written to. Never empty once open. */
  private final List<JournalSegment> segments = new ArrayList<>();

  private long nextOffset;
  private boolean forceDue;
  private @Nullable BrokenLogException broken;

  private JournalStore(Disk disk, Path directory, Clock clock, int segmentBytes) {
    this.disk = disk;
    this.directory = directory;
    this.clock = clock;
    this.segmentBytes = segmentBytes;
  }

  /** An event as it was written. */
  record StoredEvent(long sequenceNr, ByteBuffer bytes) {}

  /**
   * Opens the journal in a directory, or creates it.
   *
   * @param segmentBytes a segment that has reached this size is closed and a new one begun
   * @throws BrokenLogException if a segment other than the last is damaged
   */
  static JournalStore open(Disk disk, Path directory, Clock clock, int segmentBytes)
      throws IOException {
    JournalStore store = new JournalStore(disk, directory, clock, segmentBytes);
    disk.createDirectories(directory);
    long[] baseOffsets =
        disk.list(directory).stream()
            .map(Disk.Entry::name)
            .filter(JournalSegment::isSegment)
            .mapToLong(JournalSegment::baseOffsetOf)
            .sorted()
            .toArray();
    for (long baseOffset : baseOffsets) {
      store.recover(baseOffset, baseOffset == baseOffsets[baseOffsets.length - 1]);
    }
    if (store.segments.isEmpty()) {
      store.beginSegment();
    }
    // A process that was killed may have left bytes that only the page cache has.
    store.forceDue = store.last().sizeInBytes() > 0;
    return store;
  }

  int persistenceIdCount() {
    return index.persistenceIdCount();
  }

  int segmentCount() {
    return segments.size();
  }

  long sizeInBytes() {
    return segments.stream().mapToLong(JournalSegment::sizeInBytes).sum();
  }

  long highestSequenceNr(String persistenceId) {
    return index.highestSequenceNr(persistenceId);
  }

  /** Writes events of one id as a whole. Durable after the next {@link #force} only. */
  void write(List<Event> events) throws IOException {
    append(events);
  }

  /** Deletes an id's events up to a sequence number. Durable after the next {@link #force} only. */
  void deleteTo(String persistenceId, long toSequenceNr) throws IOException {
    long highest = index.highestSequenceNr(persistenceId);
    long deletedTo = Math.min(toSequenceNr, highest);
    if (deletedTo > index.deletedTo(persistenceId)) {
      append(List.of(new Deletion(persistenceId, deletedTo, highest)));
    }
  }

  /**
   * Events of an id, in order.
   *
   * @param countMax how many to return at most
   * @param bytesMax no further event is added once the events have this many bytes together
   */
  List<StoredEvent> read(
      String persistenceId, long fromSequenceNr, long toSequenceNr, int countMax, int bytesMax)
      throws IOException {
    List<StoredEvent> events = new ArrayList<>();
    Location batchAt = null;
    List<LogRecord> batch = List.of();
    long bytes = 0;
    for (Location at : index.find(persistenceId, fromSequenceNr, toSequenceNr, countMax)) {
      if (bytes >= bytesMax) {
        break;
      }
      if (batchAt == null
          || batchAt.segment() != at.segment()
          || batchAt.position() != at.position()) {
        batch = RecordIterator.toList(at.segment().readBatch(at.position(), at.batchBytes()));
        batchAt = at;
      }
      if (JournalEntry.of(batch.get(at.index())) instanceof Event event) {
        events.add(new StoredEvent(event.sequenceNr(), event.bytes()));
        bytes += event.bytes().remaining();
      }
    }
    return events;
  }

  /** Whether something was written that a crash could still take back. */
  boolean isForceDue() {
    return forceDue;
  }

  /** Makes everything written so far survive a crash of the machine. */
  void force() throws IOException {
    throwIfBroken();
    if (!forceDue) {
      return;
    }
    try {
      last().force();
    } catch (IOException e) {
      broken = new BrokenLogException(directory, "a force failed", e);
      throw broken;
    }
    forceDue = false;
  }

  /**
   * Takes the garbage out of one segment, if there is more of it than there is to keep.
   *
   * @return whether a segment was taken out
   */
  boolean compact() throws IOException {
    long live = segments.stream().mapToLong(JournalSegment::liveBytes).sum();
    if (sizeInBytes() - live <= Math.max(segmentBytes, live)) {
      return false;
    }
    JournalSegment emptiest =
        Collections.max(segments, Comparator.comparingLong(s -> s.sizeInBytes() - s.liveBytes()));
    if (emptiest == last()) {
      force();
      beginSegment();
    }
    copyLive(emptiest);
    // Only now may the first copies go: the second ones are on disk.
    force();
    segments.remove(emptiest);
    emptiest.delete();
    return true;
  }

  @Override
  public void close() throws IOException {
    try {
      if (broken == null) {
        force();
      }
    } finally {
      for (JournalSegment segment : segments) {
        segment.close();
      }
    }
  }

  private void copyLive(JournalSegment segment) throws IOException {
    List<JournalEntry> copies = new ArrayList<>();
    int bytes = 0;
    for (Found found : walk(segment, segment.readAll())) {
      if (index.isLive(found.entry(), found.location())) {
        copies.add(found.entry());
        bytes += found.location().batchBytes() / found.location().recordCount();
      }
      if (bytes >= COPY_BATCH_BYTES) {
        append(copies);
        copies.clear();
        bytes = 0;
      }
    }
    if (!copies.isEmpty()) {
      append(copies);
    }
  }

  private void append(List<? extends JournalEntry> entries) throws IOException {
    throwIfBroken();
    ByteBuffer batch;
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
      long nowMs = clock.nowMs();
      builder.baseOffset(nextOffset);
      entries.forEach(e -> builder.append(nowMs, e.recordKey(), e.recordValue(), List.of()));
      batch = builder.build();
    }
    int batchBytes = batch.remaining();
    if (last().sizeInBytes() > 0 && last().sizeInBytes() + batchBytes > segmentBytes) {
      force();
      beginSegment();
    }
    int position = last().append(batch);
    forceDue = true;
    nextOffset += entries.size();
    for (int i = 0; i < entries.size(); i++) {
      index.apply(entries.get(i), new Location(last(), position, batchBytes, i, entries.size()));
    }
  }

  private void beginSegment() throws IOException {
    segments.add(JournalSegment.open(disk, directory, nextOffset));
    // The new name must be there before anything in the file is acknowledged.
    disk.forceDirectory(directory);
  }

  private void recover(long baseOffset, boolean isLast) throws IOException {
    JournalSegment segment = JournalSegment.open(disk, directory, baseOffset);
    segments.add(segment);
    nextOffset = baseOffset;
    ByteBuffer bytes = segment.readAll();
    int validBytes = 0;
    for (Found found : walk(segment, bytes)) {
      index.apply(found.entry(), found.location());
      validBytes = found.location().position() + found.location().batchBytes();
      nextOffset = found.nextOffset();
    }
    if (!isLast && validBytes < bytes.limit()) {
      // A segment was forced before the next one was begun, so this is not a torn tail.
      throw new BrokenLogException(
          directory, "%s is damaged at position %d".formatted(segment, validBytes), null);
    }
    segment.recovered(validBytes);
  }

  /** A record on a walk. */
  private record Found(JournalEntry entry, Location location, long nextOffset) {}

  /** The records of a segment's valid batches, up to the first that is not. */
  private static List<Found> walk(JournalSegment segment, ByteBuffer bytes) {
    List<Found> all = new ArrayList<>();
    int position = 0;
    long expected = segment.baseOffset();
    while (RecordBatch.fits(bytes, position)) {
      RecordBatch batch = RecordBatch.at(bytes, position);
      if (batch.magic() != RecordBatch.MAGIC_V2
          || batch.baseOffset() != expected
          || !batch.hasValidCrc()) {
        break;
      }
      expected = batch.nextOffset();
      List<LogRecord> records = RecordIterator.toList(batch);
      for (int i = 0; i < records.size(); i++) {
        Location at = new Location(segment, position, batch.sizeInBytes(), i, records.size());
        all.add(new Found(JournalEntry.of(records.get(i)), at, expected));
      }
      position += batch.sizeInBytes();
    }
    return all;
  }

  private JournalSegment last() {
    return segments.get(segments.size() - 1);
  }

  private void throwIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }
}
