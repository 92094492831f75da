package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ApiVersionsHandlerTest {
  private static final short FIRST_VERSION_WITH_FEATURES = 3;
  private static final short FIRST_VERSION_WITH_DESTINATION = 5;

  private final CoreController controller = CoreController.ofBrokers(1);
  private final ApiVersionsHandler handler =
      new ApiVersionsHandler(
          List.of(ApiKeys.PRODUCE, ApiKeys.CREATE_TOPICS), controller.publisher(), new BrokerId(1));

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.API_VERSIONS);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void lists_what_is_served_and_nothing_else(short version) {
    ApiVersionsResponseData response = call(version, client());

    assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(response.apiKeys())
        .extracting(ApiVersion::apiKey)
        .containsExactlyInAnyOrder(
            ApiKeys.PRODUCE.id, ApiKeys.API_VERSIONS.id, ApiKeys.CREATE_TOPICS.id);
    ApiVersion produce = response.apiKeys().find(ApiKeys.PRODUCE.id);
    assertThat(produce.minVersion())
        .as("older librdkafka compresses only for brokers that list version 0")
        .isZero();
    assertThat(produce.maxVersion()).isEqualTo(ApiKeys.PRODUCE.latestVersion());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void names_finalised_features_alone(short version) {
    ApiVersionsResponseData response = call(version, client());

    if (version < FIRST_VERSION_WITH_FEATURES) {
      assertThat(response.finalizedFeatures()).isEmpty();
    } else {
      assertThat(response.finalizedFeatures())
          .extracting(FinalizedFeatureKey::name)
          .as("transactions are not served yet")
          .containsExactly("metadata.version");
      assertThat(response.finalizedFeaturesEpoch()).isEqualTo(controller.image().version());
    }
  }

  @Test
  void wants_to_know_the_clients_software() {
    for (String name : List.of("", "-kafka", "ka fka", "kafka.")) {
      assertThat(call(3, client().setClientSoftwareName(name)).errorCode())
          .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }
    assertThat(call(0, new ApiVersionsRequestData()).errorCode()).isEqualTo(ErrorCode.NONE.code());
  }

  @Test
  void tells_a_client_that_meant_another_cluster_or_node() {
    assertThat(
            call(
                    FIRST_VERSION_WITH_DESTINATION,
                    client().setClusterId(CoreController.CLUSTER_ID).setNodeId(1))
                .errorCode())
        .isEqualTo(ErrorCode.NONE.code());
    assertThat(call(FIRST_VERSION_WITH_DESTINATION, client().setClusterId("another")).errorCode())
        .isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
    assertThat(call(FIRST_VERSION_WITH_DESTINATION, client().setNodeId(2)).errorCode())
        .isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
  }

  private ApiVersionsResponseData call(int version, ApiVersionsRequestData request) {
    return HandlerCalls.call(handler, version, request, ApiVersionsResponseData.class);
  }

  private static ApiVersionsRequestData client() {
    return new ApiVersionsRequestData()
        .setClientSoftwareName("apache-kafka-java")
        .setClientSoftwareVersion("4.4.0");
  }
}
