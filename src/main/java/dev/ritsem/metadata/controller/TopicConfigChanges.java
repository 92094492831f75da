package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.ConfigAlteration.OperationType;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.TopicConfigsChanged;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides on changes of topic configs (KIP-339). What would be in force afterwards is checked as a
 * whole; a topic's operations are done together or not at all.
 */
final class TopicConfigChanges {
  private final TopicConfigRules rules;

  TopicConfigChanges(TopicConfigRules rules) {
    this.rules = rules;
  }

  ControllerResult<List<TopicResult>> alter(
      ClusterImage image, List<ConfigAlteration> alterations, boolean validateOnly) {
    checkSize(alterations);
    Set<String> repeated = Repeated.in(alterations.stream().map(ConfigAlteration::topic).toList());
    List<TopicResult> results = new ArrayList<>();
    List<MetadataEvent> events = new ArrayList<>();
    for (ConfigAlteration alteration : alterations) {
      try {
        if (repeated.contains(alteration.topic())) {
          throw invalid("Each resource must appear at most once.");
        }
        Map<String, String> after = alter(image, alteration);
        TopicImage topic = require(image, alteration.topic());
        event(topic, after, events);
        results.add(
            TopicResult.success(
                topic.name(),
                topic.id(),
                topic.partitions().size(),
                topic.replicationFactor(),
                after));
      } catch (WireException e) {
        results.add(
            TopicResult.failure(alteration.topic(), TopicId.ZERO, e.error(), e.getMessage()));
      }
    }
    RequestLimits.checkEvents(events);
    checkResult(events);
    return new ControllerResult<>(validateOnly ? List.of() : events, results);
  }

  private static void checkSize(List<ConfigAlteration> alterations) {
    long chars = 0;
    for (ConfigAlteration alteration : alterations) {
      for (ConfigOperation operation : alteration.operations()) {
        String value = operation.value();
        chars += operation.key().length() + (value == null ? 0 : value.length());
      }
    }
    RequestLimits.checkText(chars);
  }

  // What is appended to a long list makes a longer one, and the whole list is written.
  private static void checkResult(List<MetadataEvent> events) {
    long chars = 0;
    for (MetadataEvent event : events) {
      if (event instanceof TopicConfigsChanged changed) {
        chars += changed.set().values().stream().mapToLong(String::length).sum();
      }
    }
    RequestLimits.checkText(chars);
  }

  private Map<String, String> alter(ClusterImage image, ConfigAlteration alteration) {
    checkOperations(alteration.operations());
    TopicImage topic = image.topics().find(alteration.topic());
    Map<String, String> present = topic == null ? Map.of() : topic.configs();
    Map<String, String> after = new TreeMap<>(alteration.replaceAll() ? Map.of() : present);
    for (ConfigOperation operation : alteration.operations()) {
      String value = result(operation, present.get(operation.key()));
      if (value == null) {
        after.remove(operation.key());
      } else {
        after.put(operation.key(), value);
      }
    }
    if (alteration.topic().isEmpty()) {
      throw invalid("Default topic resources are not allowed.");
    }
    TopicNames.validate(alteration.topic());
    rules.validate(after);
    return after;
  }

  private static void checkOperations(List<ConfigOperation> operations) {
    if (!Repeated.in(operations.stream().map(ConfigOperation::key).toList()).isEmpty()) {
      throw invalid("Error due to duplicate config keys");
    }
    List<String> withoutValue =
        operations.stream()
            .filter(operation -> operation.type() != OperationType.DELETE)
            .filter(operation -> operation.value() == null)
            .map(ConfigOperation::key)
            .toList();
    if (!withoutValue.isEmpty()) {
      throw invalid("Null value not supported for : " + String.join(",", withoutValue));
    }
  }

  private @Nullable String result(ConfigOperation operation, @Nullable String present) {
    String value = operation.value();
    if (operation.type() == OperationType.DELETE || value == null) {
      return null;
    }
    if (operation.type() == OperationType.SET) {
      return value;
    }
    if (!rules.isList(operation.key())) {
      throw new WireException(
          ErrorCode.INVALID_CONFIG,
          "Can't %s to key %s because its type is not LIST."
              .formatted(operation.type(), operation.key()));
    }
    Set<String> members = members(present == null ? rules.brokerValue(operation.key()) : present);
    if (operation.type() == OperationType.SUBTRACT) {
      members.removeAll(members(value));
    } else {
      members.addAll(members(value));
    }
    return String.join(",", members);
  }

  /** The members of a list, in their order; a set, because a client may send very many. */
  private static Set<String> members(@Nullable String list) {
    Set<String> members = new LinkedHashSet<>();
    for (String member : Objects.requireNonNullElse(list, "").split(",", -1)) {
      if (!member.isBlank()) {
        members.add(member.trim());
      }
    }
    return members;
  }

  private static void event(
      TopicImage topic, Map<String, String> after, List<MetadataEvent> events) {
    Map<String, String> set = new TreeMap<>(after);
    set.entrySet().removeAll(topic.configs().entrySet());
    Set<String> removed = new TreeSet<>(topic.configs().keySet());
    removed.removeAll(after.keySet());
    if (!set.isEmpty() || !removed.isEmpty()) {
      events.add(new TopicConfigsChanged(topic.id(), set, removed));
    }
  }

  private static TopicImage require(ClusterImage image, String name) {
    TopicImage topic = image.topics().find(name);
    if (topic == null) {
      throw new WireException(
          ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
    }
    return topic;
  }

  private static WireException invalid(String message) {
    return new WireException(ErrorCode.INVALID_REQUEST, message);
  }
}
