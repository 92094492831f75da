package dev.ritsem.multijvm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Apache Kafka's own Java clients, at the version this project builds with, set up for tests. */
public final class Clients {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
  private static final Duration READ_LIMIT = Duration.ofSeconds(60);

  private Clients() {}

  public static Admin admin(RealNode node) {
    return Admin.create(Map.of("bootstrap.servers", node.bootstrap()));
  }

  /** Creates a topic and waits until the node knows it; it may answer before it does. */
  public static void createTopic(
      RealNode node, String topic, int partitions, Map<String, String> configs) {
    try (Admin admin = admin(node)) {
      NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(configs);
      answer(admin.createTopics(List.of(wanted)).all());
      Deadline.in(ANSWER_LIMIT)
          .await(
              topic + " is known",
              () -> answer(admin.describeTopics(List.of(topic)).allTopicNames()).size() == 1);
    }
  }

  /** A producer with Kafka's defaults (idempotent, acks=all), and what is given over them. */
  public static KafkaProducer<byte[], byte[]> producer(
      RealNode node, Map<String, Object> overrides) {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrap.servers", node.bootstrap());
    all.putAll(overrides);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends all of the records and waits for all of the acknowledgements. */
  public static List<RecordMetadata> produce(
      KafkaProducer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
    producer.flush();
    return sent.stream().map(Clients::answer).toList();
  }

  /** A consumer without a group, for {@code assign}. It checks the CRC of every batch. */
  public static KafkaConsumer<byte[], byte[]> consumer(
      RealNode node, Map<String, Object> overrides) {
    Map<String, Object> all = new HashMap<>();
    all.put("bootstrap.servers", node.bootstrap());
    all.put("auto.offset.reset", "earliest");
    all.put("enable.auto.commit", "false");
    all.put("check.crcs", "true");
    all.putAll(overrides);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** All records of a partition, from its log start to the end it has when the call begins. */
  public static List<ConsumerRecord<byte[], byte[]>> readAll(RealNode node, TopicPartition from) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(node, Map.of())) {
      consumer.assign(List.of(from));
      consumer.seekToBeginning(List.of(from));
      long end = at(from, consumer.endOffsets(List.of(from)));
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Deadline deadline = Deadline.in(READ_LIMIT);
      while (consumer.position(from) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        if (deadline.isOver()) {
          throw new AssertionError(
              "read "
                  + records.size()
                  + " records of "
                  + from
                  + " and got stuck at "
                  + consumer.position(from)
                  + " before "
                  + end);
        }
      }
      return records;
    }
  }

  /**
   * The result of the future; a failure becomes the cause's own exception inside an AssertionError.
   */
  public static <T> T answer(Future<T> future) {
    try {
      return future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("the node refused: " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + ANSWER_LIMIT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** What the map that was asked for says about the key. */
  public static <K, V> V answerFor(K key, Future<Map<K, V>> future) {
    return at(key, answer(future));
  }

  /** The value at the key, which must be there. */
  public static <K, V> V at(K key, Map<K, V> map) {
    V value = map.get(key);
    if (value == null) {
      throw new AssertionError("nothing about " + key + " in " + map);
    }
    return value;
  }

  /** The error with which the future fails. */
  public static Throwable refusal(Future<?> future) {
    try {
      Object answer = future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("expected a refusal, got " + answer);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + ANSWER_LIMIT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
