package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCreationTest {
  private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);

  @Test
  void creates_what_was_asked_for() {
    TopicResult result =
        cluster.create(new NewTopic("events", 4, 2, Map.of("retention.ms", "1000")));

    TopicImage topic = cluster.topic("events");
    assertThat(result)
        .isEqualTo(TopicResult.success("events", topic.id(), 4, 2, Map.of("retention.ms", "1000")));
    assertThat(cluster.image.topics().find(topic.id())).isSameAs(topic);
    assertThat(topic.partitions())
        .hasSize(4)
        .allSatisfy(
            partition -> {
              assertThat(partition.replicas()).hasSize(2).doesNotHaveDuplicates();
              assertThat(partition.isr()).isEqualTo(partition.replicas());
              assertThat(partition.leader()).isEqualTo(partition.preferredLeader());
              assertThat(partition.leaderEpoch()).isZero();
              assertThat(partition.partitionEpoch()).isZero();
            });
  }

  @Test
  void takes_partitions_and_replication_factor_from_the_settings() {
    TopicResult result = cluster.create(NewTopic.withDefaults("events"));

    assertThat(result.partitions()).isEqualTo(3);
    assertThat(result.replicationFactor()).isEqualTo(1);
  }

  @Test
  void only_says_what_would_happen_if_asked_to_validate() {
    List<TopicResult> results =
        cluster.commit(
            cluster.core.createTopics(
                cluster.image, List.of(new NewTopic("events", 4, 2, Map.of())), true));

    assertThat(results)
        .containsExactly(TopicResult.success("events", TopicId.ZERO, 4, 2, Map.of()));
    assertThat(cluster.image.topics().size()).isZero();
  }

  @Test
  void refuses_a_name_that_is_taken() {
    cluster.created("events", 1, 1);

    assertRefused(
        NewTopic.withDefaults("events"),
        ErrorCode.TOPIC_ALREADY_EXISTS,
        "Topic 'events' already exists.");
  }

  @Test
  void refuses_an_illegal_name() {
    assertRefused(
        NewTopic.withDefaults(".."),
        ErrorCode.INVALID_TOPIC_EXCEPTION,
        "Topic name is invalid: '..' is not allowed");
  }

  @Test
  void refuses_a_name_that_metrics_would_confuse_with_another_one() {
    cluster.created("a.b", 1, 1);

    assertRefused(
        NewTopic.withDefaults("a_b"),
        ErrorCode.INVALID_TOPIC_EXCEPTION,
        "Topic 'a_b' collides with existing topic: a.b");
    assertThat(cluster.create(NewTopic.withDefaults("a-b")).error()).isEqualTo(ErrorCode.NONE);
  }

  @Test
  void refuses_names_of_one_request_that_metrics_would_confuse() {
    List<TopicResult> results =
        cluster.commit(
            cluster.core.createTopics(
                cluster.image,
                List.of(NewTopic.withDefaults("a_b"), NewTopic.withDefaults("a.b")),
                false));

    assertThat(results)
        .extracting(TopicResult::error)
        .containsExactly(ErrorCode.NONE, ErrorCode.INVALID_TOPIC_EXCEPTION);
  }

  @Test
  void refuses_the_name_of_the_metadata_log() {
    assertRefused(
        NewTopic.withDefaults("__cluster_metadata"),
        ErrorCode.INVALID_REQUEST,
        "Creation of internal topic __cluster_metadata is prohibited.");
  }

  @Test
  void answers_a_name_that_comes_twice_once_and_creates_the_others() {
    List<TopicResult> results =
        cluster.commit(
            cluster.core.createTopics(
                cluster.image,
                List.of(
                    NewTopic.withDefaults("twice"),
                    NewTopic.withDefaults("once"),
                    NewTopic.withDefaults("twice")),
                false));

    assertThat(results).extracting(TopicResult::name).containsExactly("twice", "once");
    assertThat(results.get(0).error()).isEqualTo(ErrorCode.INVALID_REQUEST);
    assertThat(results.get(0).message()).isEqualTo("Duplicate topic name.");
    assertThat(cluster.image.topics().find("twice")).isNull();
    assertThat(cluster.image.topics().find("once")).isNotNull();
  }

  @Test
  void refuses_counts_that_are_no_counts() {
    for (int partitions : List.of(0, -2, Integer.MIN_VALUE)) {
      assertRefused(
          new NewTopic("events", partitions, 1, Map.of()),
          ErrorCode.INVALID_PARTITIONS,
          "Number of partitions was set to an invalid non-positive value.");
    }
    for (int factor : List.of(0, -2)) {
      assertRefused(
          new NewTopic("events", 1, factor, Map.of()),
          ErrorCode.INVALID_REPLICATION_FACTOR,
          "Replication factor must be larger than 0, or -1 to use the default value.");
    }
  }

  @Test
  void refuses_more_copies_than_there_are_brokers() {
    assertRefused(
        new NewTopic("events", 1, 4, Map.of()),
        ErrorCode.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be"
            + " reached because only 3 broker(s) are registered.");
  }

  @Test
  void refuses_to_place_partitions_while_every_broker_is_fenced() {
    cluster.fence(0);
    cluster.fence(1);
    cluster.fence(2);

    assertRefused(
        new NewTopic("events", 1, 1, Map.of()),
        ErrorCode.INVALID_REPLICATION_FACTOR,
        "Unable to replicate the partition 1 time(s): All brokers are currently fenced.");
  }

  @Test
  void places_a_follower_on_a_fenced_broker_out_of_sync_if_there_is_no_other() {
    cluster.fence(1);

    TopicImage topic = cluster.created("events", 6, 3);

    assertThat(topic.partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.isr()).hasSize(2).doesNotContain(new BrokerId(1));
              assertThat(partition.replicas()).endsWith(new BrokerId(1));
            });
  }

  @Test
  void follows_the_brokers_that_a_client_chose() {
    TopicResult result =
        cluster.create(
            assigned(
                new ReplicaAssignment(1, List.of(2, 0)), new ReplicaAssignment(0, List.of(1, 2))));

    assertThat(result.error()).isEqualTo(ErrorCode.NONE);
    assertThat(cluster.topic("events").partitions())
        .extracting(PartitionRegistration::replicas)
        .containsExactly(
            List.of(new BrokerId(1), new BrokerId(2)), List.of(new BrokerId(2), new BrokerId(0)));
  }

  @Test
  void refuses_assignments_that_cannot_be() {
    assertAssignmentRefused(
        "Found multiple manual partition assignments for partition 0",
        new ReplicaAssignment(0, List.of(1)),
        new ReplicaAssignment(0, List.of(2)));
    assertAssignmentRefused(
        "partitions should be a consecutive 0-based integer sequence",
        new ReplicaAssignment(0, List.of(1)),
        new ReplicaAssignment(2, List.of(2)));
    assertAssignmentRefused(
        "The manual partition assignment includes an empty replica list.",
        new ReplicaAssignment(0, List.of()));
    assertAssignmentRefused(
        "The manual partition assignment includes broker 7, but no such broker is registered.",
        new ReplicaAssignment(0, List.of(1, 7)));
    assertAssignmentRefused(
        "The manual partition assignment includes broker -1, but no such broker is registered.",
        new ReplicaAssignment(0, List.of(-1)));
    assertAssignmentRefused(
        "The manual partition assignment includes the broker 1 more than once.",
        new ReplicaAssignment(0, List.of(1, 1)));
    assertAssignmentRefused(
        "The manual partition assignment includes a partition with 1 replica(s), but this is not"
            + " consistent with previous partitions, which have 2 replica(s).",
        new ReplicaAssignment(0, List.of(1, 2)),
        new ReplicaAssignment(1, List.of(1)));
  }

  @Test
  void refuses_an_assignment_to_fenced_brokers_alone() {
    cluster.fence(1);

    assertAssignmentRefused(
        "All brokers specified in the manual partition assignment for partition 0 are fenced or in"
            + " controlled shutdown.",
        new ReplicaAssignment(0, List.of(1)));
  }

  @Test
  void refuses_an_assignment_together_with_counts() {
    List<ReplicaAssignment> assignments = List.of(new ReplicaAssignment(0, List.of(0)));
    assertRefused(
        new NewTopic("events", 1, -1, assignments, Map.of()),
        ErrorCode.INVALID_REQUEST,
        "A manual partition assignment was specified, but numPartitions was not set to -1.");
    assertRefused(
        new NewTopic("events", -1, 1, assignments, Map.of()),
        ErrorCode.INVALID_REQUEST,
        "A manual partition assignment was specified, but replication factor was not set to -1.");
  }

  @Test
  void refuses_configs_that_do_not_pass() {
    assertRefused(
        new NewTopic("events", 1, 1, Map.of("colour", "red")),
        ErrorCode.INVALID_CONFIG,
        "Unknown topic config name: colour");
    assertRefused(
        new NewTopic("events", 1, 1, Collections.singletonMap("retention.ms", null)),
        ErrorCode.INVALID_CONFIG,
        "Null value not supported for topic configs: retention.ms");
  }

  @Test
  void refuses_a_request_for_more_partitions_than_one_request_may_create() {
    assertThat(cluster.create(new NewTopic("most", 10_000, 1, Map.of())).error())
        .isEqualTo(ErrorCode.NONE);
    List<NewTopic> tooMany =
        List.of(new NewTopic("a", 9_999, 1, Map.of()), new NewTopic("b", 2, 1, Map.of()));
    assertThatThrownBy(() -> cluster.core.createTopics(cluster.image, tooMany, false))
        .isInstanceOfSatisfying(
            WireException.class,
            e -> {
              assertThat(e.error()).isEqualTo(ErrorCode.POLICY_VIOLATION);
              assertThat(e).hasMessage("Excessively large number of partitions per request.");
            });
    List<NewTopic> overflowing =
        List.of(
            new NewTopic("a", Integer.MAX_VALUE, 1, Map.of()),
            new NewTopic("b", Integer.MAX_VALUE, 1, Map.of()));
    assertThatThrownBy(() -> cluster.core.createTopics(cluster.image, overflowing, false))
        .isInstanceOf(WireException.class);
  }

  @Test
  void gives_a_topic_that_is_created_again_another_id() {
    TopicId first = cluster.created("events", 1, 1).id();
    cluster.commit(cluster.core.deleteTopics(cluster.image, List.of(TopicRef.named("events"))));

    assertThat(cluster.created("events", 1, 1).id()).isNotEqualTo(first);
  }

  private static NewTopic assigned(ReplicaAssignment... assignments) {
    return new NewTopic("events", -1, -1, List.of(assignments), Map.of());
  }

  private void assertAssignmentRefused(String message, ReplicaAssignment... assignments) {
    assertRefused(assigned(assignments), ErrorCode.INVALID_REPLICA_ASSIGNMENT, message);
  }

  private void assertRefused(NewTopic topic, ErrorCode error, String message) {
    long before = cluster.image.version();
    assertThat(cluster.create(topic))
        .isEqualTo(TopicResult.failure(topic.name(), TopicId.ZERO, error, message));
    assertThat(cluster.image.version()).isEqualTo(before);
  }
}
