package dev.ritsem.log;

import dev.ritsem.model.OffsetAndEpoch;
import java.util.ArrayList;
import java.util.List;

/**
 * Which leader epoch begins at which offset: epochs and offsets grow from entry to entry.
 * Immutable; changes make a new one. A log's answer to "where did your epoch N end?" comes from
 * here, and that is what replicas truncate by (KIP-101, KIP-279).
 */
final class LeaderEpochs {
  static final LeaderEpochs NONE = new LeaderEpochs(List.of());
  static final int UNKNOWN_EPOCH = -1;
  static final long UNKNOWN_OFFSET = -1;

  private final List<Entry> entries;

  private LeaderEpochs(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** An epoch and the offset of its first record. */
  record Entry(int epoch, long startOffset) {}

  /** Entries as they were written down; those that break the order are dropped, newest wins. */
  static LeaderEpochs of(List<Entry> entries) {
    LeaderEpochs epochs = NONE;
    for (Entry entry : entries) {
      epochs = epochs.with(entry.epoch(), entry.startOffset());
    }
    return epochs;
  }

  List<Entry> entries() {
    return entries;
  }

  /** The newest epoch, or -1. */
  int latest() {
    return entries.isEmpty() ? UNKNOWN_EPOCH : last().epoch();
  }

  /**
   * With an epoch that begins at an offset; the same if the epoch is the newest already. Entries
   * that cannot stand before it go.
   */
  LeaderEpochs with(int epoch, long startOffset) {
    if (epoch < 0 || epoch == latest()) {
      return this;
    }
    List<Entry> kept = new ArrayList<>(entries);
    while (!kept.isEmpty() && conflicts(kept.get(kept.size() - 1), epoch, startOffset)) {
      kept.remove(kept.size() - 1);
    }
    kept.add(new Entry(epoch, startOffset));
    return new LeaderEpochs(kept);
  }

  /** Whether the epoch in force at an offset is known. */
  boolean cover(long offset) {
    return !entries.isEmpty() && entries.get(0).startOffset() <= offset;
  }

  /** Without the epochs that begin at or after an offset, because the log ends there now. */
  LeaderEpochs truncatedTo(long endOffset) {
    if (entries.isEmpty() || last().startOffset() < endOffset) {
      return this;
    }
    return new LeaderEpochs(
        entries.stream().filter(entry -> entry.startOffset() < endOffset).toList());
  }

  /** Without the epochs that ended before an offset; the one in force there begins there now. */
  LeaderEpochs startingAt(long startOffset) {
    if (entries.isEmpty() || entries.get(0).startOffset() >= startOffset) {
      return this;
    }
    List<Entry> kept = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      boolean endsBefore =
          i + 1 < entries.size() && entries.get(i + 1).startOffset() <= startOffset;
      if (!endsBefore) {
        kept.add(new Entry(entry.epoch(), Math.max(entry.startOffset(), startOffset)));
      }
    }
    return new LeaderEpochs(kept);
  }

  /**
   * Where an epoch ended: the offset after its last record, and the epoch that this log knows to
   * have been in force up to there.
   *
   * @param logEndOffset where the newest epoch ends so far
   */
  OffsetAndEpoch endOffsetFor(int epoch, long logEndOffset) {
    if (epoch == UNKNOWN_EPOCH || epoch > latest()) {
      return new OffsetAndEpoch(UNKNOWN_OFFSET, UNKNOWN_EPOCH);
    }
    if (epoch == latest()) {
      return new OffsetAndEpoch(logEndOffset, epoch);
    }
    int floor = -1;
    while (entries.get(floor + 1).epoch() <= epoch) {
      floor++;
    }
    long endOffset = entries.get(floor + 1).startOffset();
    return new OffsetAndEpoch(endOffset, floor < 0 ? epoch : entries.get(floor).epoch());
  }

  /** The epoch in force at an offset, or -1. */
  int epochAt(long offset) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).startOffset() <= offset) {
        return entries.get(i).epoch();
      }
    }
    return UNKNOWN_EPOCH;
  }

  private Entry last() {
    return entries.get(entries.size() - 1);
  }

  private static boolean conflicts(Entry older, int epoch, long startOffset) {
    return older.epoch() >= epoch || older.startOffset() >= startOffset;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LeaderEpochs epochs && epochs.entries.equals(entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
