package dev.ritsem.log;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.EndTransactionMarker;
import dev.ritsem.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of a partition, and its undecided transactions: what a leader may append
 * and how far readers of committed data may read. It is a function of the batches in the log, so
 * followers and recovery come to the same state by the same {@link #update}.
 *
 * <p>Check first, append, then update: a refused or failed append leaves no trace. Only the log's
 * writer touches this.
 */
final class ProducerStates {
  private final TopicPartition partition;
  private final Map<Long, ProducerState> producers = new HashMap<>();

  /** First offsets of open transactions, and whose they are. */
  private final TreeMap<Long, Long> openTransactions = new TreeMap<>();

  /** Transactions whose marker is appended but not yet below the high watermark. */
  private final Deque<Ended> endedAboveHighWatermark = new ArrayDeque<>();

  ProducerStates(TopicPartition partition) {
    this.partition = partition;
  }

  private record Ended(long firstOffset, long lastOffset) {}

  boolean isEmpty() {
    return producers.isEmpty();
  }

  Collection<ProducerState> all() {
    return Collections.unmodifiableCollection(producers.values());
  }

  @Nullable ProducerState find(long producerId) {
    return producers.get(producerId);
  }

  void clear() {
    producers.clear();
    openTransactions.clear();
    endedAboveHighWatermark.clear();
  }

  /** Puts a producer of a snapshot in. */
  void restore(ProducerState producer) {
    producers.put(producer.producerId(), producer);
    if (producer.hasOpenTransaction()) {
      openTransactions.put(producer.transactionFirstOffset(), producer.producerId());
    }
  }

  /**
   * Checks whether a leader may append these batches, one after another.
   *
   * @param batches whole batches with their offsets assigned, from position to limit
   * @return the remembered batch, if the first one is a repeat: then nothing is to be appended
   * @throws WireException OUT_OF_ORDER_SEQUENCE_NUMBER, INVALID_PRODUCER_EPOCH or INVALID_TXN_STATE
   */
  @Nullable ProducerBatch check(ByteBuffer batches) {
    RecordBatch first = RecordBatch.at(batches, batches.position());
    if (first.hasProducerId() && !first.isControl()) {
      ProducerState known = producers.get(first.producerId());
      int duplicate = known == null ? -1 : known.findDuplicate(first);
      if (known != null && duplicate >= 0) {
        return known.batch(duplicate);
      }
    }
    if (first.sizeInBytes() == batches.remaining()) {
      if (first.hasProducerId()) {
        checkMayAppend(first, producers.get(first.producerId()));
      }
    } else {
      checkInSequence(batches);
    }
    return null;
  }

  /** Each batch is checked against the state as it would be after those before it. */
  private void checkInSequence(ByteBuffer batches) {
    Map<Long, ProducerState> asIfAppended = new HashMap<>();
    for (int at = batches.position(); at < batches.limit(); ) {
      RecordBatch batch = RecordBatch.at(batches, at);
      if (batch.hasProducerId()) {
        long producerId = batch.producerId();
        ProducerState known = producers.get(producerId);
        ProducerState state =
            asIfAppended.computeIfAbsent(
                producerId, id -> known == null ? new ProducerState(id) : known.copy());
        checkMayAppend(batch, state);
        if (!batch.isControl()) {
          state.add(batch);
        }
      }
      at += batch.sizeInBytes();
    }
  }

  /** Takes a batch that has been appended; returns the transaction that it aborted, if it did. */
  @Nullable AbortedTransaction update(RecordBatch batch, @Nullable EndTransactionMarker marker) {
    if (!batch.hasProducerId()) {
      return null;
    }
    long producerId = batch.producerId();
    ProducerState state = producers.computeIfAbsent(producerId, ProducerState::new);
    if (!batch.isControl()) {
      boolean wasOpen = state.hasOpenTransaction();
      state.add(batch);
      if (!wasOpen && state.hasOpenTransaction()) {
        openTransactions.put(state.transactionFirstOffset(), producerId);
      }
      return null;
    }
    return marker == null ? null : end(state, batch, marker);
  }

  private @Nullable AbortedTransaction end(
      ProducerState state, RecordBatch batch, EndTransactionMarker marker) {
    long firstOffset = state.transactionFirstOffset();
    boolean wasOpen = state.hasOpenTransaction();
    state.endTransaction(batch.producerEpoch(), marker.coordinatorEpoch(), batch.maxTimestamp());
    if (!wasOpen) {
      return null;
    }
    openTransactions.remove(firstOffset);
    long lastOffset = batch.lastOffset();
    endedAboveHighWatermark.add(new Ended(firstOffset, lastOffset));
    if (marker.outcome() != ControlRecordType.ABORT) {
      return null;
    }
    long lastStableOffset =
        openTransactions.isEmpty() ? lastOffset + 1 : openTransactions.firstKey();
    return new AbortedTransaction(state.producerId(), firstOffset, lastOffset, lastStableOffset);
  }

  /** Forgets ended transactions whose marker every in-sync replica has. */
  void highWatermarkMoved(long highWatermark) {
    while (!endedAboveHighWatermark.isEmpty()
        && endedAboveHighWatermark.peekFirst().lastOffset() < highWatermark) {
      endedAboveHighWatermark.removeFirst();
    }
  }

  /** The first offset of a transaction that is open or whose end may yet be lost; -1 if none. */
  long firstUnstableOffset() {
    long open = openTransactions.isEmpty() ? Long.MAX_VALUE : openTransactions.firstKey();
    long ended = Long.MAX_VALUE;
    for (Ended transaction : endedAboveHighWatermark) {
      ended = Math.min(ended, transaction.firstOffset());
    }
    long unstable = Math.min(open, ended);
    return unstable == Long.MAX_VALUE ? -1 : unstable;
  }

  /** Forgets producers that have been silent for longer than allowed, unless in a transaction. */
  int expire(long nowMs, long expirationMs) {
    int before = producers.size();
    producers
        .values()
        .removeIf(
            producer ->
                !producer.hasOpenTransaction() && nowMs - producer.lastTimestamp() >= expirationMs);
    return before - producers.size();
  }

  List<ProducerListing> listing() {
    List<ProducerListing> listing = new ArrayList<>(producers.size());
    for (ProducerState producer : producers.values()) {
      listing.add(
          new ProducerListing(
              producer.producerId(),
              producer.epoch(),
              producer.lastSequence(),
              producer.lastTimestamp(),
              producer.coordinatorEpoch(),
              producer.transactionFirstOffset()));
    }
    return listing;
  }

  private void checkMayAppend(RecordBatch batch, @Nullable ProducerState known) {
    if (known == null || known.epoch() == ProducerState.NO_EPOCH) {
      // A producer that this partition does not know, or knows no more: any sequence may begin.
      return;
    }
    if (batch.producerEpoch() < known.epoch()) {
      throw new WireException(
          ErrorCode.INVALID_PRODUCER_EPOCH,
          "Epoch of producer %d at offset %d in %s is %d, which is smaller than the last seen epoch %d"
              .formatted(
                  batch.producerId(),
                  batch.baseOffset(),
                  partition,
                  batch.producerEpoch(),
                  known.epoch()));
    }
    if (batch.isControl()) {
      return;
    }
    checkSequence(batch, known);
    if (known.hasOpenTransaction() && !batch.isTransactional()) {
      throw new WireException(
          ErrorCode.INVALID_TXN_STATE,
          "Expected transactional write from producer %d at offset %d in partition %s"
              .formatted(batch.producerId(), batch.baseOffset(), partition));
    }
  }

  private void checkSequence(RecordBatch batch, ProducerState known) {
    int firstSequence = batch.baseSequence();
    if (batch.producerEpoch() != known.epoch()) {
      if (firstSequence != 0) {
        throw new WireException(
            ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
            "Invalid sequence number for new epoch of producer %d at offset %d in partition %s: %d (request epoch), %d (seq. number), %d (current producer epoch)"
                .formatted(
                    batch.producerId(),
                    batch.baseOffset(),
                    partition,
                    batch.producerEpoch(),
                    firstSequence,
                    known.epoch()));
      }
      return;
    }
    if (!known.isNext(firstSequence)) {
      throw new WireException(
          ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
          "Out of order sequence number for producer %d at offset %d in partition %s: %d (incoming seq. number), %d (current end sequence number)"
              .formatted(
                  batch.producerId(),
                  batch.baseOffset(),
                  partition,
                  firstSequence,
                  known.lastSequence()));
    }
  }
}
