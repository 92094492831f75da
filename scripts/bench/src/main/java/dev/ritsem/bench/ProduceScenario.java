package dev.ritsem.bench;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One full producer as fast as it goes. The latency of an ack counts from send(), so at full speed
 * it is mostly the client's own queue; {@code request_latency_avg_ms} is the broker's answer time.
 */
final class ProduceScenario {
  private ProduceScenario() {}

  static void run(Parameters parameters, Measurement measurement) throws Exception {
    int partitions = parameters.number("partitions", 6);
    int replicas = parameters.replicationFactor();
    int size = parameters.number("size", 1024);
    int warmup = parameters.number("warmup", 2);
    int duration = parameters.number("duration", 4);
    Properties producer = parameters.producer();
    parameters.refuseUnused();
    String topic = Topics.fresh("produce");
    Topics.create(topic, partitions, replicas);
    try {
      drive(producer, topic, size, warmup, duration, measurement);
    } finally {
      Topics.delete(topic);
    }
  }

  static void drive(
      Properties properties,
      String topic,
      int size,
      int warmup,
      int duration,
      Measurement measurement)
      throws Exception {
    byte[][] payloads = Topics.payloads(size, Topics.PAYLOADS);
    AtomicLong acked = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    AtomicBoolean isStopping = new AtomicBoolean();
    AtomicBoolean isMeasuring = new AtomicBoolean();
    LatencyHistogram latencies = new LatencyHistogram();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; !isStopping.get(); i++) {
                  long sent = System.nanoTime();
                  byte[] payload = payloads[i & (Topics.PAYLOADS - 1)];
                  producer.send(
                      new ProducerRecord<>(topic, payload),
                      (metadata, error) -> {
                        if (error != null) {
                          failed.incrementAndGet();
                          return;
                        }
                        // Only the producer's own I/O thread comes here.
                        acked.lazySet(acked.get() + 1);
                        if (isMeasuring.get()) {
                          latencies.add((System.nanoTime() - sent) / 1000);
                        }
                      });
                }
              },
              "sender");
      sender.start();
      Thread.sleep(warmup * 1000L);
      BrokerProcess.Window window = new BrokerProcess.Window();
      long ackedBefore = acked.get();
      double requestsBefore = metric(producer, "request-total");
      isMeasuring.set(true);
      Thread.sleep(duration * 1000L);
      long count = acked.get() - ackedBefore;
      double requests = metric(producer, "request-total") - requestsBefore;
      double wall = window.close(measurement);
      isMeasuring.set(false);
      measurement.put("request_latency_avg_ms", metric(producer, "request-latency-avg"));
      measurement.put("batch_bytes_avg", metric(producer, "batch-size-avg"));
      isStopping.set(true);
      sender.join();
      double gigabytes = count * (double) size / 1e9;
      double brokerCpu = measurement.get("broker_cpu_s");
      measurement.put("mb_per_s", gigabytes * 1000 / wall);
      measurement.put("records_per_s", count / wall);
      measurement.put("requests_per_s", requests / wall);
      measurement.put("broker_cpu_s_per_gb", brokerCpu / gigabytes);
      measurement.put("broker_cpu_us_per_request", brokerCpu * 1e6 / requests);
      measurement.put("client_cpu_s_per_gb", measurement.get("client_cpu_s") / gigabytes);
      latencies.into(measurement, "ack_");
    }
    measurement.put("failed", failed.get());
  }

  private static double metric(KafkaProducer<?, ?> producer, String name) {
    for (Map.Entry<MetricName, ? extends Metric> each : producer.metrics().entrySet()) {
      if (each.getKey().name().equals(name)
          && each.getKey().group().equals("producer-metrics")
          && each.getValue().metricValue() instanceof Double value) {
        return value;
      }
    }
    return Double.NaN;
  }
}
