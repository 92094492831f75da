package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.WireRecords;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * What answers mean for the partitions that they are about: records that are ready to be taken, a
 * position, a pause before the next try, a new start, or the end of it all.
 */
final class FetchAnswers {
  private final FetchLimits limits;
  private final MetadataCore metadata;
  private final FetchCredit credit;
  private final Backoff backoff;
  private final Queue<FetchedRecords> ready = new ArrayDeque<>();
  private long bytesFetched;
  private long fetches;
  private @Nullable RuntimeException failure;

  FetchAnswers(FetchLimits limits, MetadataCore metadata, FetchCredit credit, Backoff backoff) {
    this.limits = limits;
    this.metadata = metadata;
    this.credit = credit;
    this.backoff = backoff;
  }

  /** What was fetched and not taken yet, oldest first. */
  Queue<FetchedRecords> ready() {
    return ready;
  }

  long bytesFetched() {
    return bytesFetched;
  }

  long fetches() {
    return fetches;
  }

  /** What cannot be tried again, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  /** Asks about this partition again, after a pause. */
  void tryLater(PartitionReader reader, long nowMs) {
    reader.asked(false);
    reader.failed(nowMs + backoff.pauseMs(reader.failures() + 1));
  }

  /** Offsets were looked up. */
  void onListed(
      Map<TopicPartition, PartitionReader> asked, ListOffsetsResponseData answer, long nowMs) {
    Map<TopicPartition, PartitionReader> unanswered = new HashMap<>(asked);
    answer
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        found -> {
                          PartitionReader reader =
                              unanswered.remove(
                                  new TopicPartition(topic.name(), found.partitionIndex()));
                          if (reader != null) {
                            onListed(
                                reader, ErrorCode.of(found.errorCode()), found.offset(), nowMs);
                          }
                        }));
    unanswered.values().forEach(reader -> tryLater(reader, nowMs));
  }

  private void onListed(PartitionReader reader, ErrorCode error, long offset, long nowMs) {
    if (error == ErrorCode.NONE) {
      reader.asked(false);
      if (offset >= 0) {
        reader.onFound(offset);
      } else {
        reader.onNotFound();
      }
    } else if (error.retriable()) {
      metadata.markStale();
      tryLater(reader, nowMs);
    } else {
      failure = exception(error, reader.partition.toString());
    }
  }

  /** Records came, or reasons why they did not. */
  void onFetched(Map<TopicPartition, PartitionReader> asked, FetchResponseData answer, long nowMs) {
    fetches++;
    ErrorCode error = ErrorCode.of(answer.errorCode());
    if (error != ErrorCode.NONE && !error.retriable()) {
      failure = exception(error, "fetch");
    }
    Map<TopicPartition, PartitionReader> unanswered = new HashMap<>(asked);
    for (FetchableTopicResponse topic : answer.responses()) {
      String name =
          topic.topic().isEmpty() ? metadata.current().name(topic.topicId()) : topic.topic();
      for (PartitionData data : topic.partitions()) {
        PartitionReader reader =
            name == null
                ? null
                : unanswered.remove(new TopicPartition(name, data.partitionIndex()));
        if (reader != null) {
          noteLeader(reader.partition, data, answer);
          onFetched(reader, data, nowMs);
        }
        WireRecords.release(data.records());
      }
    }
    unanswered
        .values()
        .forEach(
            reader -> {
              if (error == ErrorCode.NONE) {
                // A broker that has no room left in the answer may leave partitions out.
                reader.asked(false);
              } else {
                tryLater(reader, nowMs);
              }
            });
  }

  private void noteLeader(TopicPartition partition, PartitionData data, FetchResponseData answer) {
    int leader = data.currentLeader().leaderId();
    NodeEndpoint endpoint = answer.nodeEndpoints().find(leader);
    BrokerAddress address =
        endpoint == null ? null : new BrokerAddress(leader, endpoint.host(), endpoint.port());
    metadata.onLeader(partition, leader, data.currentLeader().leaderEpoch(), address);
  }

  private void onFetched(PartitionReader reader, PartitionData data, long nowMs) {
    ErrorCode error = ErrorCode.of(data.errorCode());
    if (error == ErrorCode.NONE) {
      reader.asked(false);
      reader.onHighWatermark(data.highWatermark());
      take(reader, data);
    } else if (error == ErrorCode.OFFSET_OUT_OF_RANGE && reader.bufferedBytes() == 0) {
      reader.asked(false);
      reset(reader);
    } else if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
      // What was fetched before is handed out first.
      tryLater(reader, nowMs);
    } else if (error.retriable() && error != ErrorCode.CORRUPT_MESSAGE) {
      metadata.markStale();
      tryLater(reader, nowMs);
    } else {
      failure =
          exception(error, "%s at offset %d".formatted(reader.partition, reader.fetchPosition()));
    }
  }

  private void take(PartitionReader reader, PartitionData data) {
    ByteBuffer bytes = WireRecords.bytesOf(data.records());
    if (!bytes.hasRemaining()) {
      reader.succeeded();
      return;
    }
    List<FetchResponseData.AbortedTransaction> aborted = data.abortedTransactions();
    FetchedRecords fetched =
        new FetchedRecords(
            reader,
            bytes,
            limits.readCommitted() && aborted != null ? aborted : List.of(),
            limits.checkCrcs());
    if (fetched.nextOffset() <= reader.fetchPosition()) {
      failure =
          new RecordTooLargeException(
              "%s at offset %d: %d bytes came, and no whole batch among them"
                  .formatted(reader.partition, reader.fetchPosition(), bytes.remaining()));
      return;
    }
    reader.onFetched(fetched.nextOffset(), fetched.sizeInBytes());
    credit.onFetched(fetched.sizeInBytes());
    bytesFetched += fetched.sizeInBytes();
    ready.add(fetched);
  }

  private void reset(PartitionReader reader) {
    if (limits.reset().isEmpty()) {
      failure =
          new OffsetOutOfRangeException(
              "Fetch position %d is out of range for partition %s, and auto.offset.reset is none"
                  .formatted(reader.fetchPosition(), reader.partition),
              Map.of(reader.partition, reader.fetchPosition()));
      return;
    }
    reader.restartAt(limits.reset().get());
  }

  static ApiException exception(ErrorCode error, String subject) {
    Errors kafka = Errors.forCode(error.code());
    return kafka.exception(subject + ": " + kafka.message());
  }
}
