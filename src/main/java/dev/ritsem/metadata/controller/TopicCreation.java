package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.TopicCreated;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decides on CreateTopics: each topic by itself, all that are possible in one commit. */
final class TopicCreation {
  private final ControllerSettings settings;
  private final TopicConfigRules configRules;
  private final PartitionPlanner planner;
  private final IdSource ids;

  TopicCreation(
      ControllerSettings settings,
      TopicConfigRules configRules,
      PartitionPlanner planner,
      IdSource ids) {
    this.settings = settings;
    this.configRules = configRules;
    this.planner = planner;
    this.ids = ids;
  }

  ControllerResult<List<TopicResult>> create(
      ClusterImage image, List<NewTopic> topics, boolean validateOnly) {
    checkSize(topics);
    Set<String> repeated = Repeated.in(topics.stream().map(NewTopic::name).toList());
    Collisions collisions = new Collisions(image);
    Map<String, TopicResult> results = new LinkedHashMap<>();
    List<MetadataEvent> events = new ArrayList<>();
    for (NewTopic topic : topics) {
      if (repeated.contains(topic.name())) {
        results.put(
            topic.name(), refused(topic, ErrorCode.INVALID_REQUEST, "Duplicate topic name."));
        continue;
      }
      try {
        TopicImage created = plan(image, collisions, topic);
        collisions.add(topic.name());
        results.put(topic.name(), success(created, validateOnly));
        events.add(new TopicCreated(created));
      } catch (WireException e) {
        results.put(topic.name(), refused(topic, e.error(), e.getMessage()));
      }
    }
    return new ControllerResult<>(validateOnly ? List.of() : events, List.copyOf(results.values()));
  }

  private void checkSize(List<NewTopic> topics) {
    long partitions = 0;
    long chars = 0;
    for (NewTopic topic : topics) {
      chars += topic.name().length();
      for (Map.Entry<String, @Nullable String> config : topic.configs().entrySet()) {
        String value = config.getValue();
        chars += config.getKey().length() + (value == null ? 0 : value.length());
      }
      if (!topic.assignments().isEmpty()) {
        partitions += topic.assignments().size();
      } else if (topic.partitions() == NewTopic.USE_DEFAULT) {
        partitions += settings.defaultPartitions();
      } else {
        partitions += Math.max(0, topic.partitions());
      }
    }
    if (partitions > RequestLimits.PARTITIONS_MAX) {
      throw new WireException(
          ErrorCode.POLICY_VIOLATION, "Excessively large number of partitions per request.");
    }
    RequestLimits.checkText(chars);
  }

  private TopicImage plan(ClusterImage image, Collisions collisions, NewTopic topic) {
    checkName(image, collisions, topic.name());
    Map<String, String> configs = checkConfigs(topic.configs());
    List<PartitionRegistration> partitions =
        topic.assignments().isEmpty() ? placed(image, topic) : assigned(image, topic);
    return new TopicImage(topic.name(), newId(image), partitions, configs);
  }

  private static void checkName(ClusterImage image, Collisions collisions, String name) {
    if (name.equals(TopicNames.CLUSTER_METADATA)) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST, "Creation of internal topic " + name + " is prohibited.");
    }
    if (image.topics().find(name) != null) {
      throw new WireException(
          ErrorCode.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
    }
    TopicNames.validate(name);
    String other = collisions.find(name);
    if (other != null) {
      throw new WireException(
          ErrorCode.INVALID_TOPIC_EXCEPTION,
          "Topic '" + name + "' collides with existing topic: " + other);
    }
  }

  private Map<String, String> checkConfigs(Map<String, @Nullable String> configs) {
    Map<String, String> given = new TreeMap<>();
    List<String> withoutValue = new ArrayList<>();
    configs.forEach(
        (key, value) -> {
          if (value == null) {
            withoutValue.add(key);
          } else {
            given.put(key, value);
          }
        });
    if (!withoutValue.isEmpty()) {
      throw new WireException(
          ErrorCode.INVALID_CONFIG,
          "Null value not supported for topic configs: " + String.join(",", withoutValue));
    }
    configRules.validate(given);
    return given;
  }

  private List<PartitionRegistration> placed(ClusterImage image, NewTopic topic) {
    int factor = topic.replicationFactor();
    if (factor == 0 || factor < NewTopic.USE_DEFAULT) {
      throw new WireException(
          ErrorCode.INVALID_REPLICATION_FACTOR,
          "Replication factor must be larger than 0, or -1 to use the default value.");
    }
    int partitions = topic.partitions();
    if (partitions == 0 || partitions < NewTopic.USE_DEFAULT) {
      throw new WireException(
          ErrorCode.INVALID_PARTITIONS,
          "Number of partitions was set to an invalid non-positive value.");
    }
    return planner.placed(
        image,
        List.of(),
        partitions == NewTopic.USE_DEFAULT ? settings.defaultPartitions() : partitions,
        factor == NewTopic.USE_DEFAULT ? settings.defaultReplicationFactor() : factor);
  }

  private List<PartitionRegistration> assigned(ClusterImage image, NewTopic topic) {
    if (topic.replicationFactor() != NewTopic.USE_DEFAULT) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST,
          "A manual partition assignment was specified, but replication factor was not set to -1.");
    }
    if (topic.partitions() != NewTopic.USE_DEFAULT) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST,
          "A manual partition assignment was specified, but numPartitions was not set to -1.");
    }
    Map<Integer, PartitionRegistration> partitions = new HashMap<>();
    int factor = 0;
    for (ReplicaAssignment assignment : topic.assignments()) {
      PartitionRegistration registration =
          planner.assigned(image, assignment.partition(), assignment.brokerIds(), factor);
      if (partitions.put(assignment.partition(), registration) != null) {
        throw new WireException(
            ErrorCode.INVALID_REPLICA_ASSIGNMENT,
            "Found multiple manual partition assignments for partition " + assignment.partition());
      }
      factor = registration.replicas().size();
    }
    List<PartitionRegistration> inOrder = new ArrayList<>();
    for (int partition = 0; partition < partitions.size(); partition++) {
      PartitionRegistration registration = partitions.get(partition);
      if (registration == null) {
        throw new WireException(
            ErrorCode.INVALID_REPLICA_ASSIGNMENT,
            "partitions should be a consecutive 0-based integer sequence");
      }
      inOrder.add(registration);
    }
    return inOrder;
  }

  private TopicId newId(ClusterImage image) {
    TopicId id = ids.nextTopicId();
    while (image.topics().find(id) != null) {
      id = ids.nextTopicId();
    }
    return id;
  }

  private static TopicResult success(TopicImage topic, boolean validateOnly) {
    return TopicResult.success(
        topic.name(),
        validateOnly ? TopicId.ZERO : topic.id(),
        topic.partitions().size(),
        topic.replicationFactor(),
        topic.configs());
  }

  private static TopicResult refused(NewTopic topic, ErrorCode error, @Nullable String message) {
    return TopicResult.failure(topic.name(), TopicId.ZERO, error, message);
  }

  /** Names that differ only in '.' and '_': existing ones, and those created in this request. */
  private static final class Collisions {
    private final ClusterImage image;
    private @Nullable Map<String, String> byUnifiedName;

    Collisions(ClusterImage image) {
      this.image = image;
    }

    @Nullable String find(String name) {
      return TopicNames.canCollide(name) ? names().get(TopicNames.unified(name)) : null;
    }

    void add(String name) {
      if (TopicNames.canCollide(name)) {
        names().put(TopicNames.unified(name), name);
      }
    }

    // Read from the image once per request, and only if a name of the request needs it.
    private Map<String, String> names() {
      Map<String, String> names = byUnifiedName;
      if (names == null) {
        names =
            image.topics().all().stream()
                .map(TopicImage::name)
                .filter(TopicNames::canCollide)
                .collect(
                    Collectors.toMap(
                        TopicNames::unified, name -> name, (one, other) -> one, HashMap::new));
        byUnifiedName = names;
      }
      return names;
    }
  }
}
