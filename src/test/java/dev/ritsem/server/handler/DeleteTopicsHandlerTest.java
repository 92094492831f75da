package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ritsem.config.Settings;
import dev.ritsem.metadata.controller.ControllerSettings;
import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.model.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeleteTopicsHandlerTest {
  private static final short FIRST_VERSION_WITH_DISABLED = 3;
  private static final short FIRST_VERSION_WITH_MESSAGES = 5;
  private static final short FIRST_VERSION_WITH_IDS = 6;

  private final CoreController controller = CoreController.ofBrokers(1);
  private final DeleteTopicsHandler handler = new DeleteTopicsHandler(controller);

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.DELETE_TOPICS);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void deletes_by_name(short version) {
    Uuid id = create("a");

    DeleteTopicsResponseData response = call(version, byName(version, "a", "b"));

    DeletableTopicResult deleted = response.responses().find("a");
    assertThat(deleted.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(deleted.topicId()).isEqualTo(version < FIRST_VERSION_WITH_IDS ? Uuid.ZERO_UUID : id);
    DeletableTopicResult unknown = response.responses().find("b");
    assertThat(unknown.errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    assertThat(unknown.errorMessage() != null).isEqualTo(version >= FIRST_VERSION_WITH_MESSAGES);
    assertThat(controller.image().topics().find("a")).isNull();
  }

  @Test
  void deletes_by_id() {
    Uuid id = create("a");
    Uuid unknown = new Uuid(7, 7);

    DeleteTopicsResponseData response =
        call(
            6,
            new DeleteTopicsRequestData()
                .setTimeoutMs(1_000)
                .setTopics(
                    List.of(
                        new DeleteTopicState().setTopicId(id),
                        new DeleteTopicState().setTopicId(unknown))));

    assertThat(response.responses())
        .extracting(
            DeletableTopicResult::name,
            DeletableTopicResult::topicId,
            DeletableTopicResult::errorCode)
        .containsExactly(
            tuple("a", id, ErrorCode.NONE.code()),
            tuple(null, unknown, ErrorCode.UNKNOWN_TOPIC_ID.code()));
  }

  @Test
  void refuses_what_names_no_topic() {
    DeleteTopicsResponseData response =
        call(
            6,
            new DeleteTopicsRequestData()
                .setTimeoutMs(1_000)
                .setTopics(List.of(new DeleteTopicState())));

    assertThat(response.responses().iterator().next().errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void says_that_deletion_is_switched_off_as_the_version_can(short version) {
    CoreController fixed =
        new CoreController(new ControllerSettings(1, 1, false, 1_000), Settings.defaults());

    DeleteTopicsResponseData response =
        HandlerCalls.call(
            new DeleteTopicsHandler(fixed),
            version,
            byName(version, "a"),
            DeleteTopicsResponseData.class);

    assertThat(response.responses().find("a").errorCode())
        .isEqualTo(
            (version < FIRST_VERSION_WITH_DISABLED
                    ? ErrorCode.INVALID_REQUEST
                    : ErrorCode.TOPIC_DELETION_DISABLED)
                .code());
  }

  private Uuid create(String name) {
    var id = controller.create(NewTopic.withDefaults(name)).id();
    return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
  }

  private static DeleteTopicsRequestData byName(short version, String... names) {
    DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(1_000);
    return version < FIRST_VERSION_WITH_IDS
        ? request.setTopicNames(List.of(names))
        : request.setTopics(
            Arrays.stream(names).map(name -> new DeleteTopicState().setName(name)).toList());
  }

  private DeleteTopicsResponseData call(int version, DeleteTopicsRequestData request) {
    return HandlerCalls.call(handler, version, request, DeleteTopicsResponseData.class);
  }
}
