package dev.ritsem.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics of the scenarios, and what is written to them. */
final class Topics {
  /** Power of two: payloads are taken in turn. */
  static final int PAYLOADS = 2048;

  private static final int LEADERS_LIMIT_S = 60;

  private Topics() {}

  static String fresh(String purpose) {
    return "bench-" + purpose + "-" + Long.toString(System.currentTimeMillis() % 100_000_000L, 36);
  }

  /** Creates the topic and waits until every partition has a leader and all of its replicas. */
  static void create(String topic, int partitions, int replicationFactor) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) replicationFactor)))
          .all()
          .get(60, TimeUnit.SECONDS);
    }
    awaitLeaders(topic, partitions, replicationFactor);
  }

  static void awaitLeaders(String topic, int partitions, int replicationFactor)
      throws InterruptedException {
    long start = System.nanoTime();
    while ((System.nanoTime() - start) / 1e9 < LEADERS_LIMIT_S) {
      WireClient.Metadata metadata = WireClient.anyMetadata(topic);
      if (metadata != null && metadata.isComplete(partitions, replicationFactor)) {
        return;
      }
      Thread.sleep(10);
    }
    throw new IllegalStateException("no full set of leaders for " + topic);
  }

  static void delete(String topic) {
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      System.err.println("could not delete " + topic + ": " + e);
    }
  }

  /** Writes about so many megabytes of values. */
  static void fill(Properties producer, String topic, int size, int megabytes) {
    byte[][] payloads = payloads(size, PAYLOADS);
    long count = megabytes * 1_000_000L / size;
    try (KafkaProducer<byte[], byte[]> to =
        new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (long i = 0; i < count; i++) {
        to.send(new ProducerRecord<>(topic, payloads[(int) (i & (PAYLOADS - 1))]));
      }
      to.flush();
    }
  }

  /** Text like log lines with random fields: lz4 takes it to about half. */
  static byte[][] payloads(int size, int count) {
    Random random = new Random(7);
    String[] words = {
      "level", "INFO", "service", "checkout", "user", "trace", "status", "200", "region", "cart"
    };
    byte[][] all = new byte[count][];
    for (int i = 0; i < count; i++) {
      StringBuilder line = new StringBuilder("{");
      while (line.length() < size) {
        line.append('"').append(words[random.nextInt(words.length)]).append("\":\"");
        line.append(Long.toString(random.nextLong() >>> 20, 36)).append("\",");
      }
      line.setLength(size);
      all[i] = line.toString().getBytes(ISO_8859_1);
    }
    return all;
  }

  private static Admin admin() {
    Properties properties = new Properties();
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, Parameters.bootstrap());
    return Admin.create(properties);
  }
}
