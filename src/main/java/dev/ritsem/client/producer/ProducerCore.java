package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.BrokersUnavailableException;
import dev.ritsem.client.cluster.ClientCore;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Gets records stored, each once and in order per partition. Records are placed ({@link
 * RecordPlacement}), gathered into batches, and the batches are sent to their leaders, up to five
 * requests at a time to one broker; {@link PartitionQueue} says what keeps the order when requests
 * or answers are lost, {@link ProducerIdentity} where the producer id comes from (KIP-98, KIP-360).
 *
 * <p>The core fails as a whole: the first batch that cannot be stored makes {@link #failure}, and
 * nothing is sent afterwards.
 */
public final class ProducerCore implements ClientCore {
  private final ProducerLimits limits;
  private final MetadataCore metadata;
  private final RecordPlacement placement;
  private final ProducerIdentity identity;
  private final ProduceRequests requests;
  private final ProduceAnswers answers;
  private final PartitionQueues queues = new PartitionQueues();
  private final Map<Integer, Integer> inFlight = new HashMap<>();

  private boolean flushing;
  private boolean pollDue = true;
  private long nextWakeMs;
  private @Nullable RuntimeException failure;

  public ProducerCore(
      List<BrokerAddress> bootstrap,
      ProducerLimits limits,
      @Nullable Partitioner partitioner,
      RandomGenerator random,
      long nowMs) {
    this.limits = limits;
    this.metadata = new MetadataCore(bootstrap, limits.metadata(), random, nowMs);
    this.placement = new RecordPlacement(limits, partitioner, random);
    Backoff backoff = new Backoff(limits.retryBackoffMs(), limits.retryBackoffMaxMs(), random);
    this.identity = new ProducerIdentity(backoff);
    this.requests = new ProduceRequests(limits);
    this.answers = new ProduceAnswers(limits, metadata, queues, backoff);
  }

  /** Calls this for each batch when it is stored, in order per partition. */
  public void listen(Consumer<ProducerBatch> onAcknowledged) {
    answers.listen(onAcknowledged);
  }

  /** Whether there is room for another record; the last one may reach beyond the bound. */
  public boolean hasRoom() {
    return queues.bufferedBytes() < limits.bufferMemoryBytes() && failure == null;
  }

  /** Whether every record that was taken is acknowledged. */
  public boolean isIdle() {
    return queues.isEmpty();
  }

  /** No more records will come for now: nothing lingers. */
  public void flush(boolean flushing) {
    this.flushing = flushing;
    pollDue = true;
  }

  /** Why the core gave up, or null. */
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /** Whether something became sendable since the last poll. */
  public boolean isPollDue() {
    return pollDue;
  }

  /**
   * Takes a record, if its topic's partitions are known.
   *
   * @param partition the partition that the record names, or null
   * @param timestampMs from 0
   * @return the batch in which it is now the last record; null if the topic is not known yet: try
   *     again after the next answer, for at most {@code max.block.ms}
   * @throws ApiException if the record can never be sent
   */
  public @Nullable ProducerBatch append(
      String topic,
      @Nullable Integer partition,
      long timestampMs,
      byte @Nullable [] key,
      byte @Nullable [] value,
      List<RecordHeader> headers,
      long nowMs) {
    ByteBuffer keyBytes = key == null ? null : ByteBuffer.wrap(key);
    ByteBuffer valueBytes = value == null ? null : ByteBuffer.wrap(value);
    long size = BatchBuilder.sizeInBytesMax(keyBytes, valueBytes, headers);
    if (size > limits.maxRequestBytes()) {
      throw new RecordTooLargeException(
          "The message is %d bytes when serialized which is larger than %d, which is the value of the max.request.size configuration."
              .formatted(size, limits.maxRequestBytes()));
    }
    TopicMetadata known = metadata.current().usable(topic);
    if (known == null || (partition != null && partition >= known.partitions().size())) {
      awaitTopic(topic, known != null);
      return null;
    }
    int placed = partition != null ? partition : placement.place(known, key, value);
    PartitionQueue queue = queues.of(new TopicPartition(topic, placed));
    ProducerBatch batch = batchFor(queue, size, nowMs);
    batch.append(timestampMs, keyBytes, valueBytes, headers, size);
    queues.onAppended(size);
    boolean full = batch.isFull(limits.batchSizeBytes());
    if (partition == null) {
      placement.onAppended(topic, placed, size, !full);
    }
    pollDue |= full || limits.lingerMs() == 0 || !hasRoom();
    return batch;
  }

  private void awaitTopic(String topic, boolean partitionMissing) {
    metadata.want(topic);
    TopicMetadata heard = metadata.current().topic(topic);
    if (heard != null && heard.error() != ErrorCode.NONE && !heard.error().retriable()) {
      throw Errors.forCode(heard.error().code())
          .exception("Topic " + topic + ": " + Errors.forCode(heard.error().code()).message());
    }
    if (partitionMissing) {
      metadata.markStale();
    }
    pollDue = true;
  }

  private ProducerBatch batchFor(PartitionQueue queue, long recordBytes, long nowMs) {
    ProducerBatch open = queue.open();
    if (open != null && open.hasRoom(recordBytes, limits.batchSizeBytes())) {
      return open;
    }
    pollDue |= open != null;
    ProducerBatch batch = queue.addOpen(limits, nowMs);
    queues.activate(queue);
    nextWakeMs = Math.min(nextWakeMs, nowMs + limits.lingerMs());
    return batch;
  }

  @Override
  public void poll(long nowMs, Consumer<OutgoingRequest> out) {
    pollDue = false;
    if (failure != null) {
      return;
    }
    failIfOverdue(nowMs);
    if (failure != null) {
      return;
    }
    if (limits.idempotent() && !queues.isEmpty()) {
      identity.poll(metadata, nowMs, out);
    }
    if (!limits.idempotent() || identity.current().isPresent()) {
      sendBatches(nowMs, out);
    }
    metadata.poll(nowMs, out);
    nextWakeMs = computeWakeMs(nowMs);
  }

  @Override
  public long wakeAtMs() {
    return Math.min(nextWakeMs, metadata.wakeAtMs());
  }

  private void failIfOverdue(long nowMs) {
    String unavailability = metadata.unavailability(nowMs);
    if (unavailability != null) {
      failure = new BrokersUnavailableException(unavailability);
      return;
    }
    for (PartitionQueue queue : queues.active()) {
      ProducerBatch oldest = queue.oldest();
      if (oldest != null && nowMs - oldest.createdMs() >= limits.deliveryTimeoutMs()) {
        ApiException last = oldest.lastError();
        failure =
            last != null
                ? last
                : new TimeoutException(
                    "Expiring %d record(s) for %s:%d ms has passed since batch creation"
                        .formatted(
                            oldest.recordCount(), queue.partition, nowMs - oldest.createdMs()));
        return;
      }
    }
  }

  /** Fills requests, one batch per partition in each, while leaders take more of them. */
  private void sendBatches(long nowMs, Consumer<OutgoingRequest> out) {
    boolean again = true;
    while (again) {
      Map<BrokerAddress, List<ProducerBatch>> perLeader = new LinkedHashMap<>();
      Map<BrokerAddress, Integer> bytes = new HashMap<>();
      again = false;
      for (PartitionQueue queue : queues.activeNow()) {
        BrokerAddress leader = metadata.current().leader(queue.partition);
        if (leader == null) {
          metadata.markStale();
          continue;
        }
        if (inFlight.getOrDefault(leader.brokerId(), 0) >= limits.maxInFlight()) {
          continue;
        }
        ProducerBatch batch = due(queue, bytes.getOrDefault(leader, 0), nowMs);
        if (batch != null) {
          queue.onSent(batch);
          perLeader.computeIfAbsent(leader, any -> new ArrayList<>()).add(batch);
          bytes.merge(leader, batch.sizeInBytes(), Integer::sum);
          again = true;
        }
      }
      perLeader.forEach(
          (leader, batches) -> {
            inFlight.merge(leader.brokerId(), 1, Integer::sum);
            out.accept(requests.of(leader, batches, metadata.current()));
          });
    }
  }

  private @Nullable ProducerBatch due(PartitionQueue queue, int requestBytes, long nowMs) {
    if (queue.isRecovering()) {
      if (queue.needsNewEpoch()) {
        queue.startEpoch(identity.bumped(queue.producer()));
      }
      if (!identity.current().isPresent() && limits.idempotent()) {
        return null;
      }
      return queue.dueRetry(nowMs);
    }
    ProducerBatch first = queue.firstUnsent();
    if (first == null
        || !queue.takesAnother(limits.maxInFlight())
        || !(queue.hasBacklog() || isReady(first, nowMs))) {
      return null;
    }
    if (requestBytes > 0 && requestBytes + first.bufferedBytes() > limits.maxRequestBytes()) {
      return null;
    }
    return queue.takeUnsent(identity.current());
  }

  private boolean isReady(ProducerBatch batch, long nowMs) {
    return flushing
        || batch.isFull(limits.batchSizeBytes())
        || nowMs - batch.createdMs() >= limits.lingerMs()
        || !hasRoom();
  }

  private long computeWakeMs(long nowMs) {
    long wake = queues.isEmpty() ? Long.MAX_VALUE : identity.wakeAtMs();
    for (PartitionQueue queue : queues.active()) {
      ProducerBatch oldest = queue.oldest();
      if (oldest == null) {
        continue;
      }
      wake = Math.min(wake, oldest.createdMs() + limits.deliveryTimeoutMs());
      ProducerBatch first = queue.firstUnsent();
      if (queue.isRecovering()) {
        wake = queue.hasInFlight() ? wake : Math.min(wake, Math.max(queue.retryAtMs(), nowMs + 1));
      } else if (first != null) {
        long readyMs = first.createdMs() + limits.lingerMs();
        // What is ready and was not sent waits for an answer, not for time.
        wake = readyMs > nowMs ? Math.min(wake, readyMs) : wake;
      }
    }
    return wake;
  }

  @Override
  public void onAnswer(OutgoingRequest request, ApiMessage answer, long nowMs) {
    pollDue = true;
    metadata.onHeard(nowMs);
    if (request.context() == metadata) {
      metadata.onAnswer(request, answer, nowMs);
    } else if (request.context() == identity) {
      identity.onAnswer(answer, nowMs);
      failure = failure == null ? identity.failure() : failure;
    } else {
      release(request);
      answers.onProduced(requests.batches(request), (ProduceResponseData) answer, nowMs);
      failure = failure == null ? answers.failure() : failure;
    }
  }

  @Override
  public void onFailure(OutgoingRequest request, Throwable cause, long nowMs) {
    pollDue = true;
    if (request.context() == metadata) {
      metadata.onFailure(request, cause, nowMs);
      return;
    }
    if (cause instanceof RetriableException) {
      metadata.onUnreachable(request.broker(), cause);
    } else if (failure == null) {
      failure = cause instanceof RuntimeException runtime ? runtime : new ApiException(cause);
    }
    if (request.context() == identity) {
      identity.onFailure(nowMs);
      return;
    }
    release(request);
    NetworkException error =
        new NetworkException(
            "The server disconnected before a response was received: " + cause.getMessage());
    for (ProducerBatch batch : requests.batches(request)) {
      answers.retry(batch, error, nowMs);
    }
    failure = failure == null ? answers.failure() : failure;
  }

  private void release(OutgoingRequest request) {
    inFlight.merge(request.broker().brokerId(), -1, Integer::sum);
  }
}
