package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DescribeTopicPartitionsHandlerTest {
  private final CoreController controller = CoreController.ofBrokers(2);
  private final DescribeTopicPartitionsHandler handler =
      new DescribeTopicPartitionsHandler(controller.publisher());

  @BeforeEach
  void createTopics() {
    controller.create(new NewTopic("a", 3, 2, Map.of()));
    controller.create(new NewTopic("b", 1, 1, Map.of()));
    controller.create(new NewTopic("c", 4, 1, Map.of()));
  }

  @Test
  void describes_the_topics_that_are_named_in_order() {
    DescribeTopicPartitionsResponseData response = call(request("c", "unknown", "a", "x y"));

    assertThat(response.topics())
        .extracting(DescribeTopicPartitionsResponseTopic::name)
        .containsExactly("a", "c", "unknown", "x y");
    assertThat(response.topics().find("unknown").errorCode())
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(response.topics().find("x y").errorCode())
        .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    assertThat(response.nextCursor()).isNull();
    DescribeTopicPartitionsResponsePartition partition =
        response.topics().find("a").partitions().get(0);
    assertThat(partition.replicaNodes()).containsExactlyInAnyOrder(1, 2);
    assertThat(partition.isrNodes()).isEqualTo(partition.replicaNodes());
    assertThat(partition.leaderId()).isEqualTo(partition.replicaNodes().get(0));
    assertThat(partition.offlineReplicas()).isEmpty();
  }

  @Test
  void describes_every_topic_page_by_page_without_gap_or_repetition() {
    List<String> seen = new ArrayList<>();
    DescribeTopicPartitionsRequestData request = request().setResponsePartitionLimit(3);
    for (int page = 0; page < 10; page++) {
      DescribeTopicPartitionsResponseData response = call(request);
      int partitions = 0;
      for (DescribeTopicPartitionsResponseTopic topic : response.topics()) {
        partitions += topic.partitions().size();
        topic
            .partitions()
            .forEach(partition -> seen.add(topic.name() + "-" + partition.partitionIndex()));
      }
      assertThat(partitions).isLessThanOrEqualTo(3);
      if (response.nextCursor() == null) {
        break;
      }
      request.setCursor(
          new Cursor()
              .setTopicName(response.nextCursor().topicName())
              .setPartitionIndex(response.nextCursor().partitionIndex()));
    }

    assertThat(seen).containsExactly("a-0", "a-1", "a-2", "b-0", "c-0", "c-1", "c-2", "c-3");
  }

  @Test
  void goes_on_behind_a_cursor_whose_topic_is_gone() {
    DescribeTopicPartitionsRequestData request =
        request().setCursor(new Cursor().setTopicName("aa").setPartitionIndex(5));

    assertThat(call(request).topics())
        .extracting(DescribeTopicPartitionsResponseTopic::name)
        .containsExactly("b", "c");
  }

  @Test
  void shows_partitions_without_leader_and_replicas_that_are_away() {
    for (int id = 1; id <= 2; id++) {
      BrokerRegistration broker =
          Objects.requireNonNull(controller.image().broker(new BrokerId(id)));
      controller.fenceBroker(broker.id(), broker.epoch());
    }

    assertThat(call(request("a")).topics().find("a").partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
              assertThat(partition.leaderId()).isEqualTo(-1);
              assertThat(partition.leaderEpoch()).isPositive();
              assertThat(partition.offlineReplicas()).hasSize(2);
            });
  }

  @Test
  void refuses_a_cursor_that_cannot_be() {
    DescribeTopicPartitionsRequestData request =
        request("a").setCursor(new Cursor().setTopicName("a").setPartitionIndex(-1));

    assertThat(call(request).topics().find("a").errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
  }

  private DescribeTopicPartitionsResponseData call(DescribeTopicPartitionsRequestData request) {
    return HandlerCalls.call(handler, 0, request, DescribeTopicPartitionsResponseData.class);
  }

  private static DescribeTopicPartitionsRequestData request(String... topics) {
    return new DescribeTopicPartitionsRequestData()
        .setTopics(Arrays.stream(topics).map(name -> new TopicRequest().setName(name)).toList());
  }
}
