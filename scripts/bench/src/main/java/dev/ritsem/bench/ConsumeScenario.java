package dev.ritsem.bench;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what was just written, so from the page cache, round and round. {@code client=java} is one
 * full consumer; {@code client=raw} is a thread per leader that fetches and throws away, which
 * shows the broker's side.
 */
final class ConsumeScenario {
  private static final int RAW_FETCH_BYTES = 1 << 20;

  private ConsumeScenario() {}

  static void run(Parameters parameters, Measurement measurement) throws Exception {
    int partitions = parameters.number("partitions", 6);
    int replicas = parameters.replicationFactor();
    int size = parameters.number("size", 1024);
    int megabytes = parameters.number("fill_mb", 400);
    int warmup = parameters.number("warmup", 2);
    int duration = parameters.number("duration", 4);
    boolean isRaw = parameters.text("client", "java").equals("raw");
    Properties producer = parameters.producer();
    parameters.refuseUnused();
    String topic = Topics.fresh("consume");
    Topics.create(topic, partitions, replicas);
    try {
      Topics.fill(producer, topic, size, megabytes);
      Thread.sleep(500);
      if (isRaw) {
        raw(topic, partitions, warmup, duration, measurement);
      } else {
        full(topic, partitions, warmup, duration, measurement);
      }
    } finally {
      Topics.delete(topic);
    }
  }

  static void full(String topic, int partitions, int warmup, int duration, Measurement measurement)
      throws Exception {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      all.add(new TopicPartition(topic, i));
    }
    Properties properties = Parameters.consumer();
    // Matters at the end of the log only, where the default 500 ms would stall every lap.
    properties.put("fetch.max.wait.ms", "1");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long total = consumer.endOffsets(all).values().stream().mapToLong(end -> end).sum();
      long seen = 0;
      long bytes = 0;
      long start = System.nanoTime();
      BrokerProcess.Window window = null;
      double elapsed = 0;
      while (elapsed < warmup + duration) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          seen++;
          bytes += record.value().length;
        }
        if (seen >= total) {
          seen = 0;
          consumer.seekToBeginning(all);
        }
        elapsed = (System.nanoTime() - start) / 1e9;
        if (window == null && elapsed >= warmup) {
          window = new BrokerProcess.Window();
          bytes = 0;
        }
      }
      if (window != null) {
        report(measurement, window.close(measurement), bytes);
      }
    }
  }

  private static void raw(
      String topic, int partitions, int warmup, int duration, Measurement measurement)
      throws Exception {
    WireClient.Metadata metadata = WireClient.anyMetadata(topic);
    AtomicLong bytes = new AtomicLong();
    AtomicBoolean isStopping = new AtomicBoolean();
    List<Thread> readers = new ArrayList<>();
    for (Map.Entry<Integer, InetSocketAddress> broker : metadata.brokers().entrySet()) {
      List<Integer> led = new ArrayList<>();
      metadata
          .partitions()
          .forEach(
              (index, partition) -> {
                if (partition.leader() == broker.getKey()) {
                  led.add(index);
                }
              });
      if (!led.isEmpty()) {
        Thread reader =
            new Thread(
                () -> fetchRound(broker.getValue(), topic, led, partitions, bytes, isStopping));
        reader.start();
        readers.add(reader);
      }
    }
    Thread.sleep(warmup * 1000L);
    BrokerProcess.Window window = new BrokerProcess.Window();
    long before = bytes.get();
    Thread.sleep(duration * 1000L);
    long read = bytes.get() - before;
    double wall = window.close(measurement);
    isStopping.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    report(measurement, wall, read);
  }

  private static void fetchRound(
      InetSocketAddress broker,
      String topic,
      List<Integer> led,
      int partitions,
      AtomicLong bytes,
      AtomicBoolean isStopping) {
    try (WireClient client = new WireClient(broker, 10_000)) {
      long[] next = new long[partitions];
      for (int i = 0; !isStopping.get(); i++) {
        int partition = led.get(i % led.size());
        WireClient.Fetched fetched =
            client.fetch(topic, partition, next[partition], RAW_FETCH_BYTES);
        // A short answer is the end of the log: start over rather than wait for new data.
        next[partition] = fetched.bytes() < RAW_FETCH_BYTES / 2 ? 0 : fetched.nextOffset();
        bytes.addAndGet(fetched.bytes());
      }
    } catch (Exception e) {
      e.printStackTrace();
    }
  }

  private static void report(Measurement measurement, double wall, long bytes) {
    double gigabytes = bytes / 1e9;
    measurement.put("mb_per_s", gigabytes * 1000 / wall);
    measurement.put("broker_cpu_s_per_gb", measurement.get("broker_cpu_s") / gigabytes);
    measurement.put("client_cpu_s_per_gb", measurement.get("client_cpu_s") / gigabytes);
  }
}
