package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.TopicDeleted;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Decides on DeleteTopics, by name or by id: each topic by itself, all in one commit. */
final class TopicDeletion {
  private final ControllerSettings settings;

  TopicDeletion(ControllerSettings settings) {
    this.settings = settings;
  }

  ControllerResult<List<TopicResult>> delete(ClusterImage image, List<TopicRef> topics) {
    if (!settings.topicDeletionEnabled()) {
      throw new WireException(ErrorCode.TOPIC_DELETION_DISABLED, "Topic deletion is disabled.");
    }
    Request request = new Request(image, topics);
    List<TopicResult> results = new ArrayList<>();
    List<MetadataEvent> events = new ArrayList<>();
    Set<TopicRef> answered = new HashSet<>();
    for (TopicRef ref : topics) {
      boolean repeatedAnswer = request.isRepeated(ref) && !answered.add(ref);
      if (repeatedAnswer) {
        continue;
      }
      try {
        TopicImage topic = request.resolve(ref);
        events.add(new TopicDeleted(topic.id()));
        results.add(
            TopicResult.success(
                topic.name(),
                topic.id(),
                topic.partitions().size(),
                topic.replicationFactor(),
                topic.configs()));
      } catch (WireException e) {
        results.add(TopicResult.failure(ref.name(), ref.id(), e.error(), e.getMessage()));
      }
    }
    RequestLimits.checkEvents(events);
    return new ControllerResult<>(events, results);
  }

  /** What one request names, and how often. */
  private static final class Request {
    private final ClusterImage image;
    private final Set<TopicRef> repeated;
    private final Set<TopicId> givenIds = new HashSet<>();

    Request(ClusterImage image, List<TopicRef> topics) {
      this.image = image;
      this.repeated = Repeated.in(topics);
      topics.stream()
          .map(TopicRef::id)
          .filter(id -> !id.equals(TopicId.ZERO))
          .forEach(givenIds::add);
    }

    boolean isRepeated(TopicRef ref) {
      return repeated.contains(ref);
    }

    TopicImage resolve(TopicRef ref) {
      String name = ref.name();
      boolean byId = !ref.id().equals(TopicId.ZERO);
      if (name == null && !byId) {
        throw invalid("Neither topic name nor id were specified.");
      }
      if (name != null && byId) {
        throw invalid("You may not specify both topic name and topic id.");
      }
      if (isRepeated(ref)) {
        throw invalid(byId ? "Duplicate topic id." : "Duplicate topic name.");
      }
      TopicImage topic =
          byId ? image.topics().find(ref.id()) : image.topics().find(Objects.requireNonNull(name));
      if (topic == null) {
        throw byId
            ? new WireException(
                ErrorCode.UNKNOWN_TOPIC_ID, "This server does not host this topic ID.")
            : new WireException(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "This server does not host this topic-partition.");
      }
      if (!byId && givenIds.contains(topic.id())) {
        throw invalid("The provided topic name maps to an ID that was already supplied.");
      }
      return topic;
    }

    private static WireException invalid(String message) {
      return new WireException(ErrorCode.INVALID_REQUEST, message);
    }
  }
}
