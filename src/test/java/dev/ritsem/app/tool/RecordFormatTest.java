package dev.ritsem.app.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecordFormatTest {
  @Test
  void byDefaultTheValueIsPrintedAlone() throws IOException {
    assertThat(format(Map.of(), false)).isEqualTo("value\n");
  }

  @Test
  void everythingComesInTheOrderOfKafkasTool() throws IOException {
    Map<String, String> all =
        Map.of(
            "print.timestamp", "true",
            "print.partition", "true",
            "print.offset", "true",
            "print.headers", "true",
            "print.key", "true",
            "key.separator", "|");

    assertThat(format(all, false))
        .isEqualTo("CreateTime:1000|Partition:2|Offset:7|h:v|key|value\n");
  }

  @Test
  void jsonIsOneObjectALine() throws IOException {
    assertThat(format(Map.of(), true))
        .isEqualTo(
            "{\"topic\":\"t\",\"partition\":2,\"offset\":7,\"timestamp\":1000,"
                + "\"timestampType\":\"CreateTime\",\"key\":\"key\",\"value\":\"value\","
                + "\"headers\":[{\"key\":\"h\",\"value\":\"v\"}]}\n");
  }

  @Test
  void anUnknownPropertyIsRefused() {
    assertThatThrownBy(() -> new RecordFormat(Map.of("print.colour", "true"), false))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("print.colour");
  }

  private static String format(Map<String, String> properties, boolean json) throws IOException {
    RecordHeaders headers = new RecordHeaders();
    headers.add("h", bytes("v"));
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "t",
            2,
            7L,
            1000L,
            TimestampType.CREATE_TIME,
            3,
            5,
            bytes("key"),
            bytes("value"),
            headers,
            Optional.empty());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new RecordFormat(properties, json).write(record, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
