package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.TopicRef;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Deletes topics. Versions 1 to 6: up to 5 by name, in 6 by name or id (KIP-516). That deletion is
 * switched off is a code of its own only from version 3 on.
 */
public final class DeleteTopicsHandler implements RequestHandler<DeleteTopicsRequestData> {
  private static final short FIRST_VERSION_WITH_DELETION_DISABLED = 3;
  private static final short FIRST_VERSION_WITH_IDS = 6;

  private final Controller controller;

  public DeleteTopicsHandler(Controller controller) {
    this.controller = controller;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DELETE_TOPICS;
  }

  @Override
  public void handle(DeleteTopicsRequestData request, RequestContext context, Reply reply) {
    List<TopicRef> topics = topics(request, context.version());
    Answers.sendWhenDone(
        ControllerTimeout.within(
            request.timeoutMs(), timeout -> controller.deleteTopics(topics, timeout)),
        DeleteTopicsHandler::answer,
        refusal -> refused(topics, refusal, context.version()),
        reply);
  }

  private static List<TopicRef> topics(DeleteTopicsRequestData request, short version) {
    if (version < FIRST_VERSION_WITH_IDS) {
      return request.topicNames().stream().map(TopicRef::named).toList();
    }
    return request.topics().stream()
        .map(topic -> new TopicRef(topic.name(), topicId(topic.topicId())))
        .toList();
  }

  private static DeleteTopicsResponseData answer(List<TopicResult> results) {
    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    for (TopicResult result : results) {
      response.responses().add(entry(result.name(), result.id(), result.error(), result.message()));
    }
    return response;
  }

  private static DeleteTopicsResponseData refused(
      List<TopicRef> topics, Refusal refusal, short version) {
    ErrorCode error =
        refusal.error() == ErrorCode.TOPIC_DELETION_DISABLED
                && version < FIRST_VERSION_WITH_DELETION_DISABLED
            ? ErrorCode.INVALID_REQUEST
            : refusal.error();
    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
    for (TopicRef topic : topics) {
      response.responses().add(entry(topic.name(), topic.id(), error, refusal.message()));
    }
    return response;
  }

  private static DeletableTopicResult entry(
      @Nullable String name, TopicId id, ErrorCode error, @Nullable String message) {
    return new DeletableTopicResult()
        .setName(name)
        .setTopicId(new Uuid(id.mostSignificantBits(), id.leastSignificantBits()))
        .setErrorCode(error.code())
        .setErrorMessage(message);
  }

  private static TopicId topicId(Uuid id) {
    return new TopicId(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }
}
