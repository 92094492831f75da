package dev.ritsem.server.handler;

import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.BatchRejected;
import dev.ritsem.record.BatchValidator;
import dev.ritsem.record.Origin;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordError;
import dev.ritsem.record.ValidatedBatches;
import dev.ritsem.replication.AppendRequest;
import dev.ritsem.replication.AppendResult;
import dev.ritsem.replication.Partition;
import dev.ritsem.replication.PartitionView;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * One produce request on its way. Partitions are worked through on the connection's loop; each
 * fills in its own part of the response, on whatever thread its append ends; the last one replies.
 */
final class ProduceOperation {
  private static final short ACKS_NONE = 0;
  private static final short ACKS_LEADER = 1;
  private static final short FIRST_VERSION_WITH_LEADER = 10;
  private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;
  private static final long NO_OFFSET = -1;

  /** The client by which Kafka's own tools write into internal topics. */
  private static final String ADMIN_CLIENT_ID = "__admin_client";

  private final ProduceRequestData request;
  private final RequestContext context;
  private final Reply reply;
  private final PartitionLookup partitions;
  private final ProduceResponseData response = new ProduceResponseData();

  /** Parts without a result; one more while the parts are being gone through. */
  private final AtomicInteger unfinished = new AtomicInteger(1);

  ProduceOperation(
      ProduceRequestData request, RequestContext context, Reply reply, PartitionLookup partitions) {
    this.request = request;
    this.context = context;
    this.reply = reply;
    this.partitions = partitions;
  }

  void run(long nowMs) {
    for (TopicProduceData topic : request.topicData()) {
      List<PartitionProduceResponse> parts = new ArrayList<>(topic.partitionData().size());
      response
          .responses()
          .add(
              new TopicProduceResponse()
                  .setName(topic.name())
                  .setTopicId(topic.topicId())
                  .setPartitionResponses(parts));
      for (PartitionProduceData partition : topic.partitionData()) {
        Part part = new Part(topic, partition.index());
        parts.add(part.response);
        unfinished.incrementAndGet();
        produce(partition, part, nowMs);
      }
    }
    finishOne();
  }

  private void produce(PartitionProduceData data, Part part, long nowMs) {
    try {
      Partition partition = find(part.topic, data.index());
      PartitionView view = partition.view();
      ByteBuffer records = WireRecords.bytesOf(data.records());
      BatchValidator.checkForm(records, context.version());
      checkAcks();
      view.checkAppendable();
      ValidatedBatches batches =
          BatchValidator.validate(records, view.config().batchRules(), nowMs, Origin.CLIENT);
      refuseTransactions(batches.buffer());
      partition.append(
          new AppendRequest(batches, request.acks(), Math.max(0, request.timeoutMs())), part);
    } catch (BatchRejected e) {
      part.reject(e.error(), e.getMessage(), e.recordErrors());
    } catch (WireException e) {
      part.reject(e.error(), e.getMessage(), List.of());
    }
  }

  private Partition find(TopicProduceData topic, int index) {
    if (context.version() >= FIRST_VERSION_WITH_TOPIC_IDS) {
      Partition found = partitions.byId(PartitionLookup.topicId(topic.topicId()), index);
      refuseInternal(found.id().topic());
      return found;
    }
    Partition found = partitions.byName(topic.name(), index);
    refuseInternal(topic.name());
    return found;
  }

  private void refuseInternal(String topic) {
    if (TopicImage.isInternal(topic) && !ADMIN_CLIENT_ID.equals(context.clientId())) {
      throw new WireException(
          ErrorCode.INVALID_TOPIC_EXCEPTION, "Cannot append to internal topic " + topic);
    }
  }

  private void checkAcks() {
    short acks = request.acks();
    if (acks != AppendRequest.ACKS_ALL && acks != ACKS_NONE && acks != ACKS_LEADER) {
      throw new WireException(
          ErrorCode.INVALID_REQUIRED_ACKS,
          "Produce request specified an invalid value for required acks.");
    }
  }

  /** There is no transaction that such a batch could belong to. */
  private static void refuseTransactions(ByteBuffer records) {
    if (RecordBatch.at(records, records.position()).isTransactional()) {
      throw new WireException(
          ErrorCode.INVALID_TXN_STATE, "The producer has no transaction for this partition");
    }
  }

  private void finishOne() {
    if (unfinished.decrementAndGet() == 0) {
      if (request.acks() == ACKS_NONE) {
        endWithoutAnswer();
      } else {
        addLeaders();
        reply.send(response);
      }
    }
  }

  private void endWithoutAnswer() {
    for (TopicProduceResponse topic : response.responses()) {
      for (PartitionProduceResponse partition : topic.partitionResponses()) {
        if (partition.errorCode() != ErrorCode.NONE.code()) {
          reply.closeConnection(
              "produce with acks=0 failed for %s-%d: %s"
                  .formatted(topic.name(), partition.index(), ErrorCode.of(partition.errorCode())));
          return;
        }
      }
    }
    reply.sendNothing();
  }

  /** Tells clients that came to the wrong broker where to go (KIP-951). */
  private void addLeaders() {
    if (context.version() < FIRST_VERSION_WITH_LEADER) {
      return;
    }
    for (TopicProduceResponse topic : response.responses()) {
      for (PartitionProduceResponse partition : topic.partitionResponses()) {
        if (partition.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER.code()) {
          addLeader(topic, partition);
        }
      }
    }
  }

  private void addLeader(TopicProduceResponse topic, PartitionProduceResponse partition) {
    TopicId id = PartitionLookup.topicId(topic.topicId());
    PartitionRegistration registration =
        partitions.registration(id, topic.name(), partition.index());
    if (registration == null) {
      return;
    }
    partition.currentLeader().setLeaderEpoch(registration.leaderEpoch());
    partitions
        .leader(registration)
        .ifPresent(
            leader -> {
              partition.currentLeader().setLeaderId(leader.id().value());
              ClientAddress.of(leader, context.connection())
                  .filter(address -> response.nodeEndpoints().find(leader.id().value()) == null)
                  .ifPresent(
                      address ->
                          response
                              .nodeEndpoints()
                              .add(
                                  new NodeEndpoint()
                                      .setNodeId(leader.id().value())
                                      .setHost(address.host())
                                      .setPort(address.port())
                                      .setRack(leader.rack())));
            });
  }

  /** One partition of the request: takes its result into its own part of the response. */
  private final class Part implements Consumer<AppendResult> {
    private final TopicProduceData topic;
    private final PartitionProduceResponse response;

    Part(TopicProduceData topic, int index) {
      this.topic = topic;
      this.response = new PartitionProduceResponse().setIndex(index).setBaseOffset(NO_OFFSET);
    }

    void reject(ErrorCode error, @Nullable String message, List<RecordError> records) {
      response.setErrorCode(error.code()).setErrorMessage(message);
      for (RecordError record : records) {
        response
            .recordErrors()
            .add(
                new BatchIndexAndErrorMessage()
                    .setBatchIndex(record.batchIndex())
                    .setBatchIndexErrorMessage(record.message()));
      }
      finishOne();
    }

    @Override
    public void accept(AppendResult result) {
      response
          .setErrorCode(result.error().code())
          .setErrorMessage(result.message())
          .setBaseOffset(result.baseOffset())
          .setLogAppendTimeMs(result.logAppendTimeMs())
          .setLogStartOffset(result.logStartOffset());
      finishOne();
    }
  }
}
