package dev.ritsem.server.handler;

import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.WireException;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Tells where a leader epoch ended, so that a client finds out whether what it has read was
 * truncated (KIP-320). Versions 2 to 4.
 */
public final class OffsetForLeaderEpochHandler
    implements RequestHandler<OffsetForLeaderEpochRequestData> {
  private final PartitionLookup partitions;

  public OffsetForLeaderEpochHandler(PartitionLookup partitions) {
    this.partitions = partitions;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public void handle(OffsetForLeaderEpochRequestData request, RequestContext context, Reply reply) {
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    for (OffsetForLeaderTopic topic : request.topics()) {
      OffsetForLeaderTopicResult results = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      response.topics().add(results);
      for (OffsetForLeaderPartition partition : topic.partitions()) {
        results.partitions().add(find(topic.topic(), partition));
      }
    }
    reply.send(response);
  }

  private EpochEndOffset find(String topic, OffsetForLeaderPartition wanted) {
    EpochEndOffset result = new EpochEndOffset().setPartition(wanted.partition());
    try {
      OffsetAndEpoch end =
          partitions
              .byName(topic, wanted.partition())
              .view()
              .leaderLog(wanted.currentLeaderEpoch())
              .endOffsetFor(wanted.leaderEpoch());
      return result.setLeaderEpoch(end.leaderEpoch()).setEndOffset(end.offset());
    } catch (WireException e) {
      return result.setErrorCode(e.error().code());
    }
  }
}
