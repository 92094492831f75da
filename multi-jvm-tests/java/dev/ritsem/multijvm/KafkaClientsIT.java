package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judge: the producer and the consumer of the kafka-clients that this project builds with. */
class KafkaClientsIT {
  /**
   * Timestamp of the first record of {@link #filled}; each record is one second younger. Young
   * enough for retention to leave it alone.
   */
  private static final long FIRST_TIME = System.currentTimeMillis() - 3_600_000;

  @RegisterExtension static final RealNodes NODES = new RealNodes();
  @TempDir static Path directory;
  private static RealNode node;

  @BeforeAll
  static void startNode() {
    node = NODES.start(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "none, all",
    "gzip, all",
    "snappy, all",
    "lz4, all",
    "zstd, all",
    "none, 1",
    "zstd, 1",
    "lz4, 0"
  })
  void whatWasProducedIsConsumed(String compression, String acks) {
    TopicPartition partition = created("round-trip-" + compression + "-" + acks, Map.of());
    List<byte[]> values = randomValues(500);
    try (KafkaProducer<byte[], byte[]> producer =
        Clients.producer(
            node,
            Map.of(
                "compression.type",
                compression,
                "acks",
                acks,
                "enable.idempotence",
                acks.equals("all")))) {
      Clients.produce(
          producer,
          IntStream.range(0, values.size())
              .mapToObj(i -> record(partition, i, values.get(i)))
              .toList());
    }
    // With acks=0 nobody waits for the append, so the end of the log says when it is done.
    awaitEnd(partition, values.size());

    List<ConsumerRecord<byte[], byte[]>> read = Clients.readAll(node, partition);

    assertThat(read).hasSize(values.size());
    for (int i = 0; i < values.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = read.get(i);
      assertThat(record.offset()).isEqualTo(i);
      assertThat(record.timestamp()).isEqualTo(FIRST_TIME + i * 1_000L);
      assertThat(record.key()).isEqualTo(number(i));
      assertThat(record.value()).isEqualTo(values.get(i));
      assertThat(record.headers().lastHeader("n").value()).isEqualTo(number(i));
    }
  }

  @Test
  void anAcknowledgementCarriesTheOffset() {
    TopicPartition partition = created("offsets", Map.of());
    List<RecordMetadata> acks;
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      acks = Clients.produce(producer, numbered(partition, 100));
    }
    for (int i = 0; i < acks.size(); i++) {
      assertThat(acks.get(i).offset()).isEqualTo(i);
      assertThat(acks.get(i).timestamp()).isEqualTo(FIRST_TIME + i * 1_000L);
    }
  }

  @Test
  void aTombstoneHasNoValue() {
    TopicPartition partition = created("tombstones", Map.of("cleanup.policy", "compact"));
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      Clients.answer(producer.send(new ProducerRecord<>(partition.topic(), number(1), null)));
    }

    assertThat(Clients.readAll(node, partition))
        .singleElement()
        .satisfies(record -> assertThat(record.value()).isNull());
  }

  @Test
  void aCompactedTopicRefusesARecordWithoutKey() {
    TopicPartition partition = created("keys-wanted", Map.of("cleanup.policy", "compact"));
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      assertThat(
              Clients.refusal(
                  producer.send(new ProducerRecord<>(partition.topic(), null, number(1)))))
          .isInstanceOf(InvalidRecordException.class);
    }
  }

  @Test
  void theBrokersClockStampsTheRecordsOfALogAppendTimeTopic() {
    TopicPartition partition =
        created("append-time", Map.of("message.timestamp.type", "LogAppendTime"));
    long acknowledged;
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      acknowledged = Clients.answer(producer.send(record(partition, 0, number(0)))).timestamp();
    }

    assertThat(acknowledged).isGreaterThan(FIRST_TIME);
    assertThat(Clients.readAll(node, partition))
        .singleElement()
        .satisfies(record -> assertThat(record.timestamp()).isEqualTo(acknowledged));
  }

  @Test
  void aBatchAboveTheTopicsLimitIsRefusedAndASmallerOneIsNot() {
    TopicPartition partition = created("limited", Map.of("max.message.bytes", "10000"));
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      assertThat(Clients.refusal(producer.send(record(partition, 0, new byte[20_000]))))
          .isInstanceOf(RecordTooLargeException.class);
      assertThat(Clients.answer(producer.send(record(partition, 0, new byte[5_000]))).offset())
          .isZero();
    }
  }

  @Test
  void theLimitCountsCompressedBytes() {
    TopicPartition partition = created("limited-compressed", Map.of("max.message.bytes", "10000"));
    try (KafkaProducer<byte[], byte[]> producer =
        Clients.producer(node, Map.of("compression.type", "gzip"))) {
      Clients.answer(producer.send(record(partition, 0, new byte[500_000])));
    }
    assertThat(Clients.readAll(node, partition))
        .singleElement()
        .satisfies(record -> assertThat(record.value()).hasSize(500_000));
  }

  @Test
  void aRecordLargerThanTheFetchLimitIsStillDelivered() {
    TopicPartition partition = created("large", Map.of());
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      Clients.answer(producer.send(record(partition, 0, new byte[900_000])));
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        Clients.consumer(
            node, Map.of("fetch.max.bytes", "1000", "max.partition.fetch.bytes", "1000"))) {
      consumer.assign(List.of(partition));
      assertThat(next(consumer).value()).hasSize(900_000);
    }
  }

  @Test
  void seeksToAnyOffset() {
    TopicPartition partition = filled("seeking", 1_000);
    try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(node, Map.of())) {
      consumer.assign(List.of(partition));
      for (long offset : new long[] {999, 0, 500, 123, 998, 1}) {
        consumer.seek(partition, offset);
        assertThat(next(consumer).offset()).isEqualTo(offset);
      }
      consumer.seekToEnd(List.of(partition));
      assertThat(consumer.position(partition)).isEqualTo(1_000);
      consumer.seekToBeginning(List.of(partition));
      assertThat(next(consumer).offset()).isZero();
    }
  }

  @Test
  void anOffsetBehindTheEndIsOutOfRange() {
    TopicPartition partition = filled("out-of-range", 10);
    try (KafkaConsumer<byte[], byte[]> consumer =
        Clients.consumer(node, Map.of("auto.offset.reset", "none"))) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, 11);
      assertThatThrownBy(() -> next(consumer)).isInstanceOf(OffsetOutOfRangeException.class);
    }
  }

  @Test
  void findsOffsetsByTime() {
    TopicPartition partition = filled("by-time", 1_000);
    try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(node, Map.of())) {
      assertThat(offsetAt(consumer, partition, 0)).isZero();
      assertThat(offsetAt(consumer, partition, FIRST_TIME)).isZero();
      assertThat(offsetAt(consumer, partition, FIRST_TIME + 1)).isEqualTo(1);
      assertThat(offsetAt(consumer, partition, FIRST_TIME + 998_500)).isEqualTo(999);
      assertThat(offsetAt(consumer, partition, FIRST_TIME + 999_001)).isEqualTo(-1);
    }
  }

  @Test
  void aWaitingConsumerSeesARecordAsSoonAsItIsWritten() {
    TopicPartition partition = created("live", Map.of());
    try (KafkaConsumer<byte[], byte[]> consumer =
            Clients.consumer(node, Map.of("fetch.max.wait.ms", "20000"));
        KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      consumer.assign(List.of(partition));
      consumer.poll(Duration.ofMillis(300));
      Deadline beforeTheFetchWouldEnd = Deadline.in(Duration.ofSeconds(10));
      Future<RecordMetadata> sent = producer.send(record(partition, 0, number(7)));

      assertThat(next(consumer).value()).isEqualTo(number(7));
      assertThat(beforeTheFetchWouldEnd.isOver()).isFalse();
      assertThat(Clients.answer(sent).offset()).isZero();
      // A patient close would wait for the next fetch, and that one has nothing to return.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  @Test
  void oneConsumerReadsManyPartitionsInTheOrderOfEach() {
    Clients.createTopic(node, "many", 20, Map.of());
    List<TopicPartition> partitions = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      for (int p = 0; p < 20; p++) {
        partitions.add(new TopicPartition("many", p));
        Clients.produce(producer, numbered(partitions.get(p), 100));
      }
    }
    long[] next = new long[20];
    int seen = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        Clients.consumer(node, Map.of("isolation.level", "read_committed"))) {
      consumer.assign(partitions);
      Deadline deadline = Deadline.in(Duration.ofSeconds(30));
      while (seen < 2_000 && !deadline.isOver()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          assertThat(record.offset()).isEqualTo(next[record.partition()]++);
          seen++;
        }
      }
    }
    assertThat(seen).isEqualTo(2_000);
  }

  @Test
  void recordsSurviveACleanRestartAndAKill(@TempDir Path own) {
    RealNode other = NODES.start(own);
    TopicPartition partition = new TopicPartition("durable", 0);
    Clients.createTopic(other, "durable", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(other, Map.of())) {
      Clients.answer(producer.send(record(partition, 0, number(0))));
      other.stop();
      other.start();
      Clients.answer(producer.send(record(partition, 1, number(1))));
      other.kill();
      other.start();
      Clients.answer(producer.send(record(partition, 2, number(2))));
    }
    assertThat(Clients.readAll(other, partition))
        .extracting(ConsumerRecord::value)
        .containsExactly(number(0), number(1), number(2));
    other.kill();
  }

  @Test
  void aPausedNodeAnswersAfterItResumes(@TempDir Path own) {
    RealNode other = NODES.start(own);
    TopicPartition partition = new TopicPartition("paused", 0);
    Clients.createTopic(other, "paused", 1, Map.of());
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(other, Map.of())) {
      Clients.answer(producer.send(record(partition, 0, number(0))));
      other.pause();
      Future<RecordMetadata> sent = producer.send(record(partition, 1, number(1)));
      other.resume();
      assertThat(Clients.answer(sent).offset()).isEqualTo(1);
    }
    other.kill();
  }

  private static TopicPartition created(String topic, Map<String, String> configs) {
    Clients.createTopic(node, topic, 1, configs);
    return new TopicPartition(topic, 0);
  }

  /** A new topic with that many numbered records, in many batches. */
  private static TopicPartition filled(String topic, int count) {
    TopicPartition partition = created(topic, Map.of());
    try (KafkaProducer<byte[], byte[]> producer =
        Clients.producer(node, Map.of("batch.size", "1000"))) {
      Clients.produce(producer, numbered(partition, count));
    }
    return partition;
  }

  private static List<ProducerRecord<byte[], byte[]>> numbered(
      TopicPartition partition, int count) {
    return IntStream.range(0, count).mapToObj(i -> record(partition, i, number(i))).toList();
  }

  private static ProducerRecord<byte[], byte[]> record(
      TopicPartition partition, int i, byte[] value) {
    return new ProducerRecord<>(
        partition.topic(),
        partition.partition(),
        FIRST_TIME + i * 1_000L,
        number(i),
        value,
        List.of(new RecordHeader("n", number(i))));
  }

  private static byte[] number(int i) {
    return Integer.toString(i).getBytes(UTF_8);
  }

  private static List<byte[]> randomValues(int count) {
    Random random = new Random(count);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[random.nextInt(2_000)];
      random.nextBytes(value);
      values.add(value);
    }
    return values;
  }

  private static ConsumerRecord<byte[], byte[]> next(KafkaConsumer<byte[], byte[]> consumer) {
    Deadline deadline = Deadline.in(Duration.ofSeconds(30));
    while (!deadline.isOver()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        return record;
      }
    }
    throw new AssertionError("no record within 30 s");
  }

  private static long offsetAt(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long timestamp) {
    OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(partition, timestamp)).get(partition);
    return found == null ? -1 : found.offset();
  }

  private static void awaitEnd(TopicPartition partition, long end) {
    try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(node, Map.of())) {
      Deadline.in(Duration.ofSeconds(30))
          .await(
              partition + " ends at " + end,
              () -> Clients.at(partition, consumer.endOffsets(List.of(partition))) == end);
    }
  }
}
