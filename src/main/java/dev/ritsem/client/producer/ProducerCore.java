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
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
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
  private final Backoff backoff;
  private final Map<TopicPartition, PartitionQueue> queues = new HashMap<>();

  /** Those of the queues that are not empty, in the order in which they are served. */
  private final Map<TopicPartition, PartitionQueue> active = new LinkedHashMap<>();

  private final Map<Integer, Integer> inFlight = new HashMap<>();

  /** What is taken and not acknowledged; beyond the bound by one record at most. */
  private long bufferedBytes;

  private boolean flushing;
  private boolean pollDue = true;
  private long nextWakeMs;
  private @Nullable RuntimeException failure;
  private Consumer<ProducerBatch> onAcknowledged = batch -> {};

  public ProducerCore(
      List<BrokerAddress> bootstrap,
      ProducerLimits limits,
      @Nullable Partitioner partitioner,
      RandomGenerator random,
      long nowMs) {
    this.limits = limits;
    this.metadata = new MetadataCore(bootstrap, limits.metadata(), random, nowMs);
    this.placement = new RecordPlacement(limits, partitioner, random);
    this.backoff = new Backoff(limits.retryBackoffMs(), limits.retryBackoffMaxMs(), random);
    this.identity = new ProducerIdentity(backoff);
    this.requests = new ProduceRequests(limits);
  }

  /** Calls this for each batch when it is stored, in order per partition. */
  public void listen(Consumer<ProducerBatch> onAcknowledged) {
    this.onAcknowledged = onAcknowledged;
  }

  /** Whether there is room for another record. */
  public boolean hasRoom() {
    return bufferedBytes < limits.bufferMemoryBytes() && failure == null;
  }

  /** Whether every record that was taken is acknowledged. */
  public boolean isIdle() {
    return active.isEmpty();
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
    PartitionQueue queue =
        queues.computeIfAbsent(new TopicPartition(topic, placed), PartitionQueue::new);
    ProducerBatch batch = batchFor(queue, size, nowMs);
    batch.append(timestampMs, keyBytes, valueBytes, headers, size);
    bufferedBytes += size;
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
    active.putIfAbsent(queue.partition, queue);
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
    if (limits.idempotent() && !active.isEmpty()) {
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
    for (PartitionQueue queue : active.values()) {
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
      for (PartitionQueue queue : new ArrayList<>(active.values())) {
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
    long wake = active.isEmpty() ? Long.MAX_VALUE : identity.wakeAtMs();
    for (PartitionQueue queue : active.values()) {
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
      onProduced(request, (ProduceResponseData) answer, nowMs);
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
      retry(batch, error, nowMs);
    }
  }

  private void onProduced(OutgoingRequest request, ProduceResponseData answer, long nowMs) {
    release(request);
    if (limits.acks() == 0) {
      requests.batches(request).forEach(batch -> acknowledge(batch, -1L, -1L));
      return;
    }
    Map<TopicPartition, ProducerBatch> waiting = new HashMap<>();
    requests.batches(request).forEach(batch -> waiting.put(batch.partition(), batch));
    for (TopicProduceResponse topic : answer.responses()) {
      String name =
          topic.name().isEmpty() ? metadata.current().name(topic.topicId()) : topic.name();
      for (PartitionProduceResponse partition : topic.partitionResponses()) {
        ProducerBatch batch =
            name == null ? null : waiting.remove(new TopicPartition(name, partition.index()));
        if (batch != null) {
          noteLeader(batch.partition(), partition, answer);
          onResult(batch, partition, nowMs);
        }
      }
    }
    NetworkException unanswered = new NetworkException("The answer left the partition out.");
    waiting.values().forEach(batch -> retry(batch, unanswered, nowMs));
  }

  private void noteLeader(
      TopicPartition partition, PartitionProduceResponse result, ProduceResponseData answer) {
    int leader = result.currentLeader().leaderId();
    NodeEndpoint endpoint = answer.nodeEndpoints().find(leader);
    BrokerAddress address =
        endpoint == null ? null : new BrokerAddress(leader, endpoint.host(), endpoint.port());
    metadata.onLeader(partition, leader, result.currentLeader().leaderEpoch(), address);
  }

  private void onResult(ProducerBatch batch, PartitionProduceResponse result, long nowMs) {
    ErrorCode error = ErrorCode.of(result.errorCode());
    switch (error) {
      case NONE -> acknowledge(batch, result.baseOffset(), result.logAppendTimeMs());
      // It is stored already, longer ago than the broker remembers offsets.
      case DUPLICATE_SEQUENCE_NUMBER -> acknowledge(batch, -1L, -1L);
      case OUT_OF_ORDER_SEQUENCE_NUMBER -> {
        if (batch.sentBehindAnother()) {
          // The batch before it did not arrive, or not yet; both go out again in order.
          retry(batch, exception(error, batch, result), nowMs);
        } else {
          failure = exception(error, batch, result);
        }
      }
      case UNKNOWN_PRODUCER_ID -> {
        queue(batch).demandNewEpoch();
        retry(batch, exception(error, batch, result), nowMs);
      }
      case MESSAGE_TOO_LARGE -> {
        if (batch.recordCount() > 1) {
          queue(batch).onSplit(batch, batch.split());
        } else {
          failure = exception(error, batch, result);
        }
      }
      default -> {
        if (error.retriable()) {
          metadata.markStale();
          retry(batch, exception(error, batch, result), nowMs);
        } else {
          failure = exception(error, batch, result);
        }
      }
    }
  }

  private static ApiException exception(
      ErrorCode error, ProducerBatch batch, PartitionProduceResponse result) {
    Errors kafka = Errors.forCode(error.code());
    String message = result.errorMessage() == null ? kafka.message() : result.errorMessage();
    return kafka.exception(batch.partition() + ": " + message);
  }

  private void retry(ProducerBatch batch, ApiException error, long nowMs) {
    PartitionQueue queue = queue(batch);
    batch.onRetry(error);
    if (batch.attempts() > limits.retries()) {
      failure = failure == null ? error : failure;
    }
    queue.onRetry(nowMs + backoff.pauseMs(queue.failures() + 1));
  }

  private void acknowledge(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    batch.onAcknowledged(baseOffset, logAppendTimeMs);
    bufferedBytes -= batch.bufferedBytes();
    PartitionQueue queue = queue(batch);
    queue.onAcknowledged(batch);
    // To the end of the line, or out of it: partitions take turns.
    active.remove(queue.partition);
    if (!queue.isEmpty()) {
      active.put(queue.partition, queue);
    }
    onAcknowledged.accept(batch);
  }

  private void release(OutgoingRequest request) {
    inFlight.merge(request.broker().brokerId(), -1, Integer::sum);
  }

  private PartitionQueue queue(ProducerBatch batch) {
    PartitionQueue queue = queues.get(batch.partition());
    if (queue == null) {
      throw new IllegalStateException("no queue for " + batch.partition());
    }
    return queue;
  }
}
