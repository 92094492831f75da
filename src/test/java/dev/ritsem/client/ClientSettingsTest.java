package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.config.SettingsException;
import java.util.Map;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class ClientSettingsTest {
  private static ProducerSettings<String, String> producer(Map<String, String> properties) {
    return ProducerSettings.create(properties, new StringSerializer(), new StringSerializer());
  }

  @Test
  void the_defaults_are_safe() {
    ProducerSettings<String, String> settings = producer(Map.of());
    assertThat(settings.acks()).isEqualTo((short) -1);
    assertThat(settings.idempotent()).isTrue();
  }

  @Test
  void a_delivery_timeout_that_is_too_short_is_refused_at_once() {
    assertThatThrownBy(
            () ->
                producer(
                    Map.of(
                        "delivery.timeout.ms",
                        "1000",
                        "request.timeout.ms",
                        "1000",
                        "linger.ms",
                        "1")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("delivery.timeout.ms (1000)");
  }

  @Test
  void idempotence_with_companions_that_rule_it_out_is_refused_at_once() {
    for (Map.Entry<String, String> wrong :
        Map.of("acks", "1", "retries", "0", "max.in.flight.requests.per.connection", "6")
            .entrySet()) {
      assertThatThrownBy(
              () ->
                  producer(Map.of("enable.idempotence", "true", wrong.getKey(), wrong.getValue())))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining(wrong.getKey());
      assertThat(producer(Map.of(wrong.getKey(), wrong.getValue())).idempotent()).isFalse();
    }
  }

  @Test
  void unknown_names_and_values_out_of_range_are_refused_and_named() {
    assertThatThrownBy(() -> producer(Map.of("linger", "5")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("linger");
    assertThatThrownBy(() -> producer(Map.of()).withAcks("2"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("acks");
    assertThatThrownBy(
            () ->
                ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                    .withAutoOffsetReset("sometimes"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("auto.offset.reset");
  }

  @Test
  void a_changed_copy_leaves_the_original_as_it_was() {
    ProducerSettings<String, String> settings = producer(Map.of());
    assertThat(settings.withLingerMs(50).get(ProducerKeys.LINGER_MS)).isEqualTo(50);
    assertThat(settings.get(ProducerKeys.LINGER_MS)).isEqualTo(5);
  }

  @Test
  void a_subscription_to_nothing_is_refused() {
    assertThatThrownBy(() -> Subscriptions.topics()).isInstanceOf(IllegalArgumentException.class);
  }
}
