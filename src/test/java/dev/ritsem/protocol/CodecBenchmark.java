package dev.ritsem.protocol;

import dev.ritsem.model.Clock;
import dev.ritsem.testing.ManualClock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What reading a produce request, laying out its answer and laying out a fetch answer cost, by
 * number of partitions. The records themselves are neither read nor copied, so their size plays no
 * part.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
@State(Scope.Thread)
public class CodecBenchmark {
  private static final short PRODUCE_VERSION = 12;
  private static final short FETCH_VERSION = 17;
  private static final int RECORD_BYTES = 1_000;

  @Param({"1", "6", "100"})
  public int partitions = 1;

  private final Clock clock = new ManualClock(0);
  private final RequestDecoder decoder =
      new RequestDecoder(ApiVersionTable.of(Set.of(ApiKeys.PRODUCE)), clock);
  private final ByteBuffer target = ByteBuffer.allocateDirect(1 << 16);
  private ByteBuffer produceFrame = ByteBuffer.allocate(0);
  private ProduceResponseData produceResponse = new ProduceResponseData();
  private FetchResponseData fetchResponse = new FetchResponseData();

  @Setup
  public void build() {
    ByteBuffer encoded =
        RequestEncoder.encode(ApiKeys.PRODUCE, PRODUCE_VERSION, 1, "producer-1", produceRequest());
    produceFrame =
        ByteBuffer.allocateDirect(encoded.remaining()).put(encoded).flip().position(Integer.BYTES);
    produceFrame = produceFrame.slice();
    produceResponse = produceResponse();
    fetchResponse = fetchResponse();
  }

  @Benchmark
  public RequestFrame decodeProduceRequest() {
    return decoder.decode(produceFrame.duplicate());
  }

  @Benchmark
  public EncodedResponse encodeProduceResponse() {
    return ResponseEncoder.encode(
        ApiKeys.PRODUCE, PRODUCE_VERSION, 1, produceResponse, this::space);
  }

  @Benchmark
  public EncodedResponse encodeFetchResponse() {
    return ResponseEncoder.encode(ApiKeys.FETCH, FETCH_VERSION, 1, fetchResponse, this::space);
  }

  private ByteBuffer space(int bytes) {
    return target.slice(0, bytes);
  }

  private ProduceRequestData produceRequest() {
    List<PartitionProduceData> parts = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      parts.add(
          new PartitionProduceData()
              .setIndex(i)
              .setRecords(
                  new WireRecords(new BytesSlice(ByteBuffer.wrap(new byte[RECORD_BYTES])))));
    }
    TopicProduceData topic = new TopicProduceData().setName("topic").setPartitionData(parts);
    return new ProduceRequestData()
        .setAcks((short) -1)
        .setTopicData(new TopicProduceDataCollection(List.of(topic).iterator()));
  }

  private ProduceResponseData produceResponse() {
    List<ProduceResponseData.PartitionProduceResponse> parts = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      parts.add(
          new ProduceResponseData.PartitionProduceResponse().setIndex(i).setBaseOffset(1_000 + i));
    }
    ProduceResponseData response = new ProduceResponseData();
    response
        .responses()
        .add(
            new ProduceResponseData.TopicProduceResponse()
                .setName("topic")
                .setPartitionResponses(parts));
    return response;
  }

  private FetchResponseData fetchResponse() {
    List<FetchResponseData.PartitionData> parts = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      parts.add(
          new FetchResponseData.PartitionData()
              .setPartitionIndex(i)
              .setHighWatermark(1_000)
              .setRecords(
                  new WireRecords(new BytesSlice(ByteBuffer.wrap(new byte[RECORD_BYTES])))));
    }
    return new FetchResponseData()
        .setResponses(List.of(new FetchResponseData.FetchableTopicResponse().setPartitions(parts)));
  }
}
