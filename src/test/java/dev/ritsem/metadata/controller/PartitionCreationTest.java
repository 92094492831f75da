package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionCreationTest {
  private final ClusterFixture cluster = ClusterFixture.ofBrokers(3);

  @Test
  void grows_to_the_total_and_leaves_what_was_there() {
    List<PartitionRegistration> before = cluster.created("a", 2, 2).partitions();

    TopicResult result = grow(NewPartitions.increaseTo("a", 5)).get(0);

    assertThat(result.error()).isEqualTo(ErrorCode.NONE);
    assertThat(result.partitions()).isEqualTo(5);
    assertThat(cluster.topic("a").partitions())
        .hasSize(5)
        .startsWith(before.toArray(PartitionRegistration[]::new))
        .allSatisfy(partition -> assertThat(partition.replicas()).hasSize(2));
  }

  @Test
  void refuses_an_equal_and_a_smaller_total() {
    cluster.created("a", 2, 1);

    assertRefused(
        NewPartitions.increaseTo("a", 2),
        ErrorCode.INVALID_PARTITIONS,
        "Topic already has 2 partition(s).");
    assertRefused(
        NewPartitions.increaseTo("a", 1),
        ErrorCode.INVALID_PARTITIONS,
        "The topic a currently has 2 partition(s); 1 would not be an increase.");
    assertRefused(
        NewPartitions.increaseTo("a", -1),
        ErrorCode.INVALID_PARTITIONS,
        "The topic a currently has 2 partition(s); -1 would not be an increase.");
  }

  @Test
  void refuses_a_topic_that_is_not_there() {
    assertRefused(
        NewPartitions.increaseTo("a", 2),
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        "This server does not host this topic-partition.");
  }

  @Test
  void does_what_can_be_done_when_a_part_fails() {
    cluster.created("a", 1, 1);
    cluster.created("b", 1, 1);

    List<TopicResult> results =
        grow(
            NewPartitions.increaseTo("a", 1),
            NewPartitions.increaseTo("b", 3),
            NewPartitions.increaseTo("c", 3),
            NewPartitions.increaseTo("c", 3));

    assertThat(results).extracting(TopicResult::name).containsExactly("a", "b", "c");
    assertThat(results)
        .extracting(TopicResult::error)
        .containsExactly(ErrorCode.INVALID_PARTITIONS, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
    assertThat(cluster.topic("b").partitions()).hasSize(3);
  }

  @Test
  void only_says_what_would_happen_if_asked_to_validate() {
    cluster.created("a", 1, 1);

    List<TopicResult> results =
        cluster.commit(
            cluster.core.createPartitions(
                cluster.image, List.of(NewPartitions.increaseTo("a", 4)), true));

    assertThat(results.get(0).partitions()).isEqualTo(4);
    assertThat(cluster.topic("a").partitions()).hasSize(1);
  }

  @Test
  void follows_the_brokers_that_a_client_chose() {
    cluster.created("a", 1, 2);

    TopicResult result =
        grow(new NewPartitions("a", 3, List.of(List.of(2, 1), List.of(0, 2)))).get(0);

    assertThat(result.error()).isEqualTo(ErrorCode.NONE);
    assertThat(cluster.topic("a").partitions().subList(1, 3))
        .extracting(PartitionRegistration::replicas)
        .containsExactly(
            List.of(new BrokerId(2), new BrokerId(1)), List.of(new BrokerId(0), new BrokerId(2)));
  }

  @Test
  void refuses_assignments_that_do_not_fit() {
    cluster.created("a", 1, 2);

    assertRefused(
        new NewPartitions("a", 3, List.of(List.of(2, 1))),
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified.");
    assertRefused(
        new NewPartitions("a", 2, List.of(List.of(2))),
        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
        "The manual partition assignment includes a partition with 1 replica(s), but this is not"
            + " consistent with previous partitions, which have 2 replica(s).");
  }

  @Test
  void refuses_to_create_more_than_one_request_may() {
    cluster.created("a", 1, 1);

    assertRefused(
        NewPartitions.increaseTo("a", Integer.MAX_VALUE),
        ErrorCode.POLICY_VIOLATION,
        "Unable to perform excessively large batch operation.");
    assertThat(grow(NewPartitions.increaseTo("a", 10_001)).get(0).error())
        .isEqualTo(ErrorCode.NONE);
  }

  private List<TopicResult> grow(NewPartitions... topics) {
    return cluster.commit(cluster.core.createPartitions(cluster.image, List.of(topics), false));
  }

  private void assertRefused(NewPartitions request, ErrorCode error, String message) {
    TopicResult result = grow(request).get(0);
    assertThat(result.error()).isEqualTo(error);
    assertThat(result.message()).isEqualTo(message);
  }
}
