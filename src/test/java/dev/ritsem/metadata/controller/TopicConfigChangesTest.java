package dev.ritsem.metadata.controller;

import static dev.ritsem.metadata.controller.ConfigAlteration.incremental;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.ConfigAlteration.OperationType;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicConfigChangesTest {
  private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);

  @BeforeEach
  void createTopic() {
    cluster.create(
        new NewTopic("a", 1, 1, Map.of("retention.ms", "1", "cleanup.policy", "delete")));
  }

  @Test
  void sets_and_deletes_single_keys() {
    assertThat(alter(op("min.insync.replicas", OperationType.SET, "2")).error())
        .isEqualTo(ErrorCode.NONE);
    assertThat(alter(op("retention.ms", OperationType.DELETE, null)).error())
        .isEqualTo(ErrorCode.NONE);

    assertThat(cluster.topic("a").configs())
        .isEqualTo(Map.of("cleanup.policy", "delete", "min.insync.replicas", "2"));
  }

  @Test
  void adds_and_takes_members_of_lists() {
    alter(op("cleanup.policy", OperationType.APPEND, "compact"));
    assertThat(cluster.topic("a").configs()).containsEntry("cleanup.policy", "delete,compact");

    alter(op("cleanup.policy", OperationType.APPEND, "compact,delete"));
    assertThat(cluster.topic("a").configs()).containsEntry("cleanup.policy", "delete,compact");

    alter(op("cleanup.policy", OperationType.SUBTRACT, "delete"));
    assertThat(cluster.topic("a").configs()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void adds_members_to_the_brokers_list_where_the_topic_has_none() {
    alter(op("cleanup.policy", OperationType.DELETE, null));

    alter(op("cleanup.policy", OperationType.APPEND, "compact"));

    assertThat(cluster.topic("a").configs()).containsEntry("cleanup.policy", "delete,compact");
  }

  @Test
  void refuses_to_add_members_to_what_is_no_list() {
    assertRefused(
        ErrorCode.INVALID_CONFIG,
        "Can't APPEND to key retention.ms because its type is not LIST.",
        op("retention.ms", OperationType.APPEND, "1"));
    assertRefused(
        ErrorCode.INVALID_CONFIG,
        "Can't SUBTRACT to key unknown because its type is not LIST.",
        op("unknown", OperationType.SUBTRACT, "1"));
  }

  @Test
  void does_all_operations_on_a_topic_or_none() {
    assertRefused(
        ErrorCode.INVALID_CONFIG,
        "Unknown topic config name: colour",
        op("retention.ms", OperationType.SET, "7"),
        op("colour", OperationType.SET, "red"));
  }

  @Test
  void refuses_values_that_do_not_pass() {
    assertRefused(
        ErrorCode.INVALID_CONFIG,
        "Invalid value soon for configuration retention.ms",
        op("retention.ms", OperationType.SET, "soon"));
  }

  @Test
  void refuses_missing_values_and_repeated_keys() {
    assertRefused(
        ErrorCode.INVALID_REQUEST,
        "Null value not supported for : retention.ms",
        op("retention.ms", OperationType.SET, null));
    assertRefused(
        ErrorCode.INVALID_REQUEST,
        "Error due to duplicate config keys",
        op("retention.ms", OperationType.SET, "1"),
        op("retention.ms", OperationType.DELETE, null));
  }

  @Test
  void deleting_what_is_not_set_changes_nothing_and_is_no_error() {
    long before = cluster.image.version();

    assertThat(alter(op("min.insync.replicas", OperationType.DELETE, null)).error())
        .isEqualTo(ErrorCode.NONE);

    assertThat(cluster.image.version()).isEqualTo(before);
  }

  @Test
  void refuses_a_topic_that_is_not_there_or_comes_twice() {
    List<TopicResult> results =
        cluster.commit(
            cluster.core.alterTopicConfigs(
                cluster.image,
                List.of(
                    incremental("b", List.of(ConfigOperation.set("retention.ms", "1"))),
                    incremental("a", List.of(ConfigOperation.set("retention.ms", "8"))),
                    incremental("a", List.of(ConfigOperation.set("retention.ms", "9"))),
                    incremental("", List.of())),
                false));

    assertThat(results)
        .extracting(TopicResult::message)
        .containsExactly(
            "The topic 'b' does not exist.",
            "Each resource must appear at most once.",
            "Each resource must appear at most once.",
            "Default topic resources are not allowed.");
    assertThat(results.get(0).error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(cluster.topic("a").configs()).containsEntry("retention.ms", "1");
  }

  @Test
  void replaces_everything_for_the_older_request() {
    cluster.commit(
        cluster.core.alterTopicConfigs(
            cluster.image,
            List.of(
                new ConfigAlteration(
                    "a", List.of(ConfigOperation.set("min.insync.replicas", "1")), true)),
            false));

    assertThat(cluster.topic("a").configs()).isEqualTo(Map.of("min.insync.replicas", "1"));
  }

  @Test
  void only_checks_if_asked_to_validate() {
    TopicResult result =
        cluster
            .commit(
                cluster.core.alterTopicConfigs(
                    cluster.image,
                    List.of(incremental("a", List.of(ConfigOperation.set("retention.ms", "9")))),
                    true))
            .get(0);

    assertThat(result.configs()).containsEntry("retention.ms", "9");
    assertThat(cluster.topic("a").configs()).containsEntry("retention.ms", "1");
  }

  @Test
  void refuses_more_text_than_one_request_may_bring() {
    String huge = "1".repeat(RequestLimits.TEXT_CHARS_MAX);
    List<ConfigAlteration> alterations =
        List.of(incremental("a", List.of(ConfigOperation.set("retention.ms", huge))));

    assertThatThrownBy(() -> cluster.core.alterTopicConfigs(cluster.image, alterations, false))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.POLICY_VIOLATION));
    List<NewTopic> topics = List.of(new NewTopic("b", 1, 1, Map.of("retention.ms", huge)));
    assertThatThrownBy(() -> cluster.core.createTopics(cluster.image, topics, false))
        .isInstanceOf(WireException.class);
  }

  @Test
  void refuses_to_append_until_a_list_is_larger_than_one_request_may_write() {
    int members = RequestLimits.TEXT_CHARS_MAX / 3 / "m0000000,".length();
    for (int round = 0; round < 2; round++) {
      assertThat(alter(op("many.members", OperationType.APPEND, members(round, members))).error())
          .isEqualTo(ErrorCode.NONE);
    }
    String before = cluster.topic("a").configs().get("many.members");
    List<ConfigAlteration> onceMore =
        List.of(
            incremental(
                "a", List.of(op("many.members", OperationType.APPEND, members(2, members * 2)))));

    assertThatThrownBy(() -> cluster.core.alterTopicConfigs(cluster.image, onceMore, false))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.POLICY_VIOLATION));
    assertThat(cluster.topic("a").configs()).containsEntry("many.members", before);
  }

  private static String members(int round, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "m%d%06d".formatted(round, i))
        .collect(Collectors.joining(","));
  }

  private static ConfigOperation op(String key, OperationType type, @Nullable String value) {
    return new ConfigOperation(key, type, value);
  }

  private TopicResult alter(ConfigOperation... operations) {
    return cluster
        .commit(
            cluster.core.alterTopicConfigs(
                cluster.image, List.of(incremental("a", List.of(operations))), false))
        .get(0);
  }

  private void assertRefused(ErrorCode error, String message, ConfigOperation... operations) {
    Map<String, String> before = cluster.topic("a").configs();
    TopicResult result = alter(operations);
    assertThat(result.error()).isEqualTo(error);
    assertThat(result.message()).isEqualTo(message);
    assertThat(cluster.topic("a").configs()).isEqualTo(before);
  }
}
