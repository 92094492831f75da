package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.client.consumer.FetchCore;
import dev.ritsem.client.consumer.FetchLimits;
import dev.ritsem.client.consumer.FetchedRecords;
import dev.ritsem.client.consumer.Position;
import dev.ritsem.client.consumer.ReadPlan;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.LogRecord;
import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to requests, answers and leaders: every record between start and stop is
 * delivered once and in order, and no more is held than the credit allows.
 */
class FetchSimulationTest {
  private static final long PREFETCH_BYTES = 3_000;
  private static final int BATCH_BYTES_MAX = 700;
  private static final long STEPS_MAX = 200_000;

  @Test
  void a_quiet_network_delivers_everything_once_and_in_order() {
    Seeds.forEach(FetchSimulationTest.class, 20, seed -> run(seed, 0, 0, 0));
  }

  @Test
  void lost_requests_and_answers_lose_and_repeat_nothing() {
    Seeds.forEach(FetchSimulationTest.class, 60, seed -> run(seed, 0.15, 0, 0));
  }

  @Test
  void moving_leaders_and_passing_errors_lose_and_repeat_nothing() {
    Seeds.forEach(FetchSimulationTest.class, 100, seed -> run(seed, 0.05, 0.15, 10));
  }

  private static void run(long seed, double loss, double trouble, int leaderMoves) {
    Random random = Seeds.random(seed);
    SimulatedCluster cluster = new SimulatedCluster(random, 1 + random.nextInt(3));
    cluster.createTopic("t", 1 + random.nextInt(5));
    cluster.loss = loss;
    cluster.trouble = trouble;
    new Run(cluster, random, leaderMoves).go();
  }

  private static final class Run {
    private final SimulatedCluster cluster;
    private final Random random;
    private final Map<TopicPartition, Long> firstOffsets = new HashMap<>();
    private final Map<TopicPartition, Long> delivered = new HashMap<>();
    private final FetchCore core;
    private int leaderMoves;

    Run(SimulatedCluster cluster, Random random, int leaderMoves) {
      this.cluster = cluster;
      this.random = random;
      this.leaderMoves = leaderMoves;
      cluster.partitions.forEach((name, partition) -> fill(name, random.nextInt(120)));
      this.core = new FetchCore(cluster.bootstrap(), plan(), limits(), random, cluster.nowMs());
    }

    /** Timestamps count like offsets. */
    private void fill(TopicPartition name, int records) {
      SimulatedPartition partition = cluster.partition(name);
      long end = partition.endOffset() + records;
      while (partition.endOffset() < end) {
        Compression codec = random.nextBoolean() ? Compression.NONE : Compression.LZ4;
        BatchBuilder batch = new BatchBuilder(codec);
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
          long offset = partition.endOffset() + i;
          byte[] value = new byte[Long.BYTES + random.nextInt(50)];
          ByteBuffer.wrap(value).putLong(offset);
          batch.append(offset, null, ByteBuffer.wrap(value), List.of());
        }
        partition.append(batch.build(), Integer.MAX_VALUE, false);
      }
    }

    private ReadPlan plan() {
      if (random.nextBoolean()) {
        cluster.partitions.keySet().forEach(name -> firstOffsets.put(name, 0L));
        return new ReadPlan(
            Set.of("t"), Position.earliest(), Map.of(), Map.of(), Optional.of(Position.latest()));
      }
      Map<TopicPartition, Position> starts = new HashMap<>();
      cluster.partitions.forEach(
          (name, partition) -> {
            long first = (long) (random.nextDouble() * partition.endOffset());
            firstOffsets.put(name, first);
            starts.put(
                name,
                random.nextBoolean() || partition.endOffset() == 0
                    ? new Position.Known(first)
                    : new Position.Lookup(first));
          });
      return new ReadPlan(
          Set.of(), Position.earliest(), starts, Map.of(), Optional.of(Position.latest()));
    }

    private static FetchLimits limits() {
      return new FetchLimits(
          1,
          10_000,
          1_000,
          100,
          PREFETCH_BYTES,
          Optional.of(Position.earliest()),
          false,
          true,
          10_000_000,
          10,
          200,
          ProducerLimitsForTests.metadata());
    }

    void go() {
      for (long step = 0; step < STEPS_MAX && !core.isDone(); step++) {
        take(random.nextInt(12));
        if (leaderMoves > 0 && random.nextInt(30) == 0) {
          leaderMoves--;
          List<TopicPartition> all = new ArrayList<>(cluster.partitions.keySet());
          cluster.moveLeader(all.get(random.nextInt(all.size())));
        }
        if (!core.isDone() && !cluster.step(core)) {
          assertThat(core.ready()).as("something goes on").isNotNull();
        }
        assertThat(core.failure()).isNull();
        assertThat(core.bufferedBytes())
            .isLessThanOrEqualTo(PREFETCH_BYTES + (long) BATCH_BYTES_MAX * cluster.brokers.size());
      }
      assertThat(core.isDone()).as("everything is read").isTrue();
      cluster.partitions.forEach(
          (name, partition) ->
              assertThat(delivered.getOrDefault(name, firstOffsets.getOrDefault(name, -1L)))
                  .as("next offset of " + name)
                  .isEqualTo(partition.endOffset()));
    }

    private void take(int demand) {
      for (int i = 0; i < demand; i++) {
        FetchedRecords ready = core.ready();
        if (ready == null) {
          return;
        }
        LogRecord record = ready.next();
        if (record == null) {
          core.onConsumed();
          continue;
        }
        long expected =
            delivered.getOrDefault(
                ready.partition(), firstOffsets.getOrDefault(ready.partition(), -1L));
        assertThat(record.offset()).as("next of " + ready.partition()).isEqualTo(expected);
        ByteBuffer value = record.value();
        assertThat(value).isNotNull();
        assertThat(value == null ? -1 : value.getLong(value.position())).isEqualTo(expected);
        delivered.put(ready.partition(), expected + 1);
      }
    }
  }
}
