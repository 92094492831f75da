package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import java.util.Random;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "ü", "a/b", "a\n", "a", "...", "_", "A-z_0.9", "-"})
  void says_of_a_name_what_kafka_says(String name) {
    assertThat(ours(name)).isEqualTo(kafkas(name));
  }

  @Test
  void allows_249_characters_and_no_more() {
    assertThat(ours("x".repeat(249))).isNull();
    assertThat(ours("x".repeat(250))).isEqualTo(kafkas("x".repeat(250))).contains("249");
  }

  @Test
  void says_of_any_name_what_kafka_says() {
    Seeds.forEach(
        TopicNamesTest.class,
        500,
        seed -> {
          Random random = Seeds.random(seed);
          String name =
              random
                  .ints(random.nextInt(5), '+', 'c')
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                  .toString();
          assertThat(ours(name)).isEqualTo(kafkas(name));
          assertThat(TopicNames.canCollide(name)).isEqualTo(Topic.hasCollisionChars(name));
        });
  }

  private static @Nullable String ours(String name) {
    try {
      TopicNames.validate(name);
      return null;
    } catch (WireException e) {
      assertThat(e.error()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
      return e.getMessage();
    }
  }

  private static @Nullable String kafkas(String name) {
    try {
      Topic.validate(name);
      return null;
    } catch (InvalidTopicException e) {
      return e.getMessage();
    }
  }
}
