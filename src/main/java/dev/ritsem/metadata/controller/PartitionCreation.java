package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsCreated;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides on CreatePartitions. Counts are totals and only grow: a smaller or an equal one is
 * refused, because records stay where they are.
 */
final class PartitionCreation {
  private final PartitionPlanner planner;

  PartitionCreation(PartitionPlanner planner) {
    this.planner = planner;
  }

  ControllerResult<List<TopicResult>> create(
      ClusterImage image, List<NewPartitions> requests, boolean validateOnly) {
    Set<String> repeated = Repeated.in(requests.stream().map(NewPartitions::topic).toList());
    Set<String> answered = new HashSet<>();
    List<TopicResult> results = new ArrayList<>();
    List<MetadataEvent> events = new ArrayList<>();
    long roomLeft = RequestLimits.PARTITIONS_MAX;
    for (NewPartitions request : requests) {
      if (!answered.add(request.topic())) {
        continue;
      }
      try {
        if (repeated.contains(request.topic())) {
          throw new WireException(ErrorCode.INVALID_REQUEST, "Duplicate topic name.");
        }
        TopicImage topic = require(image, request.topic());
        int additional = additional(topic, request);
        if (additional > roomLeft) {
          throw RequestLimits.excessive();
        }
        roomLeft -= additional;
        List<PartitionRegistration> added = plan(image, topic, request, additional);
        events.add(new PartitionsCreated(topic.id(), topic.partitions().size(), added));
        results.add(success(topic, request.totalCount()));
      } catch (WireException e) {
        results.add(TopicResult.failure(request.topic(), TopicId.ZERO, e.error(), e.getMessage()));
      }
    }
    return new ControllerResult<>(validateOnly ? List.of() : events, results);
  }

  private static TopicImage require(ClusterImage image, String name) {
    TopicImage topic = image.topics().find(name);
    if (topic == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "This server does not host this topic-partition.");
    }
    return topic;
  }

  private static int additional(TopicImage topic, NewPartitions request) {
    int present = topic.partitions().size();
    if (request.totalCount() == present) {
      throw new WireException(
          ErrorCode.INVALID_PARTITIONS, "Topic already has %d partition(s).".formatted(present));
    }
    if (request.totalCount() < present) {
      throw new WireException(
          ErrorCode.INVALID_PARTITIONS,
          "The topic %s currently has %d partition(s); %d would not be an increase."
              .formatted(topic.name(), present, request.totalCount()));
    }
    return request.totalCount() - present;
  }

  private List<PartitionRegistration> plan(
      ClusterImage image, TopicImage topic, NewPartitions request, int additional) {
    List<List<Integer>> assignments = request.assignments();
    int factor = topic.replicationFactor();
    if (assignments == null) {
      return planner.placed(image, topic.partitions(), additional, factor);
    }
    if (assignments.size() != additional) {
      throw new WireException(
          ErrorCode.INVALID_REPLICA_ASSIGNMENT,
          "Attempted to add %d additional partition(s), but only %d assignment(s) were specified."
              .formatted(additional, assignments.size()));
    }
    List<PartitionRegistration> added = new ArrayList<>();
    for (List<Integer> brokerIds : assignments) {
      int partition = topic.partitions().size() + added.size();
      added.add(planner.assigned(image, partition, brokerIds, factor));
    }
    return added;
  }

  private static TopicResult success(TopicImage topic, int partitions) {
    return TopicResult.success(
        topic.name(), topic.id(), partitions, topic.replicationFactor(), topic.configs());
  }
}
