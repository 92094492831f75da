package dev.ritsem.server.handler;

import dev.ritsem.log.LogIoException;
import dev.ritsem.log.LogView;
import dev.ritsem.log.TimestampAndOffset;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds offsets by time or by name: earliest, latest, of the largest timestamp. Versions 1 to 11:
 * isolation from 2 on, leader epochs from 4, the largest timestamp from 7 (KIP-734), and from 8, 9
 * and 11 names that only differ from others where a log is tiered (KIP-405, 1005, 1023).
 *
 * <p>A search by time reads files, so it runs where blocking is allowed.
 */
public final class ListOffsetsHandler implements RequestHandler<ListOffsetsRequestData> {
  private static final short FIRST_VERSION_WITH_LEADER_EPOCH = 4;
  private static final Logger log = LoggerFactory.getLogger(ListOffsetsHandler.class);

  private static final long LATEST = -1;
  private static final long EARLIEST = -2;
  private static final long MAX_TIMESTAMP = -3;
  private static final long EARLIEST_LOCAL = -4;
  private static final long LATEST_TIERED = -5;
  private static final long EARLIEST_PENDING_UPLOAD = -6;

  private static final byte READ_COMMITTED = 1;
  private static final long UNKNOWN = -1;
  private static final int UNKNOWN_EPOCH = -1;

  private final PartitionLookup partitions;
  private final Executor blocking;

  /**
   * @param blocking where files may be read
   */
  public ListOffsetsHandler(PartitionLookup partitions, Executor blocking) {
    this.partitions = partitions;
    this.blocking = blocking;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public void handle(ListOffsetsRequestData request, RequestContext context, Reply reply) {
    if (readsFiles(request)) {
      blocking.execute(() -> reply.send(answer(request, context.version())));
    } else {
      reply.send(answer(request, context.version()));
    }
  }

  private static boolean readsFiles(ListOffsetsRequestData request) {
    for (ListOffsetsTopic topic : request.topics()) {
      for (ListOffsetsPartition partition : topic.partitions()) {
        if (partition.timestamp() >= 0 || partition.timestamp() == MAX_TIMESTAMP) {
          return true;
        }
      }
    }
    return false;
  }

  private ListOffsetsResponseData answer(ListOffsetsRequestData request, short version) {
    ListOffsetsResponseData response = new ListOffsetsResponseData();
    Set<TopicPartition> repeated = repeatedPartitions(request);
    for (ListOffsetsTopic topic : request.topics()) {
      ListOffsetsTopicResponse results = new ListOffsetsTopicResponse().setName(topic.name());
      response.topics().add(results);
      for (ListOffsetsPartition partition : topic.partitions()) {
        ListOffsetsPartitionResponse result =
            new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
        results.partitions().add(result);
        boolean twice =
            partition.partitionIndex() >= 0
                && repeated.contains(new TopicPartition(topic.name(), partition.partitionIndex()));
        if (twice) {
          result.setErrorCode(ErrorCode.INVALID_REQUEST.code());
        } else {
          find(
              topic.name(), partition, request.isolationLevel() == READ_COMMITTED, version, result);
        }
      }
    }
    return response;
  }

  private static Set<TopicPartition> repeatedPartitions(ListOffsetsRequestData request) {
    Set<TopicPartition> seen = new HashSet<>();
    Set<TopicPartition> repeated = new HashSet<>();
    for (ListOffsetsTopic topic : request.topics()) {
      for (ListOffsetsPartition partition : topic.partitions()) {
        if (partition.partitionIndex() >= 0) {
          TopicPartition named = new TopicPartition(topic.name(), partition.partitionIndex());
          if (!seen.add(named)) {
            repeated.add(named);
          }
        }
      }
    }
    return repeated;
  }

  // A fault in one log is that partition's answer, and a request always gets one.
  @SuppressWarnings("IllegalCatch")
  private void find(
      String topic,
      ListOffsetsPartition wanted,
      boolean readCommitted,
      short version,
      ListOffsetsPartitionResponse result) {
    try {
      if (!isKnown(wanted.timestamp(), version)) {
        throw new WireException(ErrorCode.UNSUPPORTED_VERSION, "unknown time");
      }
      LogView view =
          partitions
              .byName(topic, wanted.partitionIndex())
              .view()
              .leaderLog(wanted.currentLeaderEpoch());
      fill(result, search(view, wanted.timestamp(), readCommitted), version);
    } catch (WireException e) {
      result.setErrorCode(e.error().code());
    } catch (LogIoException e) {
      log.warn("looking for an offset of {}-{} failed", topic, wanted.partitionIndex(), e);
      result.setErrorCode(ErrorCode.KAFKA_STORAGE_ERROR.code());
    } catch (RuntimeException e) {
      log.error("looking for an offset of {}-{} failed", topic, wanted.partitionIndex(), e);
      result.setErrorCode(ErrorCode.UNKNOWN_SERVER_ERROR.code());
    }
  }

  private static boolean isKnown(long timestamp, short version) {
    if (timestamp >= EARLIEST) {
      return true;
    }
    if (timestamp == MAX_TIMESTAMP) {
      return version >= 7;
    }
    if (timestamp == EARLIEST_LOCAL) {
      return version >= 8;
    }
    if (timestamp == LATEST_TIERED) {
      return version >= 9;
    }
    return timestamp == EARLIEST_PENDING_UPLOAD && version >= 11;
  }

  private static Optional<TimestampAndOffset> search(
      LogView view, long timestamp, boolean readCommitted) {
    long end = readCommitted ? view.lastStableOffset() : view.highWatermark();
    if (timestamp == LATEST) {
      return Optional.of(new TimestampAndOffset(UNKNOWN, end, view.latestEpoch()));
    }
    if (timestamp == EARLIEST || timestamp == EARLIEST_LOCAL) {
      // The epoch of the first record is not known without reading it; -1 says so.
      return Optional.of(new TimestampAndOffset(UNKNOWN, view.logStartOffset(), UNKNOWN_EPOCH));
    }
    if (timestamp == LATEST_TIERED || timestamp == EARLIEST_PENDING_UPLOAD) {
      return Optional.empty();
    }
    Optional<TimestampAndOffset> found =
        timestamp == MAX_TIMESTAMP ? view.maxTimestampOffset() : view.offsetForTimestamp(timestamp);
    return found.filter(record -> record.offset() < end);
  }

  private static void fill(
      ListOffsetsPartitionResponse result, Optional<TimestampAndOffset> found, short version) {
    TimestampAndOffset record =
        found.orElse(new TimestampAndOffset(UNKNOWN, UNKNOWN, UNKNOWN_EPOCH));
    result.setTimestamp(record.timestampMs()).setOffset(record.offset());
    if (version >= FIRST_VERSION_WITH_LEADER_EPOCH) {
      result.setLeaderEpoch(record.leaderEpoch());
    }
  }
}
