package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicDeletionTest {
  private final ClusterFixture cluster = ClusterFixture.ofBrokers(1);

  @Test
  void deletes_by_name_and_by_id() {
    TopicImage a = cluster.created("a", 1, 1);
    TopicImage b = cluster.created("b", 1, 1);

    List<TopicResult> results = delete(TopicRef.named("a"), TopicRef.of(b.id()));

    assertThat(results).extracting(TopicResult::name).containsExactly("a", "b");
    assertThat(results).extracting(TopicResult::id).containsExactly(a.id(), b.id());
    assertThat(results).allMatch(TopicResult::succeeded);
    assertThat(cluster.image.topics().all()).isEmpty();
    assertThat(cluster.image.topics().find(b.id())).isNull();
  }

  @Test
  void says_what_is_not_there() {
    TopicId unknown = new TopicId(5, 5);

    assertThat(delete(TopicRef.named("a"), TopicRef.of(unknown)))
        .containsExactly(
            TopicResult.failure(
                "a",
                TopicId.ZERO,
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                "This server does not host this topic-partition."),
            TopicResult.failure(
                null,
                unknown,
                ErrorCode.UNKNOWN_TOPIC_ID,
                "This server does not host this topic ID."));
  }

  @Test
  void an_id_of_an_earlier_life_of_a_name_deletes_nothing() {
    TopicId earlier = cluster.created("a", 1, 1).id();
    delete(TopicRef.named("a"));
    cluster.created("a", 1, 1);

    assertThat(delete(TopicRef.of(earlier)))
        .extracting(TopicResult::error)
        .containsExactly(ErrorCode.UNKNOWN_TOPIC_ID);
    assertThat(cluster.image.topics().find("a")).isNotNull();
  }

  @Test
  void refuses_what_names_a_topic_in_no_way_or_in_two() {
    TopicImage a = cluster.created("a", 1, 1);

    assertThat(delete(new TopicRef(null, TopicId.ZERO), new TopicRef("a", a.id())))
        .extracting(TopicResult::message)
        .containsExactly(
            "Neither topic name nor id were specified.",
            "You may not specify both topic name and topic id.");
    assertThat(cluster.image.topics().find("a")).isNotNull();
  }

  @Test
  void refuses_to_delete_twice_in_one_request() {
    TopicImage a = cluster.created("a", 1, 1);

    assertThat(delete(TopicRef.named("a"), TopicRef.named("a")))
        .extracting(TopicResult::message)
        .containsExactly("Duplicate topic name.");
    assertThat(delete(TopicRef.of(a.id()), TopicRef.of(a.id())))
        .extracting(TopicResult::message)
        .containsExactly("Duplicate topic id.");
    assertThat(delete(TopicRef.named("a"), TopicRef.of(a.id())))
        .extracting(TopicResult::message)
        .containsExactly("The provided topic name maps to an ID that was already supplied.", null);
  }

  @Test
  void refuses_everything_where_deletion_is_switched_off() {
    ClusterFixture fixed = new ClusterFixture(new ControllerSettings(1, 1, false, 1_000), 1);
    fixed.start(0, null);
    fixed.created("a", 1, 1);

    assertThatThrownBy(() -> fixed.core.deleteTopics(fixed.image, List.of(TopicRef.named("a"))))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> assertThat(e.error()).isEqualTo(ErrorCode.TOPIC_DELETION_DISABLED))
        .hasMessage("Topic deletion is disabled.");
  }

  @Test
  void refuses_to_delete_more_than_one_request_may() {
    List<NewTopic> topics =
        IntStream.range(0, RequestLimits.EVENTS_MAX)
            .mapToObj(i -> new NewTopic("t" + i, 1, 1, Map.of()))
            .toList();
    cluster.commit(cluster.core.createTopics(cluster.image, topics, false));
    cluster.created("one-more", 1, 1);
    List<TopicRef> all =
        cluster.image.topics().all().stream().map(topic -> TopicRef.of(topic.id())).toList();

    assertThatThrownBy(() -> cluster.core.deleteTopics(cluster.image, all))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.error()).isEqualTo(ErrorCode.POLICY_VIOLATION));
    cluster.commit(cluster.core.deleteTopics(cluster.image, all.subList(1, all.size())));
    assertThat(cluster.image.topics().size()).isEqualTo(1);
  }

  private List<TopicResult> delete(TopicRef... topics) {
    return cluster.commit(cluster.core.deleteTopics(cluster.image, List.of(topics)));
  }
}
