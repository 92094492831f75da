package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.client.producer.ProducerBatch;
import dev.ritsem.client.producer.ProducerCore;
import dev.ritsem.client.producer.ProducerLimits;
import dev.ritsem.record.Compression;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to requests, answers and leaders: every record that was taken is stored exactly
 * once, in the order in which it was taken per partition, at the offset that was reported.
 */
class ProducerSimulationTest {
  private static final int RECORDS = 300;
  private static final long STEPS_MAX = 200_000;

  @Test
  void a_quiet_network_stores_everything_once_and_in_order() {
    Seeds.forEach(ProducerSimulationTest.class, 10, seed -> run(seed, 0, 0, 0));
  }

  @Test
  void lost_requests_and_answers_lose_and_repeat_nothing() {
    Seeds.forEach(ProducerSimulationTest.class, 60, seed -> run(seed, 0.15, 0, 0));
  }

  @Test
  void passing_broker_errors_lose_and_repeat_nothing() {
    Seeds.forEach(ProducerSimulationTest.class, 60, seed -> run(seed, 0.02, 0.2, 0));
  }

  @Test
  void moving_leaders_with_losses_lose_and_repeat_nothing() {
    Seeds.forEach(ProducerSimulationTest.class, 100, seed -> run(seed, 0.1, 0.1, 12));
  }

  @Test
  void brokers_that_forget_the_producer_lose_and_repeat_nothing() {
    Seeds.forEach(
        ProducerSimulationTest.class,
        60,
        seed -> {
          Random random = Seeds.random(seed);
          SimulatedCluster cluster = new SimulatedCluster(random, 2);
          cluster.createTopic("t", 1 + random.nextInt(3));
          cluster.refuseUnknownProducers = true;
          for (int i = 0; i < 5; i++) {
            cluster.at(
                random.nextInt(400),
                () -> cluster.partitions.values().forEach(SimulatedPartition::forgetProducers));
          }
          new Run(cluster, random, 0).go();
        });
  }

  private static void run(long seed, double loss, double trouble, int leaderMoves) {
    Random random = Seeds.random(seed);
    SimulatedCluster cluster = new SimulatedCluster(random, 3);
    cluster.createTopic("t", 1 + random.nextInt(4));
    cluster.loss = loss;
    cluster.trouble = trouble;
    if (random.nextBoolean()) {
      cluster.maxBatchBytes = 300;
    }
    new Run(cluster, random, leaderMoves).go();
  }

  private static final class Run {
    private final SimulatedCluster cluster;
    private final Random random;
    private final ProducerCore core;
    private final List<Taken> taken = new ArrayList<>();
    private int leaderMoves;

    private record Taken(String value, ProducerBatch batch, int index) {}

    Run(SimulatedCluster cluster, Random random, int leaderMoves) {
      this.cluster = cluster;
      this.random = random;
      this.leaderMoves = leaderMoves;
      Compression[] codecs = {Compression.NONE, Compression.LZ4, Compression.GZIP};
      ProducerLimits limits =
          ProducerLimitsForTests.create(codecs[random.nextInt(codecs.length)], 2_000);
      this.core = new ProducerCore(cluster.bootstrap(), limits, null, random, cluster.nowMs());
    }

    void go() {
      for (long step = 0; step < STEPS_MAX && !isDone(); step++) {
        feed();
        if (leaderMoves > 0 && random.nextInt(40) == 0) {
          leaderMoves--;
          List<TopicPartition> all = new ArrayList<>(cluster.partitions.keySet());
          cluster.moveLeader(all.get(random.nextInt(all.size())));
        }
        assertThat(cluster.step(core)).as("something goes on").isTrue();
        assertThat(core.failure()).isNull();
      }
      assertThat(isDone()).as("everything is acknowledged").isTrue();
      check();
    }

    private boolean isDone() {
      return taken.size() == RECORDS && core.isIdle();
    }

    private void feed() {
      int burst = random.nextInt(6);
      for (int i = 0; i < burst && taken.size() < RECORDS && core.hasRoom(); i++) {
        String value = "v" + taken.size() + "-" + "x".repeat(random.nextInt(60));
        byte[] key =
            random.nextBoolean()
                ? ("k" + random.nextInt(20)).getBytes(StandardCharsets.UTF_8)
                : null;
        ProducerBatch batch =
            core.append(
                "t",
                null,
                5,
                key,
                value.getBytes(StandardCharsets.UTF_8),
                List.of(),
                cluster.nowMs());
        if (batch == null) {
          break;
        }
        taken.add(new Taken(value, batch, batch.recordCount() - 1));
      }
      core.flush(taken.size() == RECORDS);
    }

    private void check() {
      Map<String, String> stored = new HashMap<>();
      Map<TopicPartition, List<Integer>> order = new HashMap<>();
      cluster.partitions.forEach(
          (name, partition) -> {
            for (ByteBuffer bytes : partition.batches) {
              for (LogRecord record : RecordIterator.toList(RecordBatch.at(bytes, 0))) {
                String value = text(record);
                assertThat(stored.put(value, name + "@" + record.offset()))
                    .as("stored once: " + value)
                    .isNull();
                order
                    .computeIfAbsent(name, any -> new ArrayList<>())
                    .add(Integer.parseInt(value.substring(1, value.indexOf('-'))));
              }
            }
          });
      List<String> missing = new ArrayList<>();
      for (Taken record : taken) {
        if (!stored.containsKey(record.value())) {
          missing.add(record.value() + " of " + record.batch().partition());
        }
      }
      assertThat(missing).as("taken and not stored").isEmpty();
      order.values().forEach(numbers -> assertThat(numbers).isSorted());
      for (Taken record : taken) {
        assertThat(record.batch().isAcknowledged()).isTrue();
        long offset = record.batch().offset(record.index());
        if (offset >= 0) {
          assertThat(stored)
              .containsEntry(record.value(), record.batch().partition() + "@" + offset);
        }
      }
    }

    private static String text(LogRecord record) {
      ByteBuffer value = record.value();
      if (value == null) {
        throw new AssertionError("no value at " + record.offset());
      }
      return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }
  }
}
