package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.controller.ConfigAlteration.OperationType;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.FeaturesImage;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.metadata.image.TopicsImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random requests, legal and not, against the core; after each one everything that must always be
 * true of the image is checked, and at the end that the history leads to the same image again.
 */
class ControllerModelTest {
  private static final int SEEDS = 150;
  private static final int STEPS = 120;
  private static final List<String> NAMES =
      List.of("a", "b", "c.d", "c_d", "e", "..", "x y", "__cluster_metadata", "");
  private static final List<String> KEYS =
      List.of("cleanup.policy", "retention.ms", "min.insync.replicas", "unknown");
  private static final List<String> VALUES =
      List.of("delete", "compact", "1", "delete,compact", "");

  @Test
  void keeps_what_must_always_be_true() {
    Seeds.forEach(ControllerModelTest.class, SEEDS, seed -> new Run(seed).run());
  }

  @Test
  void decides_equally_for_equal_seeds() {
    Seeds.forEach(
        ControllerModelTest.class,
        20,
        seed -> {
          Run one = new Run(seed);
          Run other = new Run(seed);
          one.run();
          other.run();
          assertThat(one.cluster.history).isEqualTo(other.cluster.history);
        });
  }

  private static final class Run {
    private final Random random;
    private final ClusterFixture cluster;
    private final Set<TopicId> idsEver = new HashSet<>();
    private long producerIdsEnd;

    Run(long seed) {
      this.random = Seeds.random(seed);
      this.cluster = new ClusterFixture(ClusterFixture.settings(), seed);
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        ClusterImage before = cluster.image;
        try {
          act();
        } catch (WireException refused) {
          assertThat(cluster.image).as("a refused request changes nothing").isSameAs(before);
        }
        checkImage(cluster.image);
        checkSuccession(before, cluster.image);
      }
      checkHistory();
    }

    private void act() {
      switch (random.nextInt(12)) {
        case 0 -> cluster.register(random.nextInt(5), random.nextBoolean() ? "east" : "west");
        case 1, 2 -> someBroker(cluster::unfence);
        case 3 -> someBroker(broker -> cluster.fence(broker.id().value()));
        case 4, 5, 6 -> createTopics();
        case 7 -> deleteTopics();
        case 8 -> createPartitions();
        case 9, 10 -> alterConfigs();
        default -> reserveProducerIds();
      }
    }

    private void someBroker(Consumer<BrokerRegistration> action) {
      List<BrokerRegistration> brokers = List.copyOf(cluster.image.brokers().values());
      if (!brokers.isEmpty()) {
        action.accept(pick(brokers));
      }
    }

    private void createTopics() {
      List<NewTopic> topics = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        topics.add(
            random.nextInt(4) == 0
                ? new NewTopic(pick(NAMES), -1, -1, assignments(), Map.of())
                : new NewTopic(
                    pick(NAMES), random.nextInt(7) - 1, random.nextInt(5) - 1, configs()));
      }
      boolean validateOnly = random.nextInt(5) == 0;
      long version = cluster.image.version();
      List<TopicResult> results =
          cluster.commit(cluster.core.createTopics(cluster.image, topics, validateOnly));
      for (TopicResult result : results) {
        if (validateOnly) {
          assertThat(cluster.image.version()).isEqualTo(version);
        } else if (result.succeeded()) {
          assertThat(idsEver.add(result.id())).as("an id is never used again").isTrue();
          assertThat(cluster.image.topics().find(result.id())).isNotNull();
        }
      }
    }

    private List<ReplicaAssignment> assignments() {
      return IntStream.rangeClosed(0, random.nextInt(3))
          .mapToObj(
              partition ->
                  new ReplicaAssignment(
                      random.nextInt(8) == 0 ? 5 : partition,
                      random.ints(1 + random.nextInt(2), 0, 5).boxed().toList()))
          .toList();
    }

    private Map<String, @Nullable String> configs() {
      Map<String, @Nullable String> configs = new HashMap<>();
      if (random.nextBoolean()) {
        configs.put(pick(KEYS), random.nextInt(6) == 0 ? null : pick(VALUES));
      }
      return configs;
    }

    private void deleteTopics() {
      List<TopicRef> refs = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        TopicImage known = cluster.image.topics().find(pick(NAMES));
        refs.add(
            known != null && random.nextBoolean()
                ? TopicRef.of(known.id())
                : TopicRef.named(pick(NAMES)));
      }
      for (TopicResult result : cluster.commit(cluster.core.deleteTopics(cluster.image, refs))) {
        if (result.succeeded()) {
          assertThat(cluster.image.topics().find(result.id())).isNull();
        }
      }
    }

    private void createPartitions() {
      List<NewPartitions> requests =
          List.of(
              NewPartitions.increaseTo(pick(NAMES), random.nextInt(12)),
              NewPartitions.increaseTo(pick(NAMES), random.nextInt(12)));
      cluster.commit(
          cluster.core.createPartitions(cluster.image, requests, random.nextInt(5) == 0));
    }

    private void alterConfigs() {
      List<ConfigOperation> operations = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        operations.add(
            new ConfigOperation(
                pick(KEYS),
                pick(List.of(OperationType.values())),
                random.nextInt(8) == 0 ? null : pick(VALUES)));
      }
      cluster.commit(
          cluster.core.alterTopicConfigs(
              cluster.image,
              List.of(new ConfigAlteration(pick(NAMES), operations, random.nextInt(5) == 0)),
              random.nextInt(5) == 0));
    }

    private void reserveProducerIds() {
      long first = cluster.commit(cluster.core.reserveProducerIds(cluster.image));
      assertThat(first).as("no producer id is given twice").isGreaterThanOrEqualTo(producerIdsEnd);
      producerIdsEnd = first + Controller.PRODUCER_ID_BLOCK_SIZE;
    }

    private <T> T pick(List<T> values) {
      return values.get(random.nextInt(values.size()));
    }

    private void checkHistory() {
      assertThat(ClusterImage.EMPTY.applyAll(cluster.history)).isEqualTo(cluster.image);
      assertThat(cluster.image.version()).isEqualTo(cluster.history.size());
      assertThat(fromScratch(cluster.image)).isEqualTo(cluster.image);
      ClusterImage stored = ClusterImage.EMPTY;
      for (MetadataEvent event : cluster.history) {
        stored = stored.apply((MetadataEvent) throughBytes(event));
      }
      assertThat(stored).isEqualTo(cluster.image);
      assertThat(throughBytes(cluster.image)).isEqualTo(cluster.image);
    }
  }

  private static void checkImage(ClusterImage image) {
    Set<String> unified = new HashSet<>();
    for (TopicImage topic : image.topics().all()) {
      assertThat(image.topics().find(topic.name())).isSameAs(topic);
      assertThat(image.topics().find(topic.id())).isSameAs(topic);
      assertThat(unified.add(topic.name().replace('.', '_'))).isTrue();
      topic.partitions().forEach(partition -> checkPartition(image, partition));
    }
  }

  private static void checkPartition(ClusterImage image, PartitionRegistration partition) {
    assertThat(partition.replicas()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(image.brokers().keySet()).containsAll(partition.replicas());
    assertThat(partition.isr()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(partition.replicas()).containsAll(partition.isr());
    BrokerId leader = partition.leader();
    if (leader != null) {
      assertThat(partition.isr()).contains(leader);
      assertThat(image.isActive(leader)).as("who leads is active").isTrue();
    } else {
      assertThat(partition.isr()).as("somebody could lead").noneMatch(image::isActive);
    }
  }

  private static void checkSuccession(ClusterImage before, ClusterImage after) {
    assertThat(after.version()).isGreaterThanOrEqualTo(before.version());
    assertThat(after.nextProducerId()).isGreaterThanOrEqualTo(before.nextProducerId());
    before
        .brokers()
        .forEach(
            (id, broker) -> {
              BrokerRegistration now = after.broker(id);
              assertThat(now).isNotNull();
              assertThat(now.epoch()).isGreaterThanOrEqualTo(broker.epoch());
            });
    for (TopicImage topic : before.topics().all()) {
      TopicImage now = after.topics().find(topic.id());
      if (now == null) {
        continue;
      }
      assertThat(now.name()).isEqualTo(topic.name());
      assertThat(now.partitions()).hasSizeGreaterThanOrEqualTo(topic.partitions().size());
      for (int number = 0; number < topic.partitions().size(); number++) {
        checkSuccession(topic.partitions().get(number), now.partitions().get(number));
      }
    }
  }

  private static void checkSuccession(PartitionRegistration before, PartitionRegistration after) {
    assertThat(after.leaderEpoch()).isGreaterThanOrEqualTo(before.leaderEpoch());
    assertThat(after.partitionEpoch()).isGreaterThanOrEqualTo(before.partitionEpoch());
    if (!after.equals(before)) {
      assertThat(after.partitionEpoch()).isGreaterThan(before.partitionEpoch());
    }
    BrokerId leader = after.leader();
    if (leader == null ? before.leader() != null : !leader.equals(before.leader())) {
      assertThat(after.leaderEpoch()).isGreaterThan(before.leaderEpoch());
      if (leader != null) {
        assertThat(before.isr()).as("who takes over was in sync").contains(leader);
      }
    }
  }

  private static ClusterImage fromScratch(ClusterImage image) {
    return new ClusterImage(
        image.version(),
        image.clusterId(),
        image.controllerId(),
        image.controllerEpoch(),
        image.brokers(),
        TopicsImage.of(image.topics().all()),
        new FeaturesImage(image.features().finalized()),
        image.nextProducerId());
  }

  private static Object throughBytes(Object object) {
    MetadataSerializer serializer = new MetadataSerializer();
    try {
      return serializer.fromBinary(serializer.toBinary(object), serializer.manifest(object));
    } catch (NotSerializableException e) {
      throw new AssertionError(object.toString(), e);
    }
  }
}
