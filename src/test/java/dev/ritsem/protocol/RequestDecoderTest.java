package dev.ritsem.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.SystemClock;
import dev.ritsem.protocol.MalformedRequestException.Reason;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {
  private static final Set<ApiKeys> SERVED =
      Set.of(ApiKeys.PRODUCE, ApiKeys.METADATA, ApiKeys.API_VERSIONS, ApiKeys.INIT_PRODUCER_ID);
  private static final ApiVersionTable TABLE = ApiVersionTable.of(SERVED);

  private final RequestDecoder decoder = new RequestDecoder(TABLE, SystemClock.INSTANCE);

  @Test
  void recordsOfAProduceRequestAreViewsOfTheFrame() {
    ByteBuffer encoded =
        RequestEncoder.encode(
            ApiKeys.PRODUCE,
            (short) 9,
            1,
            null,
            new ProduceRequestData()
                .setTopicData(
                    new ProduceRequestData.TopicProduceDataCollection(
                        List.of(
                                new ProduceRequestData.TopicProduceData()
                                    .setName("t")
                                    .setPartitionData(
                                        List.of(
                                            new ProduceRequestData.PartitionProduceData()
                                                .setRecords(
                                                    new WireRecords(
                                                        new BytesSlice(
                                                            ByteBuffer.wrap(new byte[200])))))))
                            .iterator())));
    ByteBuffer frame = ByteBuffer.allocateDirect(encoded.remaining()).put(encoded).flip();
    ProduceRequestData body =
        (ProduceRequestData) decoder.decode(frame.slice(4, frame.limit() - 4)).body();
    ByteBuffer records =
        WireRecords.bytesOf(body.topicData().iterator().next().partitionData().get(0).records());
    assertThat(records.isDirect()).isTrue();
    assertThat(records.remaining()).isEqualTo(200);
    records.put(7, (byte) 42);
    int found = -1;
    for (int i = 0; i < frame.limit(); i++) {
      found = frame.get(i) == 42 ? i : found;
    }
    assertThat(found).as("the byte changed through the view is found in the frame").isPositive();
  }

  @Test
  void anApiVersionsRequestOfAnUnknownVersionIsToBeAnsweredAtVersionZero() {
    ByteBuffer frame = ByteBuffer.allocate(20).putShort((short) 18).putShort((short) 99).putInt(5);
    RequestFrame request = decoder.decode(frame.rewind());
    assertThat(request.versionUnsupported()).isTrue();
    assertThat(request.version()).isZero();
    assertThat(request.correlationId()).isEqualTo(5);
  }

  @Test
  void aClientReadsTheVersionZeroAnswerToAnApiVersionsRequestItSentAtAnotherVersion() {
    ApiVersionsResponseData answer =
        new ApiVersionsResponseData().setErrorCode((short) 35).setApiKeys(TABLE.advertised());
    ByteBuffer frame = ResponseEncoder.encode(ApiKeys.API_VERSIONS, (short) 0, 1, answer).inline();
    ResponseDecoder.Decoded read =
        ResponseDecoder.decode(ApiKeys.API_VERSIONS, (short) 5, frame.slice(4, frame.limit() - 4));
    assertThat(read.body()).isEqualTo(answer);
  }

  @Test
  void anApiThatIsNotServedIsRefused() {
    assertRefused(header(ApiKeys.FETCH.id, (short) 12), Reason.UNKNOWN_API);
    assertRefused(header((short) -1, (short) 0), Reason.UNKNOWN_API);
    assertRefused(header((short) 999, (short) 0), Reason.UNKNOWN_API);
  }

  @Test
  void aVersionThatIsNotServedIsRefused() {
    assertRefused(header(ApiKeys.PRODUCE.id, (short) 2), Reason.UNSUPPORTED_VERSION);
    assertRefused(header(ApiKeys.PRODUCE.id, (short) 14), Reason.UNSUPPORTED_VERSION);
    assertRefused(header(ApiKeys.METADATA.id, (short) -1), Reason.UNSUPPORTED_VERSION);
    assertRefused(header(ApiKeys.INIT_PRODUCER_ID.id, (short) 6), Reason.UNSUPPORTED_VERSION);
  }

  @Test
  void bytesAfterTheRequestAreRefused() {
    ByteBuffer request = metadataRequest();
    ByteBuffer longer = ByteBuffer.allocate(request.remaining() + 1).put(request).put((byte) 0);
    assertRefused(longer.rewind(), Reason.MALFORMED);
  }

  @Test
  void arraysLargerThanTheFrameAreRefused() {
    ByteBuffer frame = header(ApiKeys.METADATA.id, (short) 1);
    frame.putInt(8 + 2, 0x7fff_ffff);
    assertRefused(frame, Reason.MALFORMED);
  }

  @Test
  void manyTinyElementsInOneLargeFrameAreRefusedBeforeTheyFillTheHeap() {
    int topics = 990_000;
    ByteBuffer frame = ByteBuffer.allocate(20 + topics * 6 + 4);
    frame.putShort(ApiKeys.METADATA.id).putShort((short) 9).putInt(1).putShort((short) -1);
    frame.put((byte) 0);
    frame.put((byte) 0xb1).put((byte) 0xb6).put((byte) 0x3c); // 990,000 + 1 as a varint
    for (int i = 0; i < topics; i++) {
      frame.put((byte) 2).put((byte) 'x');
      frame.put((byte) 0);
    }
    frame.put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0);
    RequestDecoder patient = new RequestDecoder(TABLE, new ManualClock(0));
    assertThat(((MetadataRequestData) patient.decode(frame.duplicate().flip()).body()).topics())
        .hasSize(topics);
    // The same number of elements, and nested ones: too many fields.
    ByteBuffer nested = ByteBuffer.allocate(20 + 9_000_000);
    nested.putShort(ApiKeys.PRODUCE.id).putShort((short) 3).putInt(1).putShort((short) -1);
    nested.putShort((short) -1).putShort((short) 1).putInt(1000).putInt(1);
    nested.putShort((short) 1).put((byte) 'x').putInt(999_999);
    while (nested.remaining() >= 8) {
      nested.putInt(0).putInt(-1);
    }
    assertRefused(nested.flip(), Reason.MALFORMED);
  }

  @Test
  void topicsThatCollideAreRefusedBeforeTheyHoldUpTheEventLoop() {
    int topics = 100_000;
    ByteBuffer frame = ByteBuffer.allocate(100 + topics * 7);
    frame.putShort(ApiKeys.PRODUCE.id).putShort((short) 3).putInt(1).putShort((short) -1);
    frame.putShort((short) -1).putShort((short) 1).putInt(1000).putInt(topics);
    for (int i = 0; i < topics; i++) {
      frame.putShort((short) 1).put((byte) 'x').putInt(0);
    }
    long start = SystemClock.INSTANCE.nanoTime();
    assertRefused(frame.flip(), Reason.MALFORMED);
    assertThat(SystemClock.INSTANCE.nanoTime() - start).isLessThan(20_000_000_000L);
  }

  @Test
  void everyTruncationOfARequestIsRefused() {
    ByteBuffer request = metadataRequest();
    for (int length = 0; length < request.limit(); length++) {
      assertRefused(request.duplicate().limit(length), Reason.MALFORMED);
    }
  }

  @Test
  void mutatedRequestsAreEitherReadOrRefused() {
    Seeds.forEach(
        RequestDecoderTest.class,
        3_000,
        seed -> {
          Random random = Seeds.random(seed);
          ApiKeys api = SERVED.stream().sorted().toList().get(random.nextInt(SERVED.size()));
          short version =
              (short)
                  (api.oldestVersion()
                      + random.nextInt(api.latestVersion(false) - api.oldestVersion() + 1));
          ByteBuffer frame =
              RequestEncoder.encode(
                  api, version, 3, "c", new RandomMessages(random).request(api, version));
          frame.getInt();
          for (int i = 0; i < 1 + random.nextInt(4); i++) {
            frame.put(4 + random.nextInt(frame.limit() - 4), (byte) random.nextInt());
          }
          try {
            decoder.decode(frame);
          } catch (MalformedRequestException e) {
            assertThat(e.reason()).isNotNull();
          }
        });
  }

  private void assertRefused(ByteBuffer frame, Reason reason) {
    assertThatThrownBy(() -> decoder.decode(frame))
        .isInstanceOfSatisfying(
            MalformedRequestException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static ByteBuffer header(short key, short version) {
    return ByteBuffer.allocate(64)
        .putShort(key)
        .putShort(version)
        .putInt(1)
        .putShort((short) -1)
        .rewind();
  }

  private static ByteBuffer metadataRequest() {
    ByteBuffer frame =
        RequestEncoder.encode(
            ApiKeys.METADATA,
            (short) 12,
            1,
            "client",
            new MetadataRequestData()
                .setTopics(
                    List.of(new MetadataRequestData.MetadataRequestTopic().setName("topic"))));
    return frame.slice(4, frame.limit() - 4);
  }
}
