package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.ClusterMetadata;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.MemoryRecordsSlice;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;

/** Makes produce requests of batches; each carries topic names and ids, for all versions. */
final class ProduceRequests {
  private final ProducerLimits limits;

  ProduceRequests(ProducerLimits limits) {
    this.limits = limits;
  }

  private record Batches(List<ProducerBatch> batches) {}

  OutgoingRequest of(BrokerAddress leader, List<ProducerBatch> batches, ClusterMetadata metadata) {
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    for (ProducerBatch batch : batches) {
      String name = batch.partition().topic();
      TopicMetadata known = metadata.usable(name);
      Uuid id = known == null ? Uuid.ZERO_UUID : known.id();
      TopicProduceData topic = topics.find(name, id);
      if (topic == null) {
        topic = new TopicProduceData().setName(name).setTopicId(id);
        topics.add(topic);
      }
      topic
          .partitionData()
          .add(
              new PartitionProduceData()
                  .setIndex(batch.partition().partition())
                  .setRecords(new WireRecords(new MemoryRecordsSlice(batch.bytes()))));
    }
    ProduceRequestData request =
        new ProduceRequestData()
            .setTransactionalId(null)
            .setAcks(limits.acks())
            .setTimeoutMs(limits.requestTimeoutMs())
            .setTopicData(topics);
    return new OutgoingRequest(
        leader, Lane.REQUESTS, ApiKeys.PRODUCE, request, new Batches(batches));
  }

  /** The batches that went out with a request. */
  List<ProducerBatch> batches(OutgoingRequest request) {
    return ((Batches) request.context()).batches();
  }
}
