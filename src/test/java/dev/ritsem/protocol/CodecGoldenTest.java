package dev.ritsem.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.model.SystemClock;
import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The codec against the bytes that kafka-clients itself writes, for every API and version. */
class CodecGoldenTest {
  private static final int SEEDS = 15;
  private static final Set<ApiKeys> ALL = EnumSet.noneOf(ApiKeys.class);

  static {
    Arrays.stream(ApiKeys.values()).filter(ApiKeys::hasValidVersion).forEach(ALL::add);
  }

  static Stream<ApiKeys> apis() {
    return ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("apis")
  void requestsAreReadAsKafkaWroteThem(ApiKeys api) {
    Seeds.forEach(
        CodecGoldenTest.class,
        SEEDS,
        seed -> {
          RandomMessages messages = new RandomMessages(Seeds.random(seed));
          RequestDecoder decoder =
              new RequestDecoder(ApiVersionTable.of(ALL), SystemClock.INSTANCE);
          for (short version : stableVersions(api)) {
            ApiMessage request = messages.request(api, version);
            ByteBuffer frame = toDirect(kafkaRequest(api, version, 77, "client-" + seed, request));
            RequestFrame read = decoder.decode(frame);
            assertThat(read.api()).isEqualTo(api);
            assertThat(read.version()).isEqualTo(version);
            assertThat(read.correlationId()).isEqualTo(77);
            assertThat(read.clientId()).isEqualTo("client-" + seed);
            assertThat(read.body()).isEqualTo(request);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("apis")
  void requestsAreWrittenAsKafkaWritesThem(ApiKeys api) {
    Seeds.forEach(
        CodecGoldenTest.class,
        SEEDS,
        seed -> {
          RandomMessages messages = new RandomMessages(Seeds.random(seed));
          for (short version : stableVersions(api)) {
            ApiMessage request = messages.request(api, version);
            ByteBuffer ours = RequestEncoder.encode(api, version, 9, "me", request);
            assertThat(ours.getInt()).isEqualTo(ours.remaining());
            assertThat(ours).isEqualTo(kafkaRequest(api, version, 9, "me", request));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("apis")
  void responsesAreWrittenAndReadAsByKafka(ApiKeys api) {
    Seeds.forEach(
        CodecGoldenTest.class,
        SEEDS,
        seed -> {
          RandomMessages messages = new RandomMessages(Seeds.random(seed));
          for (short version : stableVersions(api)) {
            ApiMessage response = messages.response(api, version);
            ByteBuffer ours = ResponseEncoder.encode(api, version, 5, response).inline();
            assertThat(ours.getInt()).isEqualTo(ours.remaining());
            assertThat(ours).isEqualTo(kafkaResponse(api, version, 5, response));
            ResponseDecoder.Decoded read = ResponseDecoder.decode(api, version, toDirect(ours));
            assertThat(read.correlationId()).isEqualTo(5);
            assertThat(read.body()).isEqualTo(response);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("fetchVersions")
  void recordSlicesOfAFetchGoOutWhereTheirBytesWouldStand(short version) {
    Seeds.forEach(
        CodecGoldenTest.class,
        SEEDS,
        seed -> {
          RandomMessages messages = new RandomMessages(Seeds.random(seed));
          FetchResponseData response =
              (FetchResponseData) messages.response(ApiKeys.FETCH, version);
          ByteBuffer expected = kafkaResponse(ApiKeys.FETCH, version, 5, response);
          int slices = 0;
          for (FetchResponseData.FetchableTopicResponse topic : response.responses()) {
            for (FetchResponseData.PartitionData partition : topic.partitions()) {
              if (partition.records() != null) {
                partition.setRecords(
                    new WireRecords(new BytesSlice(WireRecords.bytesOf(partition.records()))));
                slices++;
              }
            }
          }
          EncodedResponse encoded = ResponseEncoder.encode(ApiKeys.FETCH, version, 5, response);
          assertThat(encoded.slices()).hasSize(slices);
          ByteBuffer whole = assemble(encoded);
          assertThat(whole.remaining()).isEqualTo(encoded.sizeInBytes());
          assertThat(whole.getInt()).isEqualTo(whole.remaining());
          assertThat(whole).isEqualTo(expected);
          encoded.release();
          assertThat(encoded.slices()).allMatch(slice -> ((BytesSlice) slice).releases() == 1);
        });
  }

  static Stream<Short> fetchVersions() {
    return ApiKeys.FETCH.allVersions().stream();
  }

  private static Iterable<Short> stableVersions(ApiKeys api) {
    return api.allVersions().stream().filter(v -> v <= api.latestVersion(false)).toList();
  }

  private static ByteBuffer assemble(EncodedResponse encoded) {
    ByteBuffer whole = ByteBuffer.allocate(encoded.sizeInBytes());
    ByteBuffer inline = encoded.inline().slice();
    for (int i = 0; i < encoded.slices().size(); i++) {
      int length = encoded.inlineBytesBefore(i) - inline.position();
      whole.put(inline.slice(inline.position(), length));
      inline.position(inline.position() + length);
      whole.put(((BytesSlice) encoded.slices().get(i)).toByteBuffer());
    }
    return whole.put(inline).flip();
  }

  private static ByteBuffer kafkaRequest(
      ApiKeys api, short version, int correlationId, String clientId, ApiMessage body) {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(api.id)
            .setRequestApiVersion(version)
            .setCorrelationId(correlationId)
            .setClientId(clientId);
    return concat(
        MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version)).buffer(),
        MessageUtil.toByteBufferAccessor(body, version).buffer());
  }

  private static ByteBuffer kafkaResponse(
      ApiKeys api, short version, int correlationId, ApiMessage body) {
    return concat(
        MessageUtil.toByteBufferAccessor(
                new ResponseHeaderData().setCorrelationId(correlationId),
                api.responseHeaderVersion(version))
            .buffer(),
        MessageUtil.toByteBufferAccessor(body, version).buffer());
  }

  private static ByteBuffer concat(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first)
        .put(second)
        .flip();
  }

  private static ByteBuffer toDirect(ByteBuffer bytes) {
    return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
