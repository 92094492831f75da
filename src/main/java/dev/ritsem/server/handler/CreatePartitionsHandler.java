package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.NewPartitions;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** Raises the partition counts of topics. Versions 0 to 3, which differ in their encoding alone. */
public final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequestData> {
  private final Controller controller;

  public CreatePartitionsHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public void handle(CreatePartitionsRequestData request, RequestContext context, Reply reply) {
    List<NewPartitions> topics =
        request.topics().stream().map(CreatePartitionsHandler::newPartitions).toList();
    Answers.sendWhenDone(
        ControllerTimeout.within(
            request.timeoutMs(),
            timeout -> controller.createPartitions(topics, request.validateOnly(), timeout)),
        CreatePartitionsHandler::answer,
        refusal -> refused(topics, refusal),
        reply);
  }

  private static NewPartitions newPartitions(CreatePartitionsTopic topic) {
    List<CreatePartitionsAssignment> assignments = topic.assignments();
    return new NewPartitions(
        topic.name(),
        topic.count(),
        assignments == null
            ? null
            : assignments.stream().map(CreatePartitionsAssignment::brokerIds).toList());
  }

  private static CreatePartitionsResponseData answer(List<TopicResult> results) {
    List<CreatePartitionsTopicResult> entries = new ArrayList<>();
    for (TopicResult result : results) {
      entries.add(entry(String.valueOf(result.name()), result.error(), result.message()));
    }
    return new CreatePartitionsResponseData().setResults(entries);
  }

  private static CreatePartitionsResponseData refused(List<NewPartitions> topics, Refusal refusal) {
    List<CreatePartitionsTopicResult> entries = new ArrayList<>();
    for (NewPartitions topic : topics) {
      entries.add(entry(topic.topic(), refusal.error(), refusal.message()));
    }
    return new CreatePartitionsResponseData().setResults(entries);
  }

  private static CreatePartitionsTopicResult entry(
      String name, ErrorCode error, @Nullable String message) {
    return new CreatePartitionsTopicResult()
        .setName(name)
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }
}
