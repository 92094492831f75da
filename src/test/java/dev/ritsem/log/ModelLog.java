package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a log should hold, in the plainest form: a list of batches. */
final class ModelLog {
  final List<Batch> batches = new ArrayList<>();
  long logStartOffset;
  long logEndOffset;
  long highWatermark;

  /** A batch as it was appended; the marker fields only count if control is set. */
  record Batch(
      long baseOffset,
      long lastOffset,
      long crc,
      int leaderEpoch,
      long producerId,
      short producerEpoch,
      int baseSequence,
      int lastSequence,
      boolean transactional,
      boolean control,
      boolean abort,
      long timestamp) {
    static Batch of(RecordBatch batch, boolean abort) {
      return new Batch(
          batch.baseOffset(),
          batch.lastOffset(),
          batch.storedCrc(),
          batch.partitionLeaderEpoch(),
          batch.producerId(),
          batch.producerEpoch(),
          batch.baseSequence(),
          batch.lastSequence(),
          batch.isTransactional(),
          batch.isControl(),
          abort,
          batch.maxTimestamp());
    }
  }

  /** What is to be known of a producer. */
  static final class Producer {
    short epoch = -1;
    final List<Batch> window = new ArrayList<>();
    long transactionFirstOffset = -1;
    long lastBatchOffset = -1;
  }

  void append(Batch batch) {
    batches.add(batch);
    logEndOffset = batch.lastOffset() + 1;
  }

  /** Everything from the batch on that reaches an offset goes. */
  void truncateTo(long offset) {
    if (offset >= logEndOffset) {
      return;
    }
    long end = offset;
    while (!batches.isEmpty() && last().lastOffset() >= offset) {
      end = Math.min(end, last().baseOffset());
      batches.remove(batches.size() - 1);
    }
    logEndOffset = end;
    logStartOffset = Math.min(logStartOffset, end);
    highWatermark = Math.min(highWatermark, end);
  }

  /** Nothing is left, and the next offset is another one. */
  void restartAt(long offset) {
    batches.clear();
    logStartOffset = offset;
    logEndOffset = offset;
    highWatermark = offset;
  }

  Batch last() {
    return batches.get(batches.size() - 1);
  }

  Map<Long, Producer> producers() {
    Map<Long, Producer> producers = new HashMap<>();
    for (Batch batch : batches) {
      if (batch.producerId() >= 0) {
        apply(producers.computeIfAbsent(batch.producerId(), id -> new Producer()), batch);
      }
    }
    return producers;
  }

  private static void apply(Producer producer, Batch batch) {
    if (batch.producerEpoch() != producer.epoch) {
      producer.epoch = batch.producerEpoch();
      producer.window.clear();
    }
    producer.lastBatchOffset = batch.lastOffset();
    if (batch.control()) {
      producer.transactionFirstOffset = -1;
      return;
    }
    producer.window.add(batch);
    if (producer.window.size() > ProducerState.BATCHES_MAX) {
      producer.window.remove(0);
    }
    if (batch.transactional() && producer.transactionFirstOffset < 0) {
      producer.transactionFirstOffset = batch.baseOffset();
    }
  }

  /** Aborted transactions whose marker is in the log, as (producer, first offset, marker). */
  List<AbortedTransaction> aborted() {
    List<AbortedTransaction> aborted = new ArrayList<>();
    Map<Long, Long> open = new HashMap<>();
    for (Batch batch : batches) {
      if (batch.control()) {
        Long first = open.remove(batch.producerId());
        if (first != null && batch.abort()) {
          long stable = open.values().stream().min(Long::compare).orElse(batch.lastOffset() + 1);
          aborted.add(
              new AbortedTransaction(batch.producerId(), first, batch.lastOffset(), stable));
        }
      } else if (batch.transactional()) {
        open.putIfAbsent(batch.producerId(), batch.baseOffset());
      }
    }
    return aborted;
  }

  /** First offset of each epoch. */
  NavigableMap<Integer, Long> epochs() {
    TreeMap<Integer, Long> epochs = new TreeMap<>();
    batches.forEach(batch -> epochs.putIfAbsent(batch.leaderEpoch(), batch.baseOffset()));
    return epochs;
  }
}
