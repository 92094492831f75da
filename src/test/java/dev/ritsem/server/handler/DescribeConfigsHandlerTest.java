package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.log.LogSettings;
import dev.ritsem.log.TopicSettings;
import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DescribeConfigsHandlerTest {
  private static final short FIRST_VERSION_WITH_TYPES = 3;
  private static final Setting<String> SECRET =
      Setting.ofString("some.password").documentation("A secret.").build();

  private final List<Setting<?>> declared = new ArrayList<>(LogSettings.all());
  private final CoreController controller = CoreController.ofBrokers(1);
  private final DescribeConfigsHandler handler;

  DescribeConfigsHandlerTest() {
    declared.add(SECRET);
    Settings settings =
        Settings.of(
            declared,
            Map.of(
                "log.retention.hours",
                new Settings.Given("24", "test"),
                SECRET.name(),
                new Settings.Given("pssst", "test")));
    handler =
        new DescribeConfigsHandler(
            new BrokerId(1), controller.publisher(), new ConfigDescriptions(settings, declared));
  }

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.DESCRIBE_CONFIGS);
  }

  @BeforeEach
  void createTopics() {
    controller.create(new NewTopic("plain", 1, 1, Map.of()));
    controller.create(new NewTopic("own", 1, 1, Map.of("retention.ms", "5")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void describes_every_config_of_a_topic(short version) {
    DescribeConfigsResult result =
        describe(version, request(resource(ConfigResource.Type.TOPIC, "own")));

    assertThat(result.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(result.resourceName()).isEqualTo("own");
    assertThat(result.resourceType()).isEqualTo(ConfigResource.Type.TOPIC.id());
    assertThat(result.configs()).hasSize(TopicSettings.all().size());
    DescribeConfigsResourceResult retention = config(result, "retention.ms");
    assertThat(retention.value()).isEqualTo("5");
    assertThat(retention.configSource()).isEqualTo(ConfigSource.TOPIC_CONFIG.id());
    assertThat(retention.readOnly()).isFalse();
    assertThat(retention.isSensitive()).isFalse();
    assertThat(retention.synonyms()).isEmpty();
    assertThat(retention.documentation()).isNullOrEmpty();
    assertThat(retention.configType())
        .isEqualTo(
            version < FIRST_VERSION_WITH_TYPES ? ConfigType.UNKNOWN.id() : ConfigType.LONG.id());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void tells_synonyms_on_request(short version) {
    DescribeConfigsRequestData request =
        request(resource(ConfigResource.Type.TOPIC, "own")).setIncludeSynonyms(true);

    DescribeConfigsResourceResult retention = config(describe(version, request), "retention.ms");

    assertThat(retention.synonyms())
        .extracting(
            DescribeConfigsSynonym::name,
            DescribeConfigsSynonym::value,
            DescribeConfigsSynonym::source)
        .containsExactly(
            tuple("retention.ms", "5", ConfigSource.TOPIC_CONFIG.id()),
            tuple("log.retention.hours", "24", ConfigSource.STATIC_BROKER_CONFIG.id()),
            tuple("log.retention.hours", "168", ConfigSource.DEFAULT_CONFIG.id()));
  }

  @Test
  void tells_documentation_on_request() {
    DescribeConfigsRequestData request =
        request(resource(ConfigResource.Type.TOPIC, "own")).setIncludeDocumentation(true);

    assertThat(describe(4, request).configs())
        .allSatisfy(config -> assertThat(config.documentation()).isNotBlank());
  }

  @Test
  void a_value_from_the_brokers_file_is_given_in_the_topics_unit_and_counts_as_not_default() {
    DescribeConfigsResourceResult retention =
        config(describe(4, request(resource(ConfigResource.Type.TOPIC, "plain"))), "retention.ms");

    assertThat(retention.value()).isEqualTo("86400000");
    assertThat(retention.configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
  }

  @Test
  void describes_only_the_configs_that_are_named() {
    DescribeConfigsRequestData request =
        request(
            resource(ConfigResource.Type.TOPIC, "own")
                .setConfigurationKeys(List.of("retention.ms", "unknown")));

    assertThat(describe(4, request).configs())
        .extracting(DescribeConfigsResourceResult::name)
        .containsExactly("retention.ms");
    assertThat(
            describe(
                    4,
                    request(
                        resource(ConfigResource.Type.TOPIC, "own").setConfigurationKeys(List.of())))
                .configs())
        .as("no names are all names")
        .hasSize(TopicSettings.all().size());
  }

  @Test
  void describes_this_broker_for_reading_alone_and_keeps_secrets() {
    DescribeConfigsResult result =
        describe(4, request(resource(ConfigResource.Type.BROKER, "1")).setIncludeSynonyms(true));

    assertThat(result.configs()).hasSize(declared.size()).allMatch(config -> config.readOnly());
    DescribeConfigsResourceResult hours = config(result, "log.retention.hours");
    assertThat(hours.value()).isEqualTo("24");
    assertThat(hours.configSource()).isEqualTo(ConfigSource.STATIC_BROKER_CONFIG.id());
    assertThat(config(result, "log.segment.bytes").configSource())
        .isEqualTo(ConfigSource.DEFAULT_CONFIG.id());
    DescribeConfigsResourceResult secret = config(result, SECRET.name());
    assertThat(secret.isSensitive()).isTrue();
    assertThat(secret.value()).isNull();
    assertThat(secret.synonyms()).extracting(DescribeConfigsSynonym::value).containsOnlyNulls();
  }

  @Test
  void there_are_no_cluster_wide_broker_configs() {
    assertThat(describe(4, request(resource(ConfigResource.Type.BROKER, ""))).configs()).isEmpty();
  }

  @Test
  void says_what_it_cannot_describe() {
    assertRefused(
        resource(ConfigResource.Type.TOPIC, "unknown"),
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        "This server does not host this topic-partition.");
    assertRefused(
        resource(ConfigResource.Type.TOPIC, "a b"), ErrorCode.INVALID_TOPIC_EXCEPTION, null);
    assertRefused(
        resource(ConfigResource.Type.BROKER, "2"),
        ErrorCode.INVALID_REQUEST,
        "Unexpected broker id, expected 1 or empty string, but received 2");
    assertRefused(
        resource(ConfigResource.Type.BROKER, "one"),
        ErrorCode.INVALID_REQUEST,
        "Broker id must be an integer, but it is: one");
    assertRefused(
        resource(ConfigResource.Type.BROKER_LOGGER, "1"),
        ErrorCode.INVALID_REQUEST,
        "Unsupported resource type: BROKER_LOGGER");
    assertRefused(
        resource(ConfigResource.Type.TOPIC, "x").setResourceType((byte) 99),
        ErrorCode.INVALID_REQUEST,
        "Unsupported resource type: UNKNOWN");
  }

  @Test
  void refuses_requests_that_would_make_a_huge_answer() {
    List<DescribeConfigsResource> many =
        Collections.nCopies(
            DescribeConfigsHandler.RESOURCES_MAX + 1, resource(ConfigResource.Type.TOPIC, "own"));

    DescribeConfigsResponseData response =
        HandlerCalls.call(
            handler,
            4,
            new DescribeConfigsRequestData().setResources(many),
            DescribeConfigsResponseData.class);

    assertThat(response.results())
        .hasSize(many.size())
        .allMatch(result -> result.errorCode() == ErrorCode.POLICY_VIOLATION.code())
        .allMatch(result -> result.configs().isEmpty());
  }

  private void assertRefused(
      DescribeConfigsResource resource, ErrorCode error, @Nullable String message) {
    for (short version : versions().toList()) {
      DescribeConfigsResult result = describe(version, request(resource.duplicate()));
      assertThat(result.errorCode()).isEqualTo(error.code());
      if (message != null) {
        assertThat(result.errorMessage()).isEqualTo(message);
      }
      assertThat(result.configs()).isEmpty();
    }
  }

  private DescribeConfigsResult describe(int version, DescribeConfigsRequestData request) {
    DescribeConfigsResponseData response =
        HandlerCalls.call(handler, version, request, DescribeConfigsResponseData.class);
    assertThat(response.results()).hasSize(1);
    return response.results().get(0);
  }

  private static DescribeConfigsRequestData request(DescribeConfigsResource resource) {
    return new DescribeConfigsRequestData().setResources(List.of(resource));
  }

  private static DescribeConfigsResource resource(ConfigResource.Type type, String name) {
    return new DescribeConfigsResource()
        .setResourceType(type.id())
        .setResourceName(name)
        .setConfigurationKeys(null);
  }

  private static DescribeConfigsResourceResult config(DescribeConfigsResult result, String name) {
    return result.configs().stream()
        .filter(config -> config.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
