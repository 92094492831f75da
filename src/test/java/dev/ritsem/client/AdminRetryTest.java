package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.InProcessConnector;
import dev.ritsem.client.transport.LocalBroker;
import dev.ritsem.model.ErrorCode;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What admin calls try again and what they do not, against a broker that answers by script. */
class AdminRetryTest {
  private static final long WAIT_SECONDS = 20;

  private final ScriptedBroker broker = new ScriptedBroker();
  private Admin admin;

  @BeforeEach
  void open() {
    admin =
        Admin.create(
            AdminSettings.create(Map.of("retry.backoff.ms", "1", "default.api.timeout.ms", "300"))
                .withConnector(new InProcessConnector(broker)));
  }

  @AfterEach
  void close() throws Exception {
    get(admin.closeAsync());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void a_broker_that_is_not_the_controller_any_more_is_not_the_end() throws Exception {
    broker.script.add(ErrorCode.NOT_CONTROLLER);
    broker.script.add(ErrorCode.NOT_CONTROLLER);

    assertThat(get(admin.createTopic(new NewTopic("t", 3, (short) 1))).name()).isEqualTo("t");
    assertThat(broker.script).isEmpty();
  }

  @Test
  void a_refusal_comes_back_as_kafkas_exception_with_the_brokers_words() {
    broker.script.add(ErrorCode.TOPIC_ALREADY_EXISTS);

    assertThatThrownBy(() -> get(admin.createTopic(new NewTopic("t", 3, (short) 1))))
        .cause()
        .isInstanceOf(TopicExistsException.class)
        .hasMessage("in the broker's words");
  }

  @Test
  void what_never_gets_better_fails_in_time_and_says_why() {
    for (int i = 0; i < 10_000; i++) {
      broker.script.add(ErrorCode.NOT_CONTROLLER);
    }

    assertThatThrownBy(() -> get(admin.createTopic(new NewTopic("t", 3, (short) 1))))
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("Creating topic t failed for 300 ms")
        .hasMessageContaining("in the broker's words");
  }

  @Test
  void an_unknown_topic_is_said_to_be_unknown_at_once() {
    assertThatThrownBy(() -> get(admin.describeTopic("missing")))
        .cause()
        .isInstanceOf(UnknownTopicOrPartitionException.class);
    assertThatThrownBy(
            () ->
                get(
                    admin.listOffsets(
                        Map.of(new TopicPartition("missing", 0), OffsetQuery.latest()))))
        .cause()
        .isInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void a_partition_without_a_leader_is_asked_for_again() throws Exception {
    broker.withoutLeader = 3;
    TopicPartition partition = new TopicPartition("known", 0);

    Map<TopicPartition, OffsetAndTimestamp> offsets =
        get(admin.listOffsets(Map.of(partition, OffsetQuery.latest())));

    assertThat(offsets).containsOnlyKeys(partition);
    assertThat(offsets.values()).extracting(OffsetAndTimestamp::offset).containsExactly(77L);
    assertThat(broker.withoutLeader).isZero();
  }

  private static final class ScriptedBroker implements LocalBroker {
    private final Queue<ErrorCode> script = new ConcurrentLinkedQueue<>();
    private volatile int withoutLeader;

    @Override
    public BrokerAddress address() {
      return new BrokerAddress(5, "localhost", 9_092);
    }

    @Override
    public void dispatch(
        ApiKeys api,
        short version,
        String clientId,
        ApiMessage request,
        Consumer<ApiMessage> reply) {
      reply.accept(
          switch (api) {
            case METADATA -> metadata((MetadataRequestData) request);
            case CREATE_TOPICS -> created((CreateTopicsRequestData) request);
            case LIST_OFFSETS -> listed();
            default -> throw new AssertionError("unexpected " + api);
          });
    }

    private MetadataResponseData metadata(MetadataRequestData request) {
      MetadataResponseData answer = new MetadataResponseData().setControllerId(5);
      answer
          .brokers()
          .add(new MetadataResponseBroker().setNodeId(5).setHost("localhost").setPort(9_092));
      request.topics().forEach(topic -> answer.topics().add(describe(topic.name())));
      return answer;
    }

    private MetadataResponseTopic describe(String name) {
      MetadataResponseTopic topic = new MetadataResponseTopic().setName(name);
      if (!name.equals("known")) {
        return topic.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
      }
      boolean led = withoutLeader == 0;
      withoutLeader = Math.max(0, withoutLeader - 1);
      topic
          .partitions()
          .add(new MetadataResponsePartition().setPartitionIndex(0).setLeaderId(led ? 5 : -1));
      return topic;
    }

    private CreateTopicsResponseData created(CreateTopicsRequestData request) {
      CreateTopicsResponseData answer = new CreateTopicsResponseData();
      ErrorCode error = script.isEmpty() ? ErrorCode.NONE : script.remove();
      request
          .topics()
          .forEach(
              topic ->
                  answer
                      .topics()
                      .add(
                          new CreatableTopicResult()
                              .setName(topic.name())
                              .setErrorCode(error.code())
                              .setErrorMessage("in the broker's words")));
      return answer;
    }

    private static ListOffsetsResponseData listed() {
      ListOffsetsResponseData answer = new ListOffsetsResponseData();
      ListOffsetsTopicResponse topic = new ListOffsetsTopicResponse().setName("known");
      topic.partitions().add(new ListOffsetsPartitionResponse().setPartitionIndex(0).setOffset(77));
      answer.topics().add(topic);
      return answer;
    }
  }
}
