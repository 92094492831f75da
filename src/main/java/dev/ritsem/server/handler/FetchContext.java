package dev.ritsem.server.handler;

import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/**
 * What a fetch request means together with its session: what to read, and how much of it to tell.
 *
 * @param error NONE, or why the session cannot be used; then nothing is read
 * @param session null if the client has none
 * @param incremental whether the response carries news only
 * @param partitions what to read, in this order
 */
record FetchContext(
    ErrorCode error,
    @Nullable FetchSession session,
    boolean incremental,
    List<FetchedPartition> partitions) {
  private static final int FULL_WITHOUT_SESSION = -1;
  private static final int FULL = 0;
  private static final short FIRST_VERSION_WITH_SESSIONS = 7;
  private static final short FIRST_VERSION_WITH_TOPIC_IDS = 13;

  /** Opens, continues or ends a session as the request says. */
  static FetchContext of(
      FetchRequestData request, short version, FetchSessions sessions, long nowMs) {
    boolean usesTopicIds = version >= FIRST_VERSION_WITH_TOPIC_IDS;
    int epoch =
        version < FIRST_VERSION_WITH_SESSIONS ? FULL_WITHOUT_SESSION : request.sessionEpoch();
    if (epoch == FULL || epoch == FULL_WITHOUT_SESSION) {
      if (request.sessionId() != FetchSessions.NO_SESSION) {
        sessions.remove(request.sessionId());
      }
      Map<FetchedPartition.Key, FetchedPartition> partitions =
          FetchSession.partitionsOf(request, usesTopicIds);
      List<FetchedPartition> order = new ArrayList<>(partitions.values());
      FetchSession session =
          epoch == FULL ? sessions.create(usesTopicIds, partitions, nowMs) : null;
      return new FetchContext(ErrorCode.NONE, session, false, order);
    }
    return incremental(request, usesTopicIds, sessions, nowMs);
  }

  private static FetchContext incremental(
      FetchRequestData request, boolean usesTopicIds, FetchSessions sessions, long nowMs) {
    FetchSession session = sessions.find(request.sessionId());
    if (session == null) {
      return failed(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }
    if (session.usesTopicIds() != usesTopicIds) {
      return failed(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    }
    if (!session.advance(request, nowMs)) {
      return failed(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
    }
    if (session.size() == 0) {
      sessions.remove(session.id());
      return new FetchContext(ErrorCode.NONE, null, false, List.of());
    }
    return new FetchContext(ErrorCode.NONE, session, true, session.snapshot());
  }

  private static FetchContext failed(ErrorCode error) {
    return new FetchContext(error, null, false, List.of());
  }

  /**
   * The response: all parts, or those that are news.
   *
   * @param parts one per partition, in the same order
   */
  FetchResponseData respond(List<PartitionData> parts) {
    FetchResponseData response = new FetchResponseData().setErrorCode(error.code());
    List<FetchedPartition> served = new ArrayList<>();
    FetchResponseData.FetchableTopicResponse topic = null;
    FetchedPartition.Key topicKey = null;
    for (int i = 0; i < parts.size(); i++) {
      FetchedPartition partition = partitions.get(i);
      PartitionData part = parts.get(i);
      if (incremental && !partition.isNews(part)) {
        continue;
      }
      partition.told(part);
      if (part.records() != null && part.records().sizeInBytes() > 0) {
        served.add(partition);
      }
      FetchedPartition.Key key = partition.key();
      if (topic == null || topicKey == null || !sameTopic(topicKey, key)) {
        topic =
            new FetchResponseData.FetchableTopicResponse()
                .setTopic(key.topic() == null ? "" : key.topic())
                .setTopicId(PartitionLookup.uuid(key.topicId()));
        topicKey = key;
        response.responses().add(topic);
      }
      topic.partitions().add(part);
    }
    if (session != null) {
      response.setSessionId(session.id());
      session.moveToEnd(served);
    }
    return response;
  }

  private static boolean sameTopic(FetchedPartition.Key one, FetchedPartition.Key other) {
    return one.topicId().equals(other.topicId()) && Objects.equals(one.topic(), other.topic());
  }
}
