package dev.ritsem.client;

import static dev.ritsem.client.TestCluster.get;
import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.ritsem.client.TestCluster.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's Java client and this one read each other's records and place them alike. */
class KafkaClientsCrossCheckTest {
  private static final int RECORDS = 2_000;
  private static final int PARTITIONS = 5;

  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = new TestCluster(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static Map<String, Object> kafkaProperties(String compression) {
    return Map.of(
        "bootstrap.servers",
        cluster.node().bootstrapServers(),
        "compression.type",
        compression,
        "auto.offset.reset",
        "earliest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void what_this_client_writes_kafkas_reads(String compression) throws Exception {
    String topic = cluster.createTopic(Way.NODE_TCP, PARTITIONS);
    get(
        Source.range(0, RECORDS - 1)
            .map(i -> new ProducerRecord<>(topic, "k" + i, "v" + i))
            .runWith(
                Producer.sink(cluster.producing(Way.NODE_TCP).withCompressionType(compression)),
                cluster.system()));

    List<ConsumerRecord<String, String>> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            kafkaProperties(compression), new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(topic, i)).toList());
      while (read.size() < RECORDS) {
        consumer.poll(Duration.ofSeconds(1)).forEach(read::add);
      }
    }

    assertThat(read)
        .extracting(ConsumerRecord::value)
        .containsExactlyInAnyOrderElementsOf(values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void what_kafkas_client_writes_this_one_reads_and_would_place_alike(String compression)
      throws Exception {
    String theirs = cluster.createTopic(Way.NODE_TCP, PARTITIONS);
    String ours = cluster.createTopic(Way.NODE_TCP, PARTITIONS);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            kafkaProperties(compression), new StringSerializer(), new StringSerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        var unused = producer.send(new ProducerRecord<>(theirs, "k" + i, "v" + i));
      }
    }
    get(
        Source.range(0, RECORDS - 1)
            .map(i -> new ProducerRecord<>(ours, "k" + i, "v" + i))
            .runWith(Producer.sink(cluster.producing(Way.NODE_TCP)), cluster.system()));

    List<String> read = placed(theirs);
    assertThat(read).hasSize(RECORDS);
    assertThat(read).containsExactlyInAnyOrderElementsOf(placed(ours));
  }

  private static List<String> placed(String topic) throws Exception {
    return get(
        Consumer.plainSource(
                cluster.consuming(Way.NODE_TCP),
                Subscriptions.topics(topic)
                    .startingAt(StartAt.earliest())
                    .stoppingAt(StopAt.endAsOfNow()))
            .map(record -> record.value() + " in " + record.partition())
            .runWith(Sink.seq(), cluster.system()));
  }

  private static List<String> values() {
    return IntStream.range(0, RECORDS).mapToObj(i -> "v" + i).toList();
  }
}
