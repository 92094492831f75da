package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;

/**
 * What a partition knows of one idempotent producer: its epoch, its newest batches (at most {@value
 * #BATCHES_MAX}), and its open transaction. A repeat of any of these batches is answered with the
 * offsets that it got; five is as many requests as a producer may have in flight (KIP-98,
 * KAFKA-5494).
 *
 * <p>Sequences of the batches follow each other without a gap, oldest first. Only the log's writer
 * touches this.
 */
final class ProducerState {
  static final int BATCHES_MAX = 5;
  static final short NO_EPOCH = -1;
  static final long NO_OFFSET = -1;
  static final int NO_COORDINATOR_EPOCH = -1;

  private final long producerId;
  private short epoch = NO_EPOCH;
  private int coordinatorEpoch = NO_COORDINATOR_EPOCH;
  private long lastTimestamp = RecordBatch.NO_TIMESTAMP;
  private long transactionFirstOffset = NO_OFFSET;

  // A ring: the newest batch is at (oldest + count - 1) mod BATCHES_MAX.
  private final int[] lastSequences = new int[BATCHES_MAX];
  private final long[] lastOffsets = new long[BATCHES_MAX];
  private final int[] offsetDeltas = new int[BATCHES_MAX];
  private final long[] timestamps = new long[BATCHES_MAX];
  private int oldest;
  private int count;

  ProducerState(long producerId) {
    this.producerId = producerId;
  }

  /** A copy that may be changed without changing this one. */
  ProducerState copy() {
    ProducerState copy = new ProducerState(producerId);
    copy.epoch = epoch;
    copy.coordinatorEpoch = coordinatorEpoch;
    copy.lastTimestamp = lastTimestamp;
    copy.transactionFirstOffset = transactionFirstOffset;
    System.arraycopy(lastSequences, 0, copy.lastSequences, 0, BATCHES_MAX);
    System.arraycopy(lastOffsets, 0, copy.lastOffsets, 0, BATCHES_MAX);
    System.arraycopy(offsetDeltas, 0, copy.offsetDeltas, 0, BATCHES_MAX);
    System.arraycopy(timestamps, 0, copy.timestamps, 0, BATCHES_MAX);
    copy.oldest = oldest;
    copy.count = count;
    return copy;
  }

  long producerId() {
    return producerId;
  }

  short epoch() {
    return epoch;
  }

  int coordinatorEpoch() {
    return coordinatorEpoch;
  }

  /** Largest timestamp of the newest batch, or time of the newest marker; ms. */
  long lastTimestamp() {
    return lastTimestamp;
  }

  /** First offset of the open transaction, or -1. */
  long transactionFirstOffset() {
    return transactionFirstOffset;
  }

  boolean hasOpenTransaction() {
    return transactionFirstOffset != NO_OFFSET;
  }

  int batchCount() {
    return count;
  }

  /** Sequence of the newest record, or -1. */
  int lastSequence() {
    return count == 0 ? RecordBatch.NO_SEQUENCE : lastSequences[newest()];
  }

  /** Offset of the newest record, or -1. */
  long lastOffset() {
    return count == 0 ? NO_OFFSET : lastOffsets[newest()];
  }

  /** How many offsets the newest batch has after its first, or -1. */
  int lastOffsetDelta() {
    return count == 0 ? -1 : offsetDeltas[newest()];
  }

  /** The known batches' sequences and offsets, oldest first; for tests and tools. */
  ProducerBatch batch(int index) {
    int at = (oldest + index) % BATCHES_MAX;
    int firstSequence = RecordBatch.incrementSequence(lastSequences[at], -offsetDeltas[at]);
    return new ProducerBatch(
        firstSequence,
        lastSequences[at],
        lastOffsets[at] - offsetDeltas[at],
        lastOffsets[at],
        timestamps[at]);
  }

  /** Where among the known batches the same one is, or -1. */
  int findDuplicate(RecordBatch batch) {
    if (batch.producerEpoch() != epoch) {
      return -1;
    }
    int lastSequence = batch.lastSequence();
    int offsetDelta = batch.lastOffsetDelta();
    for (int i = 0; i < count; i++) {
      int at = (oldest + i) % BATCHES_MAX;
      if (lastSequences[at] == lastSequence && offsetDeltas[at] == offsetDelta) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a sequence follows the newest one; they wrap from the largest int to 0. */
  boolean isNext(int firstSequence) {
    return lastSequence() == RecordBatch.NO_SEQUENCE
        ? firstSequence == 0
        : RecordBatch.incrementSequence(lastSequence(), 1) == firstSequence;
  }

  /** Takes a batch of records that has been appended. */
  void add(RecordBatch batch) {
    moveToEpoch(batch.producerEpoch());
    add(batch.lastSequence(), batch.lastOffset(), batch.lastOffsetDelta(), batch.maxTimestamp());
    if (batch.isTransactional() && !hasOpenTransaction()) {
      transactionFirstOffset = batch.baseOffset();
    }
  }

  /** Takes the marker that ends the open transaction, if there is one. */
  void endTransaction(short markerEpoch, int markerCoordinatorEpoch, long timestamp) {
    moveToEpoch(markerEpoch);
    coordinatorEpoch = markerCoordinatorEpoch;
    lastTimestamp = timestamp;
    transactionFirstOffset = NO_OFFSET;
  }

  /** Puts the state in that a snapshot holds: at most one batch. */
  void restore(
      short restoredEpoch,
      int lastSequence,
      long lastOffset,
      int offsetDelta,
      long timestamp,
      int restoredCoordinatorEpoch,
      long restoredTransactionFirstOffset) {
    epoch = restoredEpoch;
    oldest = 0;
    count = 0;
    if (lastOffset >= 0) {
      add(lastSequence, lastOffset, offsetDelta, timestamp);
    }
    lastTimestamp = timestamp;
    coordinatorEpoch = restoredCoordinatorEpoch;
    transactionFirstOffset = restoredTransactionFirstOffset;
  }

  /**
   * Takes the batches over that another state knows, if its newest is the newest here: a snapshot
   * holds no more than that one.
   */
  void completeFrom(ProducerState seen) {
    if (seen.epoch == epoch && seen.lastOffset() == lastOffset() && seen.count > count) {
      System.arraycopy(seen.lastSequences, 0, lastSequences, 0, BATCHES_MAX);
      System.arraycopy(seen.lastOffsets, 0, lastOffsets, 0, BATCHES_MAX);
      System.arraycopy(seen.offsetDeltas, 0, offsetDeltas, 0, BATCHES_MAX);
      System.arraycopy(seen.timestamps, 0, timestamps, 0, BATCHES_MAX);
      oldest = seen.oldest;
      count = seen.count;
    }
  }

  private void add(int lastSequence, long lastOffset, int offsetDelta, long timestamp) {
    int at = (oldest + count) % BATCHES_MAX;
    if (count == BATCHES_MAX) {
      oldest = (oldest + 1) % BATCHES_MAX;
    } else {
      count++;
    }
    lastSequences[at] = lastSequence;
    lastOffsets[at] = lastOffset;
    offsetDeltas[at] = offsetDelta;
    timestamps[at] = timestamp;
    lastTimestamp = timestamp;
  }

  private void moveToEpoch(short newEpoch) {
    if (newEpoch != epoch) {
      epoch = newEpoch;
      oldest = 0;
      count = 0;
    }
  }

  private int newest() {
    return (oldest + count - 1) % BATCHES_MAX;
  }
}
