package dev.ritsem.server.handler;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.replication.DeleteRecordsResult;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;

/** Moves the log start offset of partitions up (KIP-107). Versions 0 to 2. */
public final class DeleteRecordsHandler implements RequestHandler<DeleteRecordsRequestData> {
  private static final long UNKNOWN_OFFSET = -1;

  private final PartitionLookup partitions;

  public DeleteRecordsHandler(PartitionLookup partitions) {
    this.partitions = partitions;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public void handle(DeleteRecordsRequestData request, RequestContext context, Reply reply) {
    DeleteRecordsResponseData response = new DeleteRecordsResponseData();
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (DeleteRecordsTopic topic : request.topics()) {
      DeleteRecordsTopicResult results = new DeleteRecordsTopicResult().setName(topic.name());
      response.topics().add(results);
      for (DeleteRecordsPartition partition : topic.partitions()) {
        DeleteRecordsPartitionResult result =
            new DeleteRecordsPartitionResult().setPartitionIndex(partition.partitionIndex());
        results.partitions().add(result);
        ends.add(
            delete(topic.name(), partition)
                .completeOnTimeout(
                    failed(ErrorCode.REQUEST_TIMED_OUT),
                    Math.max(0, request.timeoutMs()),
                    TimeUnit.MILLISECONDS)
                .exceptionally(failure -> failed(Refusal.of(failure).error()))
                .thenAccept(
                    end ->
                        result
                            .setErrorCode(end.error().code())
                            .setLowWatermark(end.lowWatermark())));
      }
    }
    Answers.sendWhenDone(
        CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]))
            .thenApply(done -> response),
        answer -> answer,
        refusal -> response,
        reply);
  }

  private CompletableFuture<DeleteRecordsResult> delete(
      String topic, DeleteRecordsPartition wanted) {
    try {
      return partitions
          .byName(topic, wanted.partitionIndex())
          .deleteRecords(wanted.offset())
          .toCompletableFuture();
    } catch (WireException e) {
      return CompletableFuture.completedFuture(failed(e.error()));
    }
  }

  private static DeleteRecordsResult failed(ErrorCode error) {
    return new DeleteRecordsResult(error, null, UNKNOWN_OFFSET);
  }
}
