package dev.ritsem.app.tool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * How a record is written, by the property names of Kafka's console consumer, and in its order:
 * timestamp, partition, offset, headers, key, value. Keys and values go out as the bytes they are;
 * in JSON, one object a line, as UTF-8 text.
 */
final class RecordFormat {
  private static final JsonFactory JSON = new JsonFactory();

  private static final Set<String> KNOWN =
      Set.of(
          "print.timestamp",
          "print.partition",
          "print.offset",
          "print.headers",
          "print.key",
          "print.value",
          "key.separator",
          "line.separator",
          "headers.separator",
          "null.literal");

  private final Map<String, String> properties;
  private final boolean json;

  /**
   * @throws ToolException if a property is unknown
   */
  RecordFormat(Map<String, String> properties, boolean json) {
    Set<String> unknown = new TreeSet<>(properties.keySet());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new ToolException(
          ExitCode.USAGE,
          "unknown property %s; known are %s".formatted(unknown, new TreeSet<>(KNOWN)));
    }
    this.properties = Map.copyOf(properties);
    this.json = json;
  }

  void write(ConsumerRecord<byte[], byte[]> record, OutputStream out) throws IOException {
    if (json) {
      writeJson(record, out);
      return;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    if (prints("print.timestamp", false)) {
      add(line, timestampName(record.timestampType()) + ":" + record.timestamp());
    }
    if (prints("print.partition", false)) {
      add(line, "Partition:" + record.partition());
    }
    if (prints("print.offset", false)) {
      add(line, "Offset:" + record.offset());
    }
    if (prints("print.headers", false)) {
      add(line, headers(record));
    }
    if (prints("print.key", false)) {
      add(line, record.key());
    }
    if (prints("print.value", true)) {
      add(line, record.value());
    }
    line.writeBytes(bytes(properties.getOrDefault("line.separator", "\n")));
    line.writeTo(out);
  }

  private boolean prints(String property, boolean byDefault) {
    return Boolean.parseBoolean(properties.getOrDefault(property, Boolean.toString(byDefault)));
  }

  private void add(ByteArrayOutputStream line, String text) {
    add(line, bytes(text));
  }

  private void add(ByteArrayOutputStream line, byte @Nullable [] field) {
    if (line.size() > 0) {
      line.writeBytes(bytes(properties.getOrDefault("key.separator", "\t")));
    }
    line.writeBytes(field == null ? bytes(properties.getOrDefault("null.literal", "null")) : field);
  }

  private String headers(ConsumerRecord<byte[], byte[]> record) {
    StringBuilder text = new StringBuilder();
    for (Header header : record.headers()) {
      text.append(text.isEmpty() ? "" : properties.getOrDefault("headers.separator", ","))
          .append(header.key())
          .append(':')
          .append(header.value() == null ? "null" : text(header.value()));
    }
    return text.isEmpty() ? "NO_HEADERS" : text.toString();
  }

  private static void writeJson(ConsumerRecord<byte[], byte[]> record, OutputStream out)
      throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("topic", record.topic());
      json.writeNumberField("partition", record.partition());
      json.writeNumberField("offset", record.offset());
      json.writeNumberField("timestamp", record.timestamp());
      json.writeStringField("timestampType", timestampName(record.timestampType()));
      json.writeStringField("key", record.key() == null ? null : text(record.key()));
      json.writeStringField("value", record.value() == null ? null : text(record.value()));
      json.writeArrayFieldStart("headers");
      for (Header header : record.headers()) {
        json.writeStartObject();
        json.writeStringField("key", header.key());
        json.writeStringField("value", header.value() == null ? null : text(header.value()));
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    line.write('\n');
    line.writeTo(out);
  }

  private static String timestampName(TimestampType type) {
    return switch (type) {
      case CREATE_TIME -> "CreateTime";
      case LOG_APPEND_TIME -> "LogAppendTime";
      case NO_TIMESTAMP_TYPE -> "NoTimestamp";
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
