package dev.ritsem.replication.journal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of the journal, and where it lies: per persistence id its events, how far they are
 * deleted, and the highest sequence number ever given. Made by applying every entry of the journal
 * in the order of the files.
 *
 * <p>The order matters in one way only: of two copies of an entry the later one counts. So entries
 * may be copied to the end of the journal, and their first copies may come back after a crash.
 */
final class JournalIndex {
  private final Map<String, Entries> entries = new HashMap<>();

  /**
   * The place of a record.
   *
   * @param position where the record's batch begins in the segment
   * @param batchBytes size of that batch
   * @param index the record's place in the batch, from 0
   * @param recordCount how many records the batch has
   */
  record Location(
      JournalSegment segment, int position, int batchBytes, int index, int recordCount) {
    /** This record's part of its batch. */
    private long bytes() {
      return batchBytes / recordCount;
    }
  }

  private static final class Entries {
    private final NavigableMap<Long, Location> events = new TreeMap<>();
    private @Nullable Location deletion;
    private long deletedTo;

    /** At least {@code deletedTo} and the last event's number; never falls. */
    private long highestSequenceNr;
  }

  int persistenceIdCount() {
    return entries.size();
  }

  /** The highest sequence number that an id was ever given; 0 for an id that wrote nothing. */
  long highestSequenceNr(String persistenceId) {
    Entries known = entries.get(persistenceId);
    return known == null ? 0 : known.highestSequenceNr;
  }

  long deletedTo(String persistenceId) {
    Entries known = entries.get(persistenceId);
    return known == null ? 0 : known.deletedTo;
  }

  /** Where the events of a range lie, in order, {@code countMax} at most. */
  List<Location> find(String persistenceId, long from, long to, int countMax) {
    Entries known = entries.get(persistenceId);
    if (known == null || from > to) {
      return List.of();
    }
    List<Location> found = new ArrayList<>();
    for (Location location : known.events.subMap(from, true, to, true).values()) {
      if (found.size() == countMax) {
        break;
      }
      found.add(location);
    }
    return found;
  }

  void apply(JournalEntry entry, Location location) {
    if (entry instanceof JournalEntry.Event event) {
      apply(event, location);
    } else if (entry instanceof JournalEntry.Deletion deletion) {
      apply(deletion, location);
    }
  }

  /** Whether the record at this place is the one that counts. */
  boolean isLive(JournalEntry entry, Location location) {
    Entries known = entries.get(entry.persistenceId());
    if (known == null) {
      return false;
    }
    return entry instanceof JournalEntry.Event event
        ? location.equals(known.events.get(event.sequenceNr()))
        : location.equals(known.deletion);
  }

  private void apply(JournalEntry.Event event, Location location) {
    Entries known = of(event);
    known.highestSequenceNr = Math.max(known.highestSequenceNr, event.sequenceNr());
    if (event.sequenceNr() > known.deletedTo) {
      forget(known.events.put(event.sequenceNr(), location));
      location.segment().addLiveBytes(location.bytes());
    }
  }

  private void apply(JournalEntry.Deletion deletion, Location location) {
    Entries known = of(deletion);
    known.highestSequenceNr = Math.max(known.highestSequenceNr, deletion.highestSequenceNr());
    known.deletedTo = Math.max(known.deletedTo, deletion.deletedTo());
    forget(known.deletion);
    known.deletion = location;
    location.segment().addLiveBytes(location.bytes());
    Collection<Location> deleted = known.events.headMap(known.deletedTo, true).values();
    deleted.forEach(JournalIndex::forget);
    deleted.clear();
  }

  private Entries of(JournalEntry entry) {
    return entries.computeIfAbsent(entry.persistenceId(), id -> new Entries());
  }

  private static void forget(@Nullable Location location) {
    if (location != null) {
      location.segment().addLiveBytes(-location.bytes());
    }
  }
}
