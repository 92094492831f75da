package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.config.Settings;
import dev.ritsem.log.LogSettings;
import dev.ritsem.log.TopicSettings;
import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignmentCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CreateTopicsHandlerTest {
  private static final short FIRST_VERSION_WITH_CONFIGS = 5;
  private static final short FIRST_VERSION_WITH_IDS = 7;

  private final CoreController controller = CoreController.ofBrokers(2);
  private final CreateTopicsHandler handler =
      new CreateTopicsHandler(
          controller, new ConfigDescriptions(Settings.defaults(), LogSettings.all()));

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.CREATE_TOPICS);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void creates_and_says_what_it_created(short version) {
    CreatableTopic asked = topic("events", 3, 2);
    asked.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue("1000"));

    CreatableTopicResult result = call(version, request(asked)).topics().find("events");

    TopicImage created = image("events");
    assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(result.errorMessage()).isNull();
    assertThat(created.partitions()).hasSize(3);
    assertThat(created.replicationFactor()).isEqualTo(2);
    assertThat(result.topicId())
        .isEqualTo(
            version < FIRST_VERSION_WITH_IDS
                ? Uuid.ZERO_UUID
                : new Uuid(
                    created.id().mostSignificantBits(), created.id().leastSignificantBits()));
    if (version < FIRST_VERSION_WITH_CONFIGS) {
      assertThat(result.numPartitions()).isEqualTo(-1);
      assertThat(result.configs()).isEmpty();
    } else {
      assertThat(result.numPartitions()).isEqualTo(3);
      assertThat(result.replicationFactor()).isEqualTo((short) 2);
      assertThat(result.configs()).hasSize(TopicSettings.all().size());
      CreatableTopicConfigs retention = config(result, "retention.ms");
      assertThat(retention.value()).isEqualTo("1000");
      assertThat(retention.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
      CreatableTopicConfigs policy = config(result, "cleanup.policy");
      assertThat(policy.value()).isEqualTo("delete");
      assertThat(policy.configSource()).isEqualTo(ConfigSource.DEFAULT_CONFIG.id());
      assertThat(policy.readOnly()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void answers_errors_topic_by_topic(short version) {
    call(version, request(topic("there", 1, 1)));

    CreateTopicsResponseData response =
        call(version, request(topic("there", 1, 1), topic("..", 1, 1), topic("new", 1, 1)));

    assertThat(response.topics().find("there").errorCode())
        .isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS.code());
    assertThat(response.topics().find("there").errorMessage())
        .isEqualTo("Topic 'there' already exists.");
    assertThat(response.topics().find("..").errorCode())
        .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    assertThat(response.topics().find("new").errorCode()).isEqualTo(ErrorCode.NONE.code());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void answers_every_topic_when_the_whole_request_is_refused(short version) {
    controller.refuseAll(new WireException(ErrorCode.REQUEST_TIMED_OUT, "too late"));

    CreateTopicsResponseData response = call(version, request(topic("a", 1, 1), topic("b", 1, 1)));

    assertThat(response.topics())
        .hasSize(2)
        .allSatisfy(
            topic -> {
              assertThat(topic.errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT.code());
              assertThat(topic.errorMessage()).isEqualTo("too late");
              assertThat(topic.numPartitions()).isEqualTo(-1);
            });
  }

  @Test
  void creates_nothing_if_only_asked_to_validate() {
    CreateTopicsResponseData response =
        call(7, request(topic("events", -1, -1)).setValidateOnly(true));

    CreatableTopicResult result = response.topics().find("events");
    assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(result.numPartitions()).isEqualTo(1);
    assertThat(controller.image().topics().find("events")).isNull();
  }

  @Test
  void passes_assignments_and_missing_values_on() {
    CreatableReplicaAssignmentCollection assignments = new CreatableReplicaAssignmentCollection();
    assignments.add(
        new CreatableReplicaAssignment().setPartitionIndex(0).setBrokerIds(List.of(2, 1)));
    CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
    configs.add(new CreatableTopicConfig().setName("retention.ms").setValue(null));

    CreateTopicsResponseData response =
        call(
            7,
            request(
                topic("assigned", -1, -1).setAssignments(assignments),
                topic("nothing", -1, -1).setConfigs(configs)));

    assertThat(response.topics().find("assigned").errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(image("assigned").partitions().get(0).preferredLeader().value()).isEqualTo(2);
    assertThat(response.topics().find("nothing").errorCode())
        .isEqualTo(ErrorCode.INVALID_CONFIG.code());
  }

  @Test
  void answers_a_topic_that_comes_twice_once() {
    CreateTopicsResponseData response = call(7, request(topic("a", 1, 1), topic("a", 2, 1)));

    assertThat(response.topics()).hasSize(1);
    assertThat(response.topics().find("a").errorMessage()).isEqualTo("Duplicate topic name.");
  }

  @Test
  void does_nothing_without_time() {
    CreateTopicsResponseData response = call(7, request(topic("a", 1, 1)).setTimeoutMs(0));

    assertThat(response.topics().find("a").errorCode())
        .isEqualTo(ErrorCode.REQUEST_TIMED_OUT.code());
    assertThat(controller.image().topics().find("a")).isNull();
  }

  @Test
  void answers_a_request_without_topics() {
    assertThat(call(7, request()).topics()).isEmpty();
  }

  private CreateTopicsResponseData call(int version, CreateTopicsRequestData request) {
    return HandlerCalls.call(handler, version, request, CreateTopicsResponseData.class);
  }

  private TopicImage image(String name) {
    return Objects.requireNonNull(controller.publisher().current().topics().find(name));
  }

  private static CreateTopicsRequestData request(CreatableTopic... topics) {
    CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(1_000);
    for (CreatableTopic topic : topics) {
      request.topics().mustAdd(topic);
    }
    return request;
  }

  private static CreatableTopic topic(String name, int partitions, int replicationFactor) {
    return new CreatableTopic()
        .setName(name)
        .setNumPartitions(partitions)
        .setReplicationFactor((short) replicationFactor);
  }

  private static CreatableTopicConfigs config(CreatableTopicResult result, String name) {
    return result.configs().stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
