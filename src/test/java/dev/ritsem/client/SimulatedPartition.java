package dev.ritsem.client;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The one true log of a partition, as its leaders store it: batches, and per producer the last five
 * sequences, checked as Kafka's brokers check them.
 */
final class SimulatedPartition {
  private static final int WINDOW = 5;

  int leader;
  int leaderEpoch;
  long logStartOffset;
  final List<ByteBuffer> batches = new ArrayList<>();
  final List<Long> baseOffsets = new ArrayList<>();
  private long endOffset;
  private final Map<Long, Producer> producers = new HashMap<>();

  record Appended(ErrorCode error, long baseOffset) {}

  private record Entry(int first, int last, long baseOffset) {}

  private static final class Producer {
    short epoch;
    final Deque<Entry> window = new ArrayDeque<>();
  }

  long endOffset() {
    return endOffset;
  }

  /** Forgets all producers, as a broker does when their records are gone. */
  void forgetProducers() {
    producers.clear();
  }

  Appended append(ByteBuffer sent, int maxBatchBytes, boolean refuseUnknown) {
    ByteBuffer copy = ByteBuffer.allocate(sent.remaining()).put(sent.duplicate()).flip();
    RecordBatch batch = RecordBatch.at(copy, 0);
    if (!RecordBatch.fits(copy, 0) || !batch.hasValidCrc()) {
      return new Appended(ErrorCode.CORRUPT_MESSAGE, -1);
    }
    if (copy.remaining() > maxBatchBytes) {
      return new Appended(ErrorCode.MESSAGE_TOO_LARGE, -1);
    }
    if (batch.hasProducerId()) {
      Appended refused = checkSequence(batch, refuseUnknown);
      if (refused != null) {
        return refused;
      }
    }
    long base = endOffset;
    batch.assign(base, leaderEpoch);
    batches.add(copy);
    baseOffsets.add(base);
    endOffset = batch.nextOffset();
    return new Appended(ErrorCode.NONE, base);
  }

  private @org.jspecify.annotations.Nullable Appended checkSequence(
      RecordBatch batch, boolean refuseUnknown) {
    Producer known = producers.get(batch.producerId());
    if (known == null) {
      if (refuseUnknown && batch.baseSequence() != 0) {
        return new Appended(ErrorCode.UNKNOWN_PRODUCER_ID, -1);
      }
      known = new Producer();
      known.epoch = batch.producerEpoch();
      producers.put(batch.producerId(), known);
    } else if (batch.producerEpoch() < known.epoch) {
      return new Appended(ErrorCode.INVALID_PRODUCER_EPOCH, -1);
    } else if (batch.producerEpoch() > known.epoch) {
      if (batch.baseSequence() != 0) {
        return new Appended(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, -1);
      }
      known.epoch = batch.producerEpoch();
      known.window.clear();
    } else {
      for (Entry entry : known.window) {
        if (entry.first == batch.baseSequence() && entry.last == batch.lastSequence()) {
          return new Appended(ErrorCode.NONE, entry.baseOffset);
        }
      }
      Entry last = known.window.peekLast();
      int expected = last == null ? 0 : RecordBatch.incrementSequence(last.last, 1);
      if (batch.baseSequence() != expected) {
        return new Appended(
            last != null && batch.lastSequence() <= last.last
                ? ErrorCode.DUPLICATE_SEQUENCE_NUMBER
                : ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
            -1);
      }
    }
    known.window.addLast(new Entry(batch.baseSequence(), batch.lastSequence(), endOffset));
    if (known.window.size() > WINDOW) {
      known.window.removeFirst();
    }
    return null;
  }

  /** Whole batches from the one that holds the offset on, at least one. */
  ByteBuffer read(long offset, int maxBytes) {
    List<ByteBuffer> found = new ArrayList<>();
    int size = 0;
    for (int i = 0; i < batches.size(); i++) {
      ByteBuffer bytes = batches.get(i);
      if (RecordBatch.at(bytes, 0).lastOffset() >= offset) {
        if (size > 0 && size + bytes.remaining() > maxBytes) {
          break;
        }
        found.add(bytes);
        size += bytes.remaining();
      }
    }
    ByteBuffer all = ByteBuffer.allocate(size);
    found.forEach(bytes -> all.put(bytes.duplicate()));
    return all.flip();
  }
}
