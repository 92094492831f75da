package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.config.Settings;
import dev.ritsem.log.LogSettings;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogConfigRulesTest {
  private final LogConfigRules rules =
      new LogConfigRules(
          Settings.of(
              LogSettings.all(),
              Map.of("log.cleanup.policy", new Settings.Given("compact,delete", "test"))));

  @Test
  void accepts_what_the_log_accepts_and_refuses_what_it_refuses() {
    rules.validate(Map.of("retention.ms", "1000", "cleanup.policy", "compact"));

    assertThatThrownBy(() -> rules.validate(Map.of("retention.ms", "-2")))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.INVALID_CONFIG));
  }

  @Test
  void knows_which_keys_are_lists() {
    assertThat(rules.isList("cleanup.policy")).isTrue();
    assertThat(rules.isList("retention.ms")).isFalse();
    assertThat(rules.isList("unknown")).isFalse();
  }

  @Test
  void knows_the_value_of_a_topic_that_does_not_override_it() {
    assertThat(rules.brokerValue("cleanup.policy")).isEqualTo("compact,delete");
    assertThat(rules.brokerValue("retention.ms")).isEqualTo("604800000");
    assertThat(rules.brokerValue("unknown")).isNull();
  }
}
