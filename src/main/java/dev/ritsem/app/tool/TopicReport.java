package dev.ritsem.app.tool;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/**
 * A topic as {@code topics --describe} shows it.
 *
 * @param overrides what the topic sets for itself
 */
record TopicReport(TopicDescription topic, List<ConfigEntry> overrides) {
  static TopicReport of(TopicDescription topic, Config config) {
    return new TopicReport(
        topic,
        config.entries().stream()
            .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
            .sorted((left, right) -> left.name().compareTo(right.name()))
            .toList());
  }

  static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /** The lines of Kafka's own tool, which scripts take apart at tabs and colons. */
  void print(PrintWriter out) {
    out.printf(
        "Topic: %s\tTopicId: %s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s%n",
        topic.name(),
        topic.topicId(),
        topic.partitions().size(),
        topic.partitions().isEmpty() ? 0 : topic.partitions().get(0).replicas().size(),
        overrides.stream()
            .map(entry -> entry.name() + "=" + entry.value())
            .collect(Collectors.joining(",")));
    for (TopicPartitionInfo partition : topic.partitions()) {
      out.printf(
          "\tTopic: %s\tPartition: %d\tLeader: %s\tReplicas: %s\tIsr: %s%n",
          topic.name(),
          partition.partition(),
          partition.leader() == null ? "none" : partition.leader().idString(),
          ids(partition.replicas()),
          ids(partition.isr()));
    }
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("topic", topic.name());
    json.writeStringField("topicId", topic.topicId().toString());
    json.writeBooleanField("internal", topic.isInternal());
    json.writeObjectFieldStart("configs");
    for (ConfigEntry entry : overrides) {
      json.writeStringField(entry.name(), entry.value());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("partitions");
    for (TopicPartitionInfo partition : topic.partitions()) {
      json.writeStartObject();
      json.writeNumberField("partition", partition.partition());
      if (partition.leader() == null) {
        json.writeNullField("leader");
      } else {
        json.writeNumberField("leader", partition.leader().id());
      }
      writeIds(json, "replicas", partition.replicas());
      writeIds(json, "isr", partition.isr());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeIds(JsonGenerator json, String field, List<Node> nodes)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Node node : nodes) {
      json.writeNumber(node.id());
    }
    json.writeEndArray();
  }

  private static String ids(List<Node> nodes) {
    return nodes.stream().map(Node::idString).collect(Collectors.joining(","));
  }
}
