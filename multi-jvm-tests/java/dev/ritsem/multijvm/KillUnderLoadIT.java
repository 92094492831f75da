package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is killed with {@code kill -9} while producers write as fast as they may, again and again.
 * Whatever it acknowledged before must be there afterwards, at the offset that it named, in order;
 * and a record of an idempotent producer must be there once, although the producer sends everything
 * again that the kill left open.
 *
 * <p>{@code -Dritsem.kill.rounds=N} kills N times; {@code -Dritsem.test.seed=N} repeats the moments
 * that a failure printed, as far as the machine lets it.
 */
class KillUnderLoadIT {
  private static final int ROUNDS = Integer.getInteger("ritsem.kill.rounds", 20);
  private static final long SEED = Seed.chosen();
  private static final int CLEAN_STOPS = 3;
  private static final int PARTITIONS = 3;
  private static final String TOPIC = "under-load";
  private static final Duration PROGRESS_LIMIT = Duration.ofSeconds(60);
  private static final int ACKS_BEFORE_KILL_MAX = 3_000;
  private static final int EXTRA_DELAY_MAX_MS = 200;

  @RegisterExtension final RealNodes nodes = new RealNodes();

  @Test
  void nothingAcknowledgedIsLostDoubledOrReorderedWhenTheNodeIsKilled(@TempDir Path directory) {
    System.out.println("KillUnderLoadIT: " + ROUNDS + " kills, " + Seed.replay(getClass(), SEED));
    interruptUnderLoad(nodes.start(directory), ROUNDS, RealNode::kill);
  }

  @Test
  void nothingAcknowledgedIsLostDoubledOrReorderedWhenTheNodeIsStopped(@TempDir Path directory) {
    interruptUnderLoad(nodes.start(directory), CLEAN_STOPS, RealNode::stop);
  }

  private void interruptUnderLoad(RealNode node, int rounds, Consumer<RealNode> interruption) {
    Random random = new Random(SEED);
    Clients.createTopic(node, TOPIC, PARTITIONS, Map.of("segment.bytes", "1048576"));
    List<String> created = new ArrayList<>();

    NumberedLoad first = NumberedLoad.idempotent("first", node, TOPIC, PARTITIONS);
    NumberedLoad second = NumberedLoad.idempotent("second", node, TOPIC, PARTITIONS);
    NumberedLoad leaderOnly = NumberedLoad.acknowledgedByLeader("third", node, TOPIC, PARTITIONS);
    List<NumberedLoad> loads = List.of(first, second, leaderOnly);
    try {
      for (int round = 1; round <= rounds; round++) {
        // One kill in five comes while the node has hardly started again.
        int acks = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(ACKS_BEFORE_KILL_MAX);
        awaitAcks(loads, acks, round);
        String topic = "created-in-round-" + round;
        Clients.createTopic(node, topic, 1, Map.of());
        created.add(topic);
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(EXTRA_DELAY_MAX_MS)).toNanos());
        interruption.accept(node);
        node.start();
      }
      awaitAcks(loads, 1, rounds + 1);
    } finally {
      loads.forEach(NumberedLoad::close);
    }

    assertThat(first.failure()).as("the idempotent producer gave up").isNull();
    assertThat(second.failure()).as("the idempotent producer gave up").isNull();
    List<List<ConsumerRecord<byte[], byte[]>>> partitions = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      partitions.add(Clients.readAll(node, new TopicPartition(TOPIC, p)));
    }
    loads.forEach(load -> load.check(partitions));
    try (Admin admin = Clients.admin(node)) {
      assertThat(Clients.answer(admin.listTopics().names())).containsAll(created);
    }
    System.out.printf(
        "KillUnderLoadIT: %,d acknowledged records are there, none twice, in order%n",
        loads.stream().mapToLong(NumberedLoad::acknowledged).sum());
    node.stop();
    // One of them: the tool prints every record.
    assertThat(SegmentDump.check(node.logDirectory().resolve(TOPIC + "-0")))
        .isEqualTo(partitions.get(0).size());
  }

  /** Every load goes on: a node that is up again and serves only some of them is not up. */
  private static void awaitAcks(List<NumberedLoad> loads, int more, int round) {
    for (NumberedLoad load : loads) {
      long wanted = load.acknowledged() + more;
      Deadline.in(PROGRESS_LIMIT)
          .await(
              "acknowledgements for " + load + " in round " + round,
              () -> load.acknowledged() >= wanted,
              () -> "last failure: " + load.failure());
    }
  }
}
