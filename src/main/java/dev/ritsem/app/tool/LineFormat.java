package dev.ritsem.app.tool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * How a line becomes a record, by the property names of Kafka's console producer.
 *
 * @param keySeparator null if lines have no key
 * @param headersDelimiter null if lines have no headers
 * @param nullMarker null if nothing stands for null
 */
record LineFormat(
    @Nullable String keySeparator,
    @Nullable String headersDelimiter,
    String headersSeparator,
    String headerKeySeparator,
    @Nullable String nullMarker,
    boolean ignoreErrors) {
  private static final Set<String> KNOWN =
      Set.of(
          "parse.key",
          "key.separator",
          "parse.headers",
          "headers.delimiter",
          "headers.separator",
          "headers.key.separator",
          "null.marker",
          "ignore.error");

  /**
   * @throws ToolException if a property is unknown
   */
  static LineFormat of(Map<String, String> properties) {
    Set<String> unknown = new TreeSet<>(properties.keySet());
    unknown.removeAll(KNOWN);
    if (!unknown.isEmpty()) {
      throw new ToolException(
          ExitCode.USAGE,
          "unknown property %s; known are %s".formatted(unknown, new TreeSet<>(KNOWN)));
    }
    return new LineFormat(
        is(properties, "parse.key") ? properties.getOrDefault("key.separator", "\t") : null,
        is(properties, "parse.headers") ? properties.getOrDefault("headers.delimiter", "\t") : null,
        properties.getOrDefault("headers.separator", ","),
        properties.getOrDefault("headers.key.separator", ":"),
        properties.get("null.marker"),
        is(properties, "ignore.error"));
  }

  /**
   * @throws ToolException if a separator is missing, unless errors are ignored
   */
  ProducerRecord<byte[], byte[]> record(String topic, @Nullable Integer partition, byte[] line) {
    byte[] rest = line;
    List<Header> headers = new ArrayList<>();
    if (headersDelimiter != null) {
      byte[] delimiter = bytes(headersDelimiter);
      int end = indexOf(rest, delimiter);
      if (end >= 0) {
        addHeaders(new String(rest, 0, end, StandardCharsets.UTF_8), headers);
        rest = after(rest, end, delimiter);
      } else {
        complain("headers.delimiter", line);
      }
    }
    byte[] key = null;
    if (keySeparator != null) {
      byte[] separator = bytes(keySeparator);
      int end = indexOf(rest, separator);
      if (end >= 0) {
        key = Arrays.copyOf(rest, end);
        rest = after(rest, end, separator);
      } else {
        complain("key.separator", line);
      }
    }
    return new ProducerRecord<>(topic, partition, unmarked(key), unmarked(rest), headers);
  }

  private void addHeaders(String text, List<Header> headers) {
    for (String header : text.split(Pattern.quote(headersSeparator), -1)) {
      int colon = header.indexOf(headerKeySeparator);
      if (colon < 0) {
        complain("headers.key.separator", bytes(header));
        continue;
      }
      String value = header.substring(colon + headerKeySeparator.length());
      headers.add(new RecordHeader(header.substring(0, colon), unmarked(bytes(value))));
    }
  }

  private void complain(String separator, byte[] line) {
    if (!ignoreErrors) {
      throw new ToolException(
          ExitCode.FAILED,
          "there is no %s in '%s'; ignore.error=true takes such lines as they are"
              .formatted(separator, new String(line, StandardCharsets.UTF_8)));
    }
  }

  private byte @Nullable [] unmarked(byte @Nullable [] bytes) {
    return nullMarker != null && Arrays.equals(bytes, bytes(nullMarker)) ? null : bytes;
  }

  private static byte[] after(byte[] bytes, int end, byte[] separator) {
    return Arrays.copyOfRange(bytes, end + separator.length, bytes.length);
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean is(Map<String, String> properties, String name) {
    return Boolean.parseBoolean(properties.getOrDefault(name, "false"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
