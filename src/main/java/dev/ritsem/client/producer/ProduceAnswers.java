package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.model.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to produce requests mean for the batches that were sent: stored, to be sent
 * again, to be cut in two, or the end of it all.
 */
final class ProduceAnswers {
  private final ProducerLimits limits;
  private final MetadataCore metadata;
  private final PartitionQueues queues;
  private final Backoff backoff;
  private Consumer<ProducerBatch> onAcknowledged = batch -> {};
  private @Nullable RuntimeException failure;

  ProduceAnswers(
      ProducerLimits limits, MetadataCore metadata, PartitionQueues queues, Backoff backoff) {
    this.limits = limits;
    this.metadata = metadata;
    this.queues = queues;
    this.backoff = backoff;
  }

  void listen(Consumer<ProducerBatch> onAcknowledged) {
    this.onAcknowledged = onAcknowledged;
  }

  /** What cannot be tried again, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** A request was answered. */
  void onProduced(List<ProducerBatch> batches, ProduceResponseData answer, long nowMs) {
    if (limits.acks() == 0) {
      batches.forEach(batch -> acknowledge(batch, -1L, -1L));
      return;
    }
    Map<TopicPartition, ProducerBatch> waiting = new HashMap<>();
    batches.forEach(batch -> waiting.put(batch.partition(), batch));
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
        queues.of(batch).demandNewEpoch();
        retry(batch, exception(error, batch, result), nowMs);
      }
      case MESSAGE_TOO_LARGE -> {
        if (batch.recordCount() > 1) {
          queues.of(batch).onSplit(batch, batch.split());
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

  /** The batch may not be stored: it goes out again, after a pause. */
  void retry(ProducerBatch batch, ApiException error, long nowMs) {
    PartitionQueue queue = queues.of(batch);
    batch.onRetry(error);
    if (batch.attempts() > limits.retries()) {
      failure = failure == null ? error : failure;
    }
    queue.onRetry(nowMs + backoff.pauseMs(queue.failures() + 1));
  }

  private void acknowledge(ProducerBatch batch, long baseOffset, long logAppendTimeMs) {
    batch.onAcknowledged(baseOffset, logAppendTimeMs);
    queues.onAcknowledged(batch);
    onAcknowledged.accept(batch);
  }
}
