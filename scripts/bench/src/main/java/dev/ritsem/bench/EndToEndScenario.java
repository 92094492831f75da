package dev.ritsem.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A low rate, open loop: from the moment a record was due until the consumer has it in hand. */
final class EndToEndScenario {
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final LatencyHistogram endToEnd = new LatencyHistogram();
  private final LatencyHistogram acks = new LatencyHistogram();
  private final AtomicBoolean isMeasuring = new AtomicBoolean();
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final CountDownLatch isAtEnd = new CountDownLatch(1);

  private EndToEndScenario() {}

  static void run(Parameters parameters, Measurement measurement) throws Exception {
    int count = parameters.number("partitions", 6);
    int replicas = parameters.replicationFactor();
    int size = parameters.number("size", 1024);
    int rate = parameters.number("rate", 1000);
    int warmup = parameters.number("warmup", 3);
    int duration = parameters.number("duration", 6);
    Properties producer = parameters.producer();
    producer.putIfAbsent("linger.ms", "0");
    parameters.refuseUnused();
    String topic = Topics.fresh("e2e");
    Topics.create(topic, count, replicas);
    EndToEndScenario scenario = new EndToEndScenario();
    for (int i = 0; i < count; i++) {
      scenario.partitions.add(new TopicPartition(topic, i));
    }
    try {
      Thread consumer = new Thread(scenario::consume, "consumer");
      consumer.start();
      scenario.isAtEnd.await();
      scenario.produce(producer, topic, size, rate, warmup, duration, measurement);
      scenario.isStopping.set(true);
      consumer.join();
    } finally {
      Topics.delete(topic);
    }
    scenario.endToEnd.into(measurement, "e2e_");
    scenario.acks.into(measurement, "ack_");
  }

  private void consume() {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Parameters.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      isAtEnd.countDown();
      while (!isStopping.get()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (isMeasuring.get()) {
            endToEnd.add((System.nanoTime() - ByteBuffer.wrap(record.value()).getLong()) / 1000);
          }
        }
      }
    }
  }

  private void produce(
      Properties properties,
      String topic,
      int size,
      int rate,
      int warmup,
      int duration,
      Measurement measurement)
      throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      byte[] body = Topics.payloads(size, 1)[0];
      OpenLoop loop = new OpenLoop(rate);
      long start = System.nanoTime();
      long count = 0;
      BrokerProcess.Window window = null;
      double elapsed = 0;
      while (elapsed < warmup + duration) {
        long due = loop.next();
        byte[] value = body.clone();
        ByteBuffer.wrap(value).putLong(due);
        producer.send(
            new ProducerRecord<>(topic, value),
            (metadata, error) -> {
              if (isMeasuring.get() && error == null) {
                acks.add((System.nanoTime() - due) / 1000);
              }
            });
        count++;
        elapsed = (due - start) / 1e9;
        if (window == null && elapsed >= warmup) {
          window = new BrokerProcess.Window();
          isMeasuring.set(true);
          count = 0;
        }
      }
      double wall = window.close(measurement);
      Thread.sleep(200);
      isMeasuring.set(false);
      double brokerCpu = measurement.get("broker_cpu_s");
      measurement.put("records_per_s", count / wall);
      measurement.put("broker_cores", brokerCpu / wall);
      measurement.put("broker_cpu_us_per_record", brokerCpu * 1e6 / count);
    }
  }
}
