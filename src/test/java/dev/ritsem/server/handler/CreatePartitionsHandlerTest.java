package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CreatePartitionsHandlerTest {
  private final CoreController controller = CoreController.ofBrokers(2);
  private final CreatePartitionsHandler handler = new CreatePartitionsHandler(controller);

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.CREATE_PARTITIONS);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void raises_counts_and_answers_topic_by_topic(short version) {
    controller.create(NewTopic.withDefaults("a"));
    controller.create(NewTopic.withDefaults("b"));

    CreatePartitionsResponseData response =
        call(version, request(topic("a", 3), topic("b", 1), topic("c", 2)));

    assertThat(response.results())
        .extracting(
            CreatePartitionsTopicResult::name,
            CreatePartitionsTopicResult::errorCode,
            CreatePartitionsTopicResult::errorMessage)
        .containsExactly(
            tuple("a", ErrorCode.NONE.code(), null),
            tuple("b", ErrorCode.INVALID_PARTITIONS.code(), "Topic already has 1 partition(s)."),
            tuple(
                "c",
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                "This server does not host this topic-partition."));
    assertThat(partitions("a")).isEqualTo(3);
  }

  @Test
  void creates_nothing_if_only_asked_to_validate() {
    controller.create(NewTopic.withDefaults("a"));

    CreatePartitionsResponseData response = call(3, request(topic("a", 3)).setValidateOnly(true));

    assertThat(response.results().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(partitions("a")).isEqualTo(1);
  }

  @Test
  void passes_assignments_on() {
    controller.create(NewTopic.withDefaults("a"));

    CreatePartitionsResponseData response =
        call(
            3,
            request(
                topic("a", 2)
                    .setAssignments(
                        List.of(new CreatePartitionsAssignment().setBrokerIds(List.of(2))))));

    assertThat(response.results().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(
            Objects.requireNonNull(controller.image().partition(new TopicPartition("a", 1)))
                .preferredLeader()
                .value())
        .isEqualTo(2);
  }

  @Test
  void answers_every_topic_when_the_whole_request_is_refused() {
    controller.refuseAll(new WireException(ErrorCode.THROTTLING_QUOTA_EXCEEDED, "too many"));

    CreatePartitionsResponseData response = call(0, request(topic("a", 3), topic("b", 3)));

    assertThat(response.results())
        .hasSize(2)
        .allSatisfy(
            result ->
                assertThat(result.errorCode())
                    .isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED.code()));
  }

  private int partitions(String topic) {
    return Objects.requireNonNull(controller.image().topics().find(topic)).partitions().size();
  }

  private CreatePartitionsResponseData call(int version, CreatePartitionsRequestData request) {
    return HandlerCalls.call(handler, version, request, CreatePartitionsResponseData.class);
  }

  private static CreatePartitionsRequestData request(CreatePartitionsTopic... topics) {
    CreatePartitionsRequestData request = new CreatePartitionsRequestData().setTimeoutMs(1_000);
    for (CreatePartitionsTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    return request;
  }

  private static CreatePartitionsTopic topic(String name, int count) {
    return new CreatePartitionsTopic().setName(name).setCount(count).setAssignments(null);
  }
}
