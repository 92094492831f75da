package dev.ritsem.app.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class LineFormatTest {
  @Test
  void aLineIsAValueWithoutAKey() {
    ProducerRecord<byte[], byte[]> record = record(Map.of(), "a:b");

    assertThat(record.key()).isNull();
    assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("a:b");
  }

  @Test
  void theKeyEndsAtTheFirstSeparator() {
    ProducerRecord<byte[], byte[]> record =
        record(Map.of("parse.key", "true", "key.separator", ":"), "a:b:c");

    assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("a");
    assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("b:c");
  }

  @Test
  void headersStandBeforeTheKey() {
    ProducerRecord<byte[], byte[]> record =
        record(Map.of("parse.key", "true", "parse.headers", "true"), "h1:v1,h2:v2\tkey\tvalue");

    assertThat(record.headers())
        .extracting(
            header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
        .containsExactly("h1=v1", "h2=v2");
    assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("key");
    assertThat(record.value()).asString(StandardCharsets.UTF_8).isEqualTo("value");
  }

  @Test
  void theNullMarkerMakesATombstone() {
    ProducerRecord<byte[], byte[]> record =
        record(Map.of("parse.key", "true", "null.marker", "NULL"), "key\tNULL");

    assertThat(record.value()).isNull();
  }

  @Test
  void aLineWithoutSeparatorIsRefusedUnlessErrorsAreIgnored() {
    assertThatThrownBy(() -> record(Map.of("parse.key", "true"), "no tab"))
        .isInstanceOf(ToolException.class)
        .hasMessageContaining("key.separator", "no tab");
    assertThat(record(Map.of("parse.key", "true", "ignore.error", "true"), "no tab").value())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("no tab");
  }

  @Test
  void anUnknownPropertyIsAUsageError() {
    assertThatThrownBy(() -> LineFormat.of(Map.of("parse.keys", "true")))
        .isInstanceOfSatisfying(
            ToolException.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("parse.keys");
  }

  @Test
  void linesKeepTheirBytesAndLoseOnlyTheirEnds() {
    byte[] input = {'a', '\r', '\n', (byte) 0xFF, '\r', 'b', '\n', '\n', 'c'};
    LineReader reader = new LineReader(new ByteArrayInputStream(input));
    List<byte[]> lines = new ArrayList<>();
    for (Optional<byte[]> line = reader.read(); line.isPresent(); line = reader.read()) {
      lines.add(line.get());
    }

    assertThat(lines)
        .containsExactly(
            new byte[] {'a'}, new byte[] {(byte) 0xFF, '\r', 'b'}, new byte[] {}, new byte[] {'c'});
  }

  private static ProducerRecord<byte[], byte[]> record(
      Map<String, String> properties, String line) {
    return LineFormat.of(properties).record("t", null, line.getBytes(StandardCharsets.UTF_8));
  }
}
