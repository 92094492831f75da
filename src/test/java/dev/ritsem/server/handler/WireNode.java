package dev.ritsem.server.handler;

import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.app.RitsemNode;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.MemoryRecordsSlice;
import dev.ritsem.server.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** A node in this JVM, asked through sockets in single requests. */
final class WireNode implements AutoCloseable {
  private static final int METADATA_VERSION = 13;
  private static final int PRODUCE_VERSION = 12;
  private static final int TIMEOUT_S = 60;

  private final RitsemNode node;

  WireNode(Path data, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("listeners", "PLAINTEXT://127.0.0.1:0");
    all.put("log.dirs", data.toString());
    node =
        RitsemNode.start(DeclaredSettings.of(all))
            .toCompletableFuture()
            .orTimeout(TIMEOUT_S, TimeUnit.SECONDS)
            .join();
  }

  RawClient connect() throws IOException {
    return new RawClient(node.boundEndpoints().get(0).port());
  }

  /** Creates a topic by asking for it, waits until it takes records, and returns its id. */
  Uuid createTopic(RawClient client, String topic) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
    while (System.nanoTime() < deadline) {
      MetadataResponseTopic described = describe(client, topic);
      if (described.errorCode() == 0 && produce(client, topic, batch(1)).errorCode() == 0) {
        return described.topicId();
      }
    }
    throw new AssertionError("topic " + topic + " takes no records");
  }

  static MetadataResponseTopic describe(RawClient client, String topic) throws IOException {
    MetadataResponseData response =
        (MetadataResponseData)
            client.ask(
                ApiKeys.METADATA,
                METADATA_VERSION,
                new MetadataRequestData()
                    .setTopics(List.of(new MetadataRequestTopic().setName(topic))));
    return response.topics().iterator().next();
  }

  static PartitionProduceResponse produce(RawClient client, String topic, ByteBuffer records)
      throws IOException {
    return onlyPart(
        client.ask(
            ApiKeys.PRODUCE, PRODUCE_VERSION, produceRequest(topic, Uuid.ZERO_UUID, -1, records)));
  }

  static PartitionProduceResponse onlyPart(Object response) {
    return ((ProduceResponseData) response)
        .responses()
        .iterator()
        .next()
        .partitionResponses()
        .get(0);
  }

  static ProduceRequestData produceRequest(
      String topic, Uuid topicId, int acks, ByteBuffer records) {
    return new ProduceRequestData()
        .setAcks((short) acks)
        .setTimeoutMs(10_000)
        .setTopicData(
            new TopicProduceDataCollection(
                List.of(
                        new TopicProduceData()
                            .setName(topic)
                            .setTopicId(topicId)
                            .setPartitionData(
                                List.of(
                                    new PartitionProduceData()
                                        .setRecords(
                                            new WireRecords(new MemoryRecordsSlice(records))))))
                    .iterator()));
  }

  /** A batch of records of 100 bytes. */
  static ByteBuffer batch(int records) {
    SimpleRecord[] all = new SimpleRecord[records];
    for (int i = 0; i < records; i++) {
      all[i] = new SimpleRecord(new byte[100]);
    }
    return MemoryRecords.withRecords(Compression.NONE, all).buffer();
  }

  @Override
  public void close() {
    node.stop().toCompletableFuture().orTimeout(TIMEOUT_S, TimeUnit.SECONDS).join();
  }
}
