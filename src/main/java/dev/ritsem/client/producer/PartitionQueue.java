package dev.ritsem.client.producer;

import dev.ritsem.client.producer.ProducerBatch.State;
import dev.ritsem.model.ProducerIdAndEpoch;
import dev.ritsem.record.RecordBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one partition on their way: those that were never sent, and behind which they
 * queue, those that were sent and are not acknowledged.
 *
 * <p>What keeps the order under retries: {@code sent} is in the order of sequences, without gaps.
 * After a failure nothing of the partition goes out until everything that is out has been answered;
 * then the batches of {@code sent} go out again from the first one on, one at a time, before
 * anything new. A broker that stored one of them already recognises it by its sequence.
 */
final class PartitionQueue {
  final TopicPartition partition;

  /** Never sent; only the last may be open. */
  private final Deque<ProducerBatch> unsent = new ArrayDeque<>();

  /** Sent at least once and not acknowledged, oldest first. At most the in-flight bound. */
  private final List<ProducerBatch> sent = new ArrayList<>();

  /** How well the last batch was compressed; the best guess for the next one. */
  private double compressionRatio = 1.0;

  private int inFlight;
  private boolean recovering;
  private int failures;
  private long retryAtMs;

  /** Under which id the sequences run; changes only while nothing is in flight. */
  private ProducerIdAndEpoch producer = ProducerIdAndEpoch.NONE;

  private int nextSequence;
  private boolean newEpochNeeded;

  /**
   * Whether the broker is known to know the producer. A broker that does not takes any sequence for
   * the first, so nothing follows the first batch before that is stored: else a second one that
   * overtakes it would make it look like a repeat.
   */
  private boolean established;

  PartitionQueue(TopicPartition partition) {
    this.partition = partition;
  }

  boolean isEmpty() {
    return unsent.isEmpty() && sent.isEmpty();
  }

  boolean hasInFlight() {
    return inFlight > 0;
  }

  boolean isRecovering() {
    return recovering;
  }

  long retryAtMs() {
    return retryAtMs;
  }

  /** The batch that takes more records, if there is one. */
  @Nullable ProducerBatch open() {
    ProducerBatch last = unsent.peekLast();
    return last != null && last.state() == State.OPEN ? last : null;
  }

  /** A new batch at the end; the one before it takes no more records. */
  ProducerBatch addOpen(ProducerLimits limits, long nowMs) {
    ProducerBatch last = unsent.peekLast();
    if (last != null) {
      last.close();
    }
    ProducerBatch batch =
        new ProducerBatch(
            partition, limits.compression(), limits.batchSizeBytes(), compressionRatio, nowMs);
    unsent.addLast(batch);
    return batch;
  }

  /** The oldest batch of all; the first whose time runs out. */
  @Nullable ProducerBatch oldest() {
    return sent.isEmpty() ? unsent.peekFirst() : sent.get(0);
  }

  /** The first batch that was never sent. */
  @Nullable ProducerBatch firstUnsent() {
    return unsent.peekFirst();
  }

  /** Whether more than one batch waits, so that the first needs not wait for more records. */
  boolean hasBacklog() {
    return unsent.size() > 1;
  }

  /** Whether another batch may follow those that are out. */
  boolean takesAnother(int maxInFlight) {
    boolean firstIsOut = producer.isPresent() && !established && !sent.isEmpty();
    return sent.size() < maxInFlight && !firstIsOut;
  }

  /** The batch that has to go out again now; null if there is none, or it has to wait. */
  @Nullable ProducerBatch dueRetry(long nowMs) {
    if (!recovering || inFlight > 0 || nowMs < retryAtMs) {
      return null;
    }
    return sent.get(0);
  }

  /** Takes the first unsent batch over to the sent ones, with the sequence that is its turn. */
  ProducerBatch takeUnsent(ProducerIdAndEpoch current) {
    ProducerBatch batch = unsent.removeFirst();
    batch.close();
    if (current.isPresent()) {
      if (!producer.isPresent()) {
        startEpoch(current);
      }
      batch.assignSequence(producer, nextSequence);
      nextSequence = RecordBatch.incrementSequence(nextSequence, batch.recordCount());
    } else {
      batch.bytes();
    }
    compressionRatio = batch.compressionRatio();
    sent.add(batch);
    return batch;
  }

  void onSent(ProducerBatch batch) {
    batch.onSent(sent.get(0) != batch);
    inFlight++;
  }

  void onAcknowledged(ProducerBatch batch) {
    inFlight--;
    established = true;
    sent.remove(batch);
    failures = 0;
    recovering &= sent.stream().anyMatch(b -> b.state() == State.RETRY);
    retryAtMs = 0;
  }

  /** The batch is to go out again, after a pause that the caller chooses. */
  void onRetry(long retryAtMs) {
    inFlight--;
    failures++;
    recovering = true;
    this.retryAtMs = Math.max(this.retryAtMs, retryAtMs);
  }

  int failures() {
    return failures;
  }

  void onSplit(ProducerBatch batch, List<ProducerBatch> halves) {
    inFlight--;
    recovering = true;
    int place = sent.indexOf(batch);
    sent.remove(place);
    sent.addAll(place, halves);
  }

  /** The broker has forgotten the producer: sequences start again under a new epoch. */
  void demandNewEpoch() {
    newEpochNeeded = true;
  }

  boolean needsNewEpoch() {
    return newEpochNeeded && inFlight == 0;
  }

  ProducerIdAndEpoch producer() {
    return producer;
  }

  /** Numbers everything that was sent and not stored anew. Only while nothing is in flight. */
  void startEpoch(ProducerIdAndEpoch next) {
    producer = next;
    established = false;
    newEpochNeeded = false;
    nextSequence = 0;
    for (ProducerBatch batch : sent) {
      batch.assignSequence(producer, nextSequence);
      nextSequence = RecordBatch.incrementSequence(nextSequence, batch.recordCount());
    }
  }
}
