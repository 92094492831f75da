package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import dev.ritsem.server.handler.HandlerCalls.SomeConnection;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MetadataHandlerTest {
  private static final short NEWEST = 13;

  private final CoreController controller = CoreController.ofBrokers(2);
  private final MetadataHandler handler =
      new MetadataHandler(controller.publisher(), controller, true);

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.METADATA);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void tells_brokers_and_who_leads(short version) {
    TopicId id = controller.create(new NewTopic("a", 2, 2, Map.of())).id();

    MetadataResponseData response = call(version, named("a"));

    assertThat(response.brokers())
        .extracting(
            MetadataResponseBroker::nodeId,
            MetadataResponseBroker::host,
            MetadataResponseBroker::port)
        .containsExactly(tuple(1, "localhost", 9091), tuple(2, "localhost", 9092));
    MetadataResponseTopic topic = response.topics().find("a");
    assertThat(topic.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(topic.partitions()).hasSize(2);
    for (MetadataResponsePartition partition : topic.partitions()) {
      assertThat(partition.replicaNodes()).containsExactlyInAnyOrder(1, 2);
      assertThat(partition.isrNodes()).isEqualTo(partition.replicaNodes());
      assertThat(partition.leaderId()).isEqualTo(partition.replicaNodes().get(0));
      assertThat(partition.leaderEpoch()).isEqualTo(version < 7 ? -1 : 0);
    }
    assertThat(topic.topicId()).isEqualTo(version < 10 ? Uuid.ZERO_UUID : PartitionLookup.uuid(id));
    assertThat(response.controllerId()).isEqualTo(version < 1 ? -1 : 1);
    assertThat(response.clusterId()).isEqualTo(version < 2 ? null : CoreController.CLUSTER_ID);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void lists_all_topics_on_request(short version) {
    controller.create(NewTopic.withDefaults("b"));
    controller.create(NewTopic.withDefaults("__consumer_offsets"));
    MetadataRequestData all = new MetadataRequestData().setTopics(version < 1 ? List.of() : null);

    assertThat(call(version, all).topics())
        .extracting(MetadataResponseTopic::name, MetadataResponseTopic::isInternal)
        .containsExactly(tuple("__consumer_offsets", version >= 1), tuple("b", false));
    if (version >= 1) {
      assertThat(call(version, new MetadataRequestData().setTopics(List.of())).topics())
          .as("no topics are none")
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void creates_a_topic_that_is_missing(short version) {
    MetadataResponseData response = call(version, named("new"));

    assertThat(response.topics().find("new").errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(response.topics().find("new").partitions()).hasSize(1);
    assertThat(controller.image().topics().find("new")).isNotNull();
  }

  @Test
  void creates_nothing_if_broker_or_client_does_not_want_it() {
    MetadataHandler strict = new MetadataHandler(controller.publisher(), controller, false);
    MetadataResponseData refusedHere =
        HandlerCalls.call(strict, NEWEST, named("new"), MetadataResponseData.class);
    MetadataResponseData refusedThere = call(4, named("new").setAllowAutoTopicCreation(false));

    for (MetadataResponseData response : List.of(refusedHere, refusedThere)) {
      assertThat(response.topics().find("new").errorCode())
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    assertThat(controller.image().topics().size()).isZero();
  }

  @Test
  void says_why_a_topic_cannot_be_created() {
    controller.create(NewTopic.withDefaults("x.y"));

    MetadataResponseData response = call(NEWEST, named("a b", "x_y", "__transaction_state"));

    assertThat(response.topics().find("a b").errorCode())
        .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    assertThat(response.topics().find("x_y").errorCode())
        .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    assertThat(response.topics().find("__transaction_state").errorCode())
        .as("the system creates its own topics")
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void answers_without_the_controller_too() {
    controller.create(NewTopic.withDefaults("there"));
    controller.refuseAll(new WireException(ErrorCode.REQUEST_TIMED_OUT, "away"));

    MetadataResponseData response = call(NEWEST, named("there", "new"));

    assertThat(response.topics().find("there").errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(response.topics().find("new").errorCode())
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
  }

  @Test
  void finds_topics_by_id_whether_clients_send_no_name_or_an_empty_one() {
    Uuid id = PartitionLookup.uuid(controller.create(NewTopic.withDefaults("a")).id());
    Uuid unknown = new Uuid(7, 7);
    for (String name : Arrays.asList(null, "")) {
      for (short version : List.of((short) 12, NEWEST)) {
        MetadataResponseData response =
            call(
                version,
                new MetadataRequestData()
                    .setTopics(
                        List.of(
                            new MetadataRequestTopic().setName(name).setTopicId(id),
                            new MetadataRequestTopic().setName(name).setTopicId(unknown))));

        assertThat(response.topics())
            .extracting(
                MetadataResponseTopic::name,
                MetadataResponseTopic::topicId,
                MetadataResponseTopic::errorCode)
            .containsExactly(
                tuple("a", id, ErrorCode.NONE.code()),
                tuple(null, unknown, ErrorCode.UNKNOWN_TOPIC_ID.code()));
      }
    }
    assertThat(controller.image().topics().size()).as("nothing was created").isEqualTo(1);
  }

  @Test
  void refuses_ids_in_versions_that_cannot_have_them() {
    Uuid id = PartitionLookup.uuid(controller.create(NewTopic.withDefaults("a")).id());

    MetadataResponseData response =
        call(
            11,
            new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName("").setTopicId(id))));

    assertThat(response.topics().iterator().next().errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
  }

  @Test
  void shows_a_partition_without_leader_and_who_is_away() {
    controller.create(new NewTopic("a", 1, 2, Map.of()));
    for (int id = 1; id <= 2; id++) {
      BrokerRegistration broker =
          Objects.requireNonNull(controller.image().broker(new BrokerId(id)));
      controller.fenceBroker(broker.id(), broker.epoch());
    }

    MetadataResponseData response = call(NEWEST, named("a"));

    MetadataResponsePartition partition = response.topics().find("a").partitions().get(0);
    assertThat(partition.errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
    assertThat(partition.leaderId()).isEqualTo(-1);
    assertThat(partition.offlineReplicas()).containsExactlyInAnyOrder(1, 2);
    assertThat(response.brokers()).isEmpty();
  }

  @Test
  void tells_what_a_client_may_do_if_asked() {
    controller.create(NewTopic.withDefaults("a"));

    MetadataResponseData response =
        call(
            10,
            named("a")
                .setIncludeClusterAuthorizedOperations(true)
                .setIncludeTopicAuthorizedOperations(true));

    assertThat(response.clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.CLUSTER);
    assertThat(response.topics().find("a").topicAuthorizedOperations())
        .isEqualTo(AuthorizedOperations.TOPIC);
    assertThat(call(10, named("a")).clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
  }

  @Test
  void answers_with_the_listener_and_the_address_that_the_client_used() throws Exception {
    controller.create(NewTopic.withDefaults("a"));
    controller.start(
        3,
        new Endpoint("PLAINTEXT", "PLAINTEXT", "", 1),
        new Endpoint("OUTSIDE", "PLAINTEXT", "", 2));

    MetadataResponseData response =
        HandlerCalls.call(
            handler,
            NEWEST,
            named("a"),
            MetadataResponseData.class,
            new SomeConnection("OUTSIDE", InetAddress.getByName("192.0.2.7")));

    assertThat(response.brokers())
        .extracting(MetadataResponseBroker::nodeId, MetadataResponseBroker::host)
        .containsExactly(tuple(3, "192.0.2.7"));
    assertThat(response.topics().find("a").partitions().get(0).errorCode())
        .as("the leader has no such listener")
        .isEqualTo(ErrorCode.LISTENER_NOT_FOUND.code());
  }

  @Test
  void answers_a_topic_that_is_named_twice_once() {
    assertThat(call(NEWEST, named("a", "a")).topics()).hasSize(1);
  }

  private MetadataResponseData call(int version, MetadataRequestData request) {
    return HandlerCalls.call(handler, version, request, MetadataResponseData.class);
  }

  private static MetadataRequestData named(String... topics) {
    return new MetadataRequestData()
        .setTopics(
            Arrays.stream(topics).map(name -> new MetadataRequestTopic().setName(name)).toList());
  }
}
