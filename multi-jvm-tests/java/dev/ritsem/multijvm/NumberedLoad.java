package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One producer that writes 0, 1, 2, … over a topic's partitions in turn until it is closed, and
 * remembers at which offset each number was acknowledged. Its records carry its name, so several
 * loads can share a topic.
 */
final class NumberedLoad implements AutoCloseable {
  private static final int IN_FLIGHT_MAX = 500;
  private static final int VALUE_BYTES = 120;
  private static final int DELIVERY_LIMIT_MS = 240_000;
  private static final long NOT_ACKNOWLEDGED = -1;

  private final String name;
  private final String topic;
  private final int partitions;
  private final boolean isIdempotent;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
  private final Thread sender;
  // Written by the producer's one I/O thread.
  private long[] offsets = new long[1 << 16];
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile @Nullable Exception failure;
  private volatile boolean isStopping;

  private NumberedLoad(
      String name, RealNode node, String topic, int partitions, boolean isIdempotent) {
    this.name = name;
    this.topic = topic;
    this.partitions = partitions;
    this.isIdempotent = isIdempotent;
    this.producer =
        Clients.producer(
            node,
            Map.of(
                "acks",
                isIdempotent ? "all" : "1",
                "enable.idempotence",
                isIdempotent,
                "max.in.flight.requests.per.connection",
                isIdempotent ? 5 : 1,
                "delivery.timeout.ms",
                DELIVERY_LIMIT_MS,
                "max.block.ms",
                DELIVERY_LIMIT_MS,
                "request.timeout.ms",
                5_000,
                "reconnect.backoff.max.ms",
                100,
                "retry.backoff.ms",
                20,
                "retry.backoff.max.ms",
                100,
                "linger.ms",
                1));
    Arrays.fill(offsets, NOT_ACKNOWLEDGED);
    this.sender = new Thread(this::send, "load-" + name);
    sender.start();
  }

  static NumberedLoad idempotent(String name, RealNode node, String topic, int partitions) {
    return new NumberedLoad(name, node, topic, partitions, true);
  }

  /** acks=1 without idempotence: may write twice what a kill left open, but loses nothing. */
  static NumberedLoad acknowledgedByLeader(
      String name, RealNode node, String topic, int partitions) {
    return new NumberedLoad(name, node, topic, partitions, false);
  }

  long acknowledged() {
    return acknowledged.get();
  }

  @Nullable Exception failure() {
    return failure;
  }

  /** Stops sending, waits for what is open, closes the producer. */
  @Override
  public void close() {
    isStopping = true;
    boolean interrupted = false;
    try {
      sender.join(Duration.ofMinutes(1).toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    producer.close(Duration.ofMinutes(1));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void send() {
    try {
      for (int number = 0; !isStopping; number++) {
        int sent = number;
        while (!inFlight.tryAcquire(100, TimeUnit.MILLISECONDS)) {
          if (isStopping) {
            return;
          }
        }
        byte[] value = ByteBuffer.allocate(VALUE_BYTES).putLong(number).array();
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, number % partitions, name.getBytes(UTF_8), value),
                (metadata, error) -> {
                  inFlight.release();
                  if (error == null) {
                    acknowledge(sent, metadata.offset());
                  } else {
                    failure = error;
                  }
                });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void acknowledge(int number, long offset) {
    if (number >= offsets.length) {
      int from = offsets.length;
      offsets = Arrays.copyOf(offsets, from * 2);
      Arrays.fill(offsets, from, offsets.length, NOT_ACKNOWLEDGED);
    }
    offsets[number] = offset;
    acknowledged.incrementAndGet();
  }

  /**
   * Compares what was acknowledged with what the topic holds.
   *
   * @param stored all records of each partition
   */
  void check(List<List<ConsumerRecord<byte[], byte[]>>> stored) {
    long found = 0;
    for (int p = 0; p < partitions; p++) {
      long last = -1;
      List<String> wrong = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : stored.get(p)) {
        if (!Arrays.equals(record.key(), name.getBytes(UTF_8))) {
          continue;
        }
        long number = ByteBuffer.wrap(record.value()).getLong();
        if (isIdempotent && number != last + partitions && !(last == -1 && number == p)) {
          wrong.add(number + " after " + last + " at offset " + record.offset());
        }
        if (number < offsets.length && offsets[(int) number] == record.offset()) {
          found++;
        }
        last = Math.max(last, number);
      }
      assertThat(wrong).as("%s in partition %d: order and duplicates", this, p).isEmpty();
    }
    assertThat(found)
        .as("%s: acknowledged records at their offsets", this)
        .isEqualTo(acknowledged.get());
  }

  @Override
  public String toString() {
    return (isIdempotent ? "idempotent" : "acks=1") + " load " + name;
  }
}
