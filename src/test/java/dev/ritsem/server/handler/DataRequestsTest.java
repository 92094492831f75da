package dev.ritsem.server.handler;

import static dev.ritsem.server.handler.WireNode.batch;
import static dev.ritsem.server.handler.WireNode.onlyPart;
import static dev.ritsem.server.handler.WireNode.produce;
import static dev.ritsem.server.handler.WireNode.produceRequest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.server.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The requests for records, in every version, to one node that all tests share. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(120)
class DataRequestsTest {
  private static final int FETCH_WITH_NAMES = 12;

  @SuppressWarnings("NullAway.Init")
  private WireNode node;

  @BeforeAll
  void start(@TempDir Path data) {
    node = new WireNode(data, Map.of());
  }

  @AfterAll
  void stop() {
    node.close();
  }

  @Test
  void everyAdvertisedVersionOfEveryApiIsAnswered() throws IOException {
    try (RawClient client = node.connect()) {
      ApiVersionsResponseData versions =
          (ApiVersionsResponseData)
              client.ask(ApiKeys.API_VERSIONS, 4, software(new ApiVersionsRequestData()));
      int answered = 0;
      for (ApiVersion api : versions.apiKeys()) {
        ApiKeys key = ApiKeys.forId(api.apiKey());
        int lowest = Math.max(api.minVersion(), key.oldestVersion());
        for (int version = lowest; version <= api.maxVersion(); version++) {
          ApiMessage request = key.messageType.newRequest();
          if (request instanceof ProduceRequestData produce) {
            // With its default, 0, it would have no answer.
            produce.setAcks((short) 1);
          }
          client.ask(key, version, request);
          answered++;
        }
      }
      assertThat(answered).isGreaterThan(80);
      assertThat(versions.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
      assertThat(versions.apiKeys().find(ApiKeys.JOIN_GROUP.id)).isNull();
      assertThat(versions.finalizedFeatures().find("transaction.version"))
          .as("what this node cannot do yet is not finalised")
          .isNull();
    }
  }

  @Test
  void clientsThatMeanAnotherNodeOrNameNoSoftwareAreTold() throws IOException {
    try (RawClient client = node.connect()) {
      ApiVersionsRequestData lost =
          software(new ApiVersionsRequestData())
              .setClusterId("AnotherClusterWithThisId")
              .setNodeId(1);
      assertThat(apiVersionsError(client, lost)).isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
      ApiVersionsRequestData otherNode = software(new ApiVersionsRequestData()).setNodeId(77);
      assertThat(apiVersionsError(client, otherNode))
          .isEqualTo(ErrorCode.REBOOTSTRAP_REQUIRED.code());
      assertThat(apiVersionsError(client, new ApiVersionsRequestData()))
          .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }
  }

  private static short apiVersionsError(RawClient client, ApiVersionsRequestData request)
      throws IOException {
    return ((ApiVersionsResponseData) client.ask(ApiKeys.API_VERSIONS, 5, request)).errorCode();
  }

  private static ApiVersionsRequestData software(ApiVersionsRequestData request) {
    return request.setClientSoftwareName("raw").setClientSoftwareVersion("1.0");
  }

  @Test
  void recordsOfEveryProduceVersionAreReadInEveryFetchVersion() throws IOException {
    try (RawClient client = node.connect()) {
      Uuid id = node.createTopic(client, "versions");
      List<ByteBuffer> sent = new ArrayList<>();
      for (int version = 3; version <= 13; version++) {
        ByteBuffer records = text("produced in version " + version);
        sent.add(records);
        boolean byId = version >= 13;
        PartitionProduceResponse part =
            onlyPart(
                client.ask(
                    ApiKeys.PRODUCE,
                    version,
                    produceRequest(
                        byId ? "" : "versions", byId ? id : Uuid.ZERO_UUID, -1, records)));
        assertThat(part.errorCode()).isZero();
        assertThat(part.baseOffset()).isEqualTo(sent.size());
      }
      for (int version = 4; version <= 18; version++) {
        boolean byId = version >= 13;
        PartitionData part =
            onlyPartition(
                client.ask(
                    ApiKeys.FETCH,
                    version,
                    fetch(byId ? "" : "versions", byId ? id : Uuid.ZERO_UUID, 1)));
        assertThat(part.errorCode()).isZero();
        assertThat(values(part)).hasSize(11).allMatch(value -> value.startsWith("produced in"));
        assertThat(part.highWatermark()).isEqualTo(12);
      }
    }
  }

  @Test
  void aFetchAtTheEndWaitsForRecordsAndIsAnsweredWithThem() throws IOException {
    try (RawClient reader = node.connect();
        RawClient writer = node.connect()) {
      node.createTopic(writer, "awaited");
      FetchRequestData waiting = fetch("awaited", Uuid.ZERO_UUID, 1).setMaxWaitMs(60_000);
      reader.send(ApiKeys.FETCH, FETCH_WITH_NAMES, waiting);
      produce(writer, "awaited", text("here it is"));
      assertThat(values(onlyPartition(reader.receive(ApiKeys.FETCH, FETCH_WITH_NAMES).body())))
          .containsExactly("here it is");
    }
  }

  @Test
  void aFetchWaitsForTheBytesItAsksForAndNoLongerThanItSays() throws IOException {
    try (RawClient reader = node.connect();
        RawClient writer = node.connect()) {
      node.createTopic(writer, "filling");
      FetchRequestData large =
          fetch("filling", Uuid.ZERO_UUID, 1).setMaxWaitMs(60_000).setMinBytes(5_000);
      reader.send(ApiKeys.FETCH, FETCH_WITH_NAMES, large);
      int batches = 0;
      int bytes = 0;
      while (bytes < 5_000) {
        ByteBuffer records = batch(5);
        bytes += records.remaining();
        batches++;
        produce(writer, "filling", records);
      }
      PartitionData part = onlyPartition(reader.receive(ApiKeys.FETCH, FETCH_WITH_NAMES).body());
      assertThat(records(part).remaining()).isEqualTo(bytes);

      FetchRequestData brief = fetch("filling", Uuid.ZERO_UUID, 1 + 5L * batches).setMaxWaitMs(50);
      assertThat(records(onlyPartition(reader.ask(ApiKeys.FETCH, FETCH_WITH_NAMES, brief))))
          .matches(found -> !found.hasRemaining());
    }
  }

  @Test
  void aBatchLargerThanTheLimitIsReturnedIfItIsTheFirst() throws IOException {
    try (RawClient client = node.connect()) {
      node.createTopic(client, "large");
      ByteBuffer large = batch(50);
      produce(client, "large", large.duplicate());
      produce(client, "large", large.duplicate());
      FetchRequestData request = fetch("large", Uuid.ZERO_UUID, 1).setMaxBytes(10);
      request.topics().get(0).partitions().get(0).setPartitionMaxBytes(10);
      PartitionData part = onlyPartition(client.ask(ApiKeys.FETCH, FETCH_WITH_NAMES, request));
      assertThat(records(part).remaining()).isEqualTo(large.remaining());
    }
  }

  @Test
  void offsetsOutsideOfTheLogAndUnknownTopicsAreErrorsOfTheirPartition() throws IOException {
    try (RawClient client = node.connect()) {
      Uuid id = node.createTopic(client, "bounded");
      assertThat(fetchError(client, FETCH_WITH_NAMES, fetch("bounded", Uuid.ZERO_UUID, 2)))
          .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
      assertThat(fetchError(client, FETCH_WITH_NAMES, fetch("nowhere", Uuid.ZERO_UUID, 0)))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      assertThat(fetchError(client, 13, fetch("", Uuid.randomUuid(), 0)))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
      FetchRequestData ahead = fetch("", id, 0);
      ahead.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(1_000);
      assertThat(fetchError(client, 13, ahead)).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
      assertThat(ErrorCode.of(produce(client, "nowhere", batch(1)).errorCode()))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      assertThat(
              ErrorCode.of(
                  onlyPart(
                          client.ask(
                              ApiKeys.PRODUCE,
                              13,
                              produceRequest("", Uuid.randomUuid(), 1, batch(1))))
                      .errorCode()))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }
  }

  @Test
  void badBatchesAreRefusedAndNothingOfThemIsStored() throws IOException {
    try (RawClient client = node.connect()) {
      node.createTopic(client, "clean");
      ByteBuffer corrupt = ByteBuffer.allocate(batch(3).remaining()).put(batch(3)).flip();
      corrupt.put(corrupt.limit() - 5, (byte) 42);
      assertThat(ErrorCode.of(produce(client, "clean", corrupt).errorCode()))
          .isEqualTo(ErrorCode.CORRUPT_MESSAGE);
      ByteBuffer transactional =
          MemoryRecords.withTransactionalRecords(
                  Compression.NONE, 4L, (short) 0, 0, new SimpleRecord(new byte[3]))
              .buffer();
      assertThat(ErrorCode.of(produce(client, "clean", transactional).errorCode()))
          .isEqualTo(ErrorCode.INVALID_TXN_STATE);
      PartitionProduceResponse acks =
          onlyPart(
              client.ask(ApiKeys.PRODUCE, 9, produceRequest("clean", Uuid.ZERO_UUID, 2, batch(1))));
      assertThat(ErrorCode.of(acks.errorCode())).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS);
      assertThat(produce(client, "clean", batch(1)).baseOffset()).isEqualTo(1);
    }
  }

  @Test
  void aRepeatedBatchOfAnIdempotentProducerGetsItsFirstOffsetAndAGapIsRefused() throws IOException {
    try (RawClient client = node.connect()) {
      node.createTopic(client, "once");
      long producer = initProducerId(client, null).producerId();
      PartitionProduceResponse first = produce(client, "once", sequenced(producer, 0));
      assertThat(first.errorCode()).isZero();
      PartitionProduceResponse again = produce(client, "once", sequenced(producer, 0));
      assertThat(again.errorCode()).isZero();
      assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
      assertThat(ErrorCode.of(produce(client, "once", sequenced(producer, 5)).errorCode()))
          .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
      assertThat(produce(client, "once", sequenced(producer, 1)).baseOffset())
          .isEqualTo(first.baseOffset() + 1);
    }
  }

  private static ByteBuffer sequenced(long producerId, int sequence) {
    return MemoryRecords.withIdempotentRecords(
            Compression.NONE, producerId, (short) 0, sequence, new SimpleRecord(new byte[3]))
        .buffer();
  }

  @Test
  void producerIdsAreGivenOnceAndNotToTransactions() throws IOException {
    try (RawClient client = node.connect()) {
      Set<Long> ids = new HashSet<>();
      for (int i = 0; i < 2_500; i++) {
        InitProducerIdResponseData response = initProducerId(client, null);
        assertThat(response.errorCode()).isZero();
        assertThat(response.producerEpoch()).isZero();
        assertThat(ids.add(response.producerId())).isTrue();
      }
      assertThat(ErrorCode.of(initProducerId(client, "transaction").errorCode()))
          .isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
      assertThat(ErrorCode.of(initProducerId(client, "").errorCode()))
          .isEqualTo(ErrorCode.INVALID_REQUEST);
    }
  }

  private static InitProducerIdResponseData initProducerId(
      RawClient client, @Nullable String transactionalId) throws IOException {
    return (InitProducerIdResponseData)
        client.ask(
            ApiKeys.INIT_PRODUCER_ID,
            4,
            new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setTransactionTimeoutMs(1_000));
  }

  @Test
  void withoutAcksNothingIsAnsweredAndAnErrorClosesTheConnection() throws IOException {
    try (RawClient client = node.connect()) {
      node.createTopic(client, "unanswered");
      client.send(ApiKeys.PRODUCE, 9, produceRequest("unanswered", Uuid.ZERO_UUID, 0, batch(2)));
      PartitionProduceResponse next = produce(client, "unanswered", batch(1));
      assertThat(next.baseOffset()).isEqualTo(3);
      client.send(ApiKeys.PRODUCE, 9, produceRequest("nowhere", Uuid.ZERO_UUID, 0, batch(2)));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aFetchSessionTellsNewsOnly() throws IOException {
    try (RawClient client = node.connect()) {
      node.createTopic(client, "session-a");
      node.createTopic(client, "session-b");
      FetchRequestData opening = fetch("session-a", Uuid.ZERO_UUID, 1).setSessionEpoch(0);
      opening.setTopics(
          List.of(opening.topics().get(0), fetch("session-b", Uuid.ZERO_UUID, 1).topics().get(0)));
      FetchResponseData opened = fetch(client, opening);
      assertThat(opened.sessionId()).isPositive();
      assertThat(opened.responses()).hasSize(2);

      FetchResponseData nothing = fetch(client, inSession(opened, 1));
      assertThat(nothing.errorCode()).isZero();
      assertThat(nothing.responses()).isEmpty();

      produce(client, "session-b", text("news"));
      FetchResponseData news = fetch(client, inSession(opened, 2));
      assertThat(values(onlyPartition(news))).containsExactly("news");
      assertThat(news.responses().get(0).topic()).isEqualTo("session-b");

      assertThat(ErrorCode.of(fetch(client, inSession(opened, 9)).errorCode()))
          .isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
      FetchRequestData forgetting =
          inSession(opened, 3)
              .setForgottenTopicsData(
                  List.of(
                      new FetchRequestData.ForgottenTopic()
                          .setTopic("session-b")
                          .setPartitions(List.of(0))));
      assertThat(fetch(client, forgetting).responses()).isEmpty();
      produce(client, "session-b", text("unheard"));
      assertThat(fetch(client, inSession(opened, 4)).responses()).isEmpty();

      fetch(client, inSession(opened, -1));
      assertThat(ErrorCode.of(fetch(client, inSession(opened, 5)).errorCode()))
          .isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }
  }

  private static FetchRequestData inSession(FetchResponseData opened, int epoch) {
    return new FetchRequestData()
        .setMaxWaitMs(0)
        .setMaxBytes(1_000_000)
        .setSessionId(opened.sessionId())
        .setSessionEpoch(epoch);
  }

  private static FetchResponseData fetch(RawClient client, FetchRequestData request)
      throws IOException {
    return (FetchResponseData) client.ask(ApiKeys.FETCH, FETCH_WITH_NAMES, request);
  }

  @Test
  void topicsAreCreatedOnlyIfTheClientAllowsItAndTheNameIsLegal() throws IOException {
    try (RawClient client = node.connect()) {
      MetadataRequestData unwanted =
          new MetadataRequestData()
              .setAllowAutoTopicCreation(false)
              .setTopics(List.of(new MetadataRequestTopic().setName("unwanted")));
      assertThat(ErrorCode.of(onlyTopic(client, 12, unwanted).errorCode()))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
      assertThat(ErrorCode.of(WireNode.describe(client, "no such name!").errorCode()))
          .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION);
      MetadataResponseTopic created = WireNode.describe(client, "wanted");
      assertThat(created.errorCode()).isZero();
      assertThat(created.partitions()).hasSize(1);
      MetadataRequestData byId =
          new MetadataRequestData()
              .setTopics(
                  List.of(new MetadataRequestTopic().setName(null).setTopicId(created.topicId())));
      assertThat(onlyTopic(client, 12, byId).name()).isEqualTo("wanted");
      byId.topics().get(0).setTopicId(Uuid.randomUuid());
      assertThat(ErrorCode.of(onlyTopic(client, 12, byId).errorCode()))
          .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }
  }

  private static MetadataResponseTopic onlyTopic(
      RawClient client, int version, MetadataRequestData request) throws IOException {
    return ((MetadataResponseData) client.ask(ApiKeys.METADATA, version, request))
        .topics()
        .iterator()
        .next();
  }

  private static FetchRequestData fetch(String topic, Uuid id, long offset) {
    return new FetchRequestData()
        .setMaxWaitMs(0)
        .setMinBytes(1)
        .setMaxBytes(1_000_000)
        .setTopics(
            List.of(
                new FetchTopic()
                    .setTopic(topic)
                    .setTopicId(id)
                    .setPartitions(
                        List.of(
                            new FetchPartition()
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1_000_000)))));
  }

  private static ErrorCode fetchError(RawClient client, int version, FetchRequestData request)
      throws IOException {
    return ErrorCode.of(onlyPartition(client.ask(ApiKeys.FETCH, version, request)).errorCode());
  }

  private static PartitionData onlyPartition(Object response) {
    FetchResponseData fetched = (FetchResponseData) response;
    assertThat(fetched.errorCode()).isZero();
    assertThat(fetched.responses()).hasSize(1);
    return fetched.responses().get(0).partitions().get(0);
  }

  private static ByteBuffer records(PartitionData part) {
    return WireRecords.bytesOf(part.records());
  }

  private static List<String> values(PartitionData part) {
    List<String> values = new ArrayList<>();
    MemoryRecords.readableRecords(records(part))
        .records()
        .forEach(record -> values.add(StandardCharsets.UTF_8.decode(record.value()).toString()));
    return values;
  }

  private static ByteBuffer text(String value) {
    return MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(value.getBytes(StandardCharsets.UTF_8)))
        .buffer();
  }
}
