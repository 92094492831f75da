package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlterConfigsHandlersTest {
  private static final byte SET = 0;
  private static final byte DELETE = 1;
  private static final byte APPEND = 2;
  private static final byte SUBTRACT = 3;

  private final CoreController controller = CoreController.ofBrokers(1);
  private final IncrementalAlterConfigsHandler incremental =
      new IncrementalAlterConfigsHandler(new BrokerId(1), controller);
  private final AlterConfigsHandler legacy = new AlterConfigsHandler(new BrokerId(1), controller);

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.INCREMENTAL_ALTER_CONFIGS);
  }

  static Stream<Short> legacyVersions() {
    return HandlerCalls.versionsOf(ApiKeys.ALTER_CONFIGS);
  }

  @BeforeEach
  void createTopic() {
    controller.create(
        new NewTopic("a", 1, 1, Map.of("retention.ms", "5", "cleanup.policy", "delete")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void sets_deletes_appends_and_subtracts(short version) {
    alter(
        version,
        topic(
            "a",
            config("segment.bytes", SET, "2000000"),
            config("retention.ms", DELETE, null),
            config("cleanup.policy", APPEND, "compact")));
    assertThat(configs())
        .isEqualTo(Map.of("segment.bytes", "2000000", "cleanup.policy", "delete,compact"));

    alter(version, topic("a", config("cleanup.policy", SUBTRACT, "delete")));
    assertThat(configs()).containsEntry("cleanup.policy", "compact");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void answers_each_resource_in_its_place(short version) {
    IncrementalAlterConfigsResponseData response =
        alter(
            version,
            resource(ConfigResource.Type.BROKER, "1", config("log.dirs", SET, "x")),
            topic("a", config("retention.ms", SET, "7")),
            resource(ConfigResource.Type.BROKER, "9", config("log.dirs", SET, "x")),
            topic("b", config("retention.ms", SET, "7")),
            resource(ConfigResource.Type.CLIENT_METRICS, "m", config("interval.ms", SET, "1")),
            topic("c", config("retention.ms", (byte) 9, "7")));

    assertThat(response.responses())
        .extracting(
            AlterConfigsResourceResponse::resourceName,
            AlterConfigsResourceResponse::errorCode,
            AlterConfigsResourceResponse::errorMessage)
        .containsExactly(
            tuple(
                "1",
                ErrorCode.INVALID_REQUEST.code(),
                "Cannot update these configs dynamically: [log.dirs]"),
            tuple("a", ErrorCode.NONE.code(), null),
            tuple(
                "9",
                ErrorCode.INVALID_REQUEST.code(),
                "Unexpected broker id, expected 1, but received 9"),
            tuple(
                "b", ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), "The topic 'b' does not exist."),
            tuple("m", ErrorCode.INVALID_REQUEST.code(), "Unknown resource type 16"),
            tuple("c", ErrorCode.INVALID_REQUEST.code(), "Unknown config operation type 9"));
    assertThat(configs()).containsEntry("retention.ms", "7");
  }

  @Test
  void only_checks_if_asked_to_validate() {
    IncrementalAlterConfigsRequestData request =
        request(topic("a", config("retention.ms", SET, "7"))).setValidateOnly(true);

    IncrementalAlterConfigsResponseData response =
        HandlerCalls.call(incremental, 1, request, IncrementalAlterConfigsResponseData.class);

    assertThat(response.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(configs()).containsEntry("retention.ms", "5");
  }

  @Test
  void answers_every_resource_when_the_whole_request_is_refused() {
    controller.refuseAll(new WireException(ErrorCode.REQUEST_TIMED_OUT, "too late"));

    assertThat(alter(1, topic("a", config("retention.ms", SET, "7")), topic("b")).responses())
        .hasSize(2)
        .allSatisfy(
            response ->
                assertThat(response.errorCode()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT.code()));
  }

  @ParameterizedTest
  @MethodSource("legacyVersions")
  void the_older_request_replaces_everything(short version) {
    AlterConfigsRequestData request = new AlterConfigsRequestData();
    AlterConfigsRequestData.AlterConfigsResource resource =
        new AlterConfigsRequestData.AlterConfigsResource()
            .setResourceType(ConfigResource.Type.TOPIC.id())
            .setResourceName("a");
    resource
        .configs()
        .add(new AlterConfigsRequestData.AlterableConfig().setName("segment.ms").setValue("9"));
    request.resources().add(resource);

    AlterConfigsResponseData response =
        HandlerCalls.call(legacy, version, request, AlterConfigsResponseData.class);

    assertThat(response.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(configs()).isEqualTo(Map.of("segment.ms", "9"));
  }

  private Map<String, String> configs() {
    return Objects.requireNonNull(controller.image().topics().find("a")).configs();
  }

  private IncrementalAlterConfigsResponseData alter(
      int version, AlterConfigsResource... resources) {
    return HandlerCalls.call(
        incremental, version, request(resources), IncrementalAlterConfigsResponseData.class);
  }

  private static IncrementalAlterConfigsRequestData request(AlterConfigsResource... resources) {
    IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
    for (AlterConfigsResource resource : resources) {
      request.resources().mustAdd(resource);
    }
    return request;
  }

  private static AlterConfigsResource topic(String name, AlterableConfig... configs) {
    return resource(ConfigResource.Type.TOPIC, name, configs);
  }

  private static AlterConfigsResource resource(
      ConfigResource.Type type, String name, AlterableConfig... configs) {
    AlterConfigsResource resource =
        new AlterConfigsResource().setResourceType(type.id()).setResourceName(name);
    for (AlterableConfig config : configs) {
      resource.configs().mustAdd(config);
    }
    return resource;
  }

  private static AlterableConfig config(String name, byte operation, @Nullable String value) {
    return new AlterableConfig().setName(name).setConfigOperation(operation).setValue(value);
  }
}
