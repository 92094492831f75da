package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Writes one record after the other to a topic of its own and reads each back before the next. */
final class HonestClient implements AutoCloseable {
  private static final Duration READ_LIMIT = Duration.ofSeconds(30);

  private final RealNode node;
  private final TopicPartition partition;
  private final AtomicBoolean isStopping = new AtomicBoolean();
  private final Thread thread;
  private volatile int served;
  private volatile long slowestNanos;
  private volatile @Nullable Throwable failure;

  HonestClient(RealNode node, String topic) {
    this.node = node;
    this.partition = new TopicPartition(topic, 0);
    Clients.createTopic(node, topic, 1, Map.of());
    this.thread = new Thread(this::run, "honest");
    thread.start();
  }

  /** Records that were written and read back so far. */
  int served() {
    return served;
  }

  /** Milliseconds that the slowest of them took. */
  long slowestMs() {
    return Duration.ofNanos(slowestNanos).toMillis();
  }

  /** Stops, and holds the node to what it acknowledged. */
  void stopAndCheck() {
    close();
    if (failure != null) {
      throw new AssertionError("the honest client was not served", failure);
    }
    assertThat(Clients.readAll(node, partition))
        .extracting(record -> new String(record.value(), UTF_8))
        .hasSize(served)
        .satisfies(
            values -> {
              for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i)).isEqualTo("honest " + i);
              }
            });
  }

  private void run() {
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of("linger.ms", 0));
        KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(node, Map.of())) {
      consumer.assign(List.of(partition));
      for (int i = 0; !isStopping.get(); i++) {
        long start = System.nanoTime();
        byte[] value = ("honest " + i).getBytes(UTF_8);
        Clients.answer(producer.send(new ProducerRecord<>(partition.topic(), 0, null, value)));
        awaitRecord(consumer, i, value);
        slowestNanos = Math.max(slowestNanos, System.nanoTime() - start);
        served = i + 1;
      }
    } catch (RuntimeException | AssertionError e) {
      failure = e;
    }
  }

  private static void awaitRecord(KafkaConsumer<byte[], byte[]> consumer, int i, byte[] value) {
    Deadline deadline = Deadline.in(READ_LIMIT);
    while (!deadline.isOver()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        assertThat(record.offset()).isEqualTo(i);
        assertThat(record.value()).isEqualTo(value);
        return;
      }
    }
    throw new AssertionError("record " + i + " was acknowledged and cannot be read");
  }

  @Override
  public void close() {
    isStopping.set(true);
    try {
      thread.join(READ_LIMIT.multipliedBy(3).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
