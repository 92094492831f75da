package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.testing.Seeds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicaPlacementTest {
  private static final int SEEDS = 200;

  @Test
  void spreads_leaders_and_replicas_evenly() {
    Seeds.forEach(
        ReplicaPlacementTest.class,
        SEEDS,
        seed -> {
          List<List<BrokerId>> placed = place(seed, brokers(6, null), List.of(), 10, 3);

          assertThat(counts(placed, replicas -> replicas).values()).containsOnly(5L);
          assertThat(counts(placed, replicas -> replicas.subList(0, 1)).values())
              .allSatisfy(count -> assertThat(count).isBetween(1L, 2L));
          assertThat(placed).allSatisfy(replicas -> assertThat(replicas).doesNotHaveDuplicates());
        });
  }

  @Test
  void puts_the_replicas_of_a_partition_on_different_racks() {
    Seeds.forEach(
        ReplicaPlacementTest.class,
        SEEDS,
        seed -> {
          List<List<BrokerId>> placed =
              place(seed, brokers(6, id -> "rack" + id / 3), List.of(), 12, 2);

          assertThat(placed)
              .allSatisfy(
                  replicas ->
                      assertThat(replicas.stream().map(id -> id.value() / 3).distinct())
                          .hasSize(2));
          assertThat(counts(placed, replicas -> replicas).values())
              .allSatisfy(count -> assertThat(count).isBetween(3L, 5L));
          assertThat(counts(placed, replicas -> replicas.subList(0, 1)).values()).containsOnly(2L);
        });
  }

  @Test
  void uses_every_rack_before_it_uses_one_twice() {
    Seeds.forEach(
        ReplicaPlacementTest.class,
        SEEDS,
        seed -> {
          List<List<BrokerId>> placed =
              place(seed, brokers(5, id -> id == 0 ? "small" : "large"), List.of(), 5, 3);
          assertThat(placed).allSatisfy(replicas -> assertThat(replicas).contains(new BrokerId(0)));
        });
  }

  @Test
  void changes_the_partners_of_a_broker() {
    List<List<BrokerId>> placed = place(1, brokers(6, null), List.of(), 60, 2);
    Set<BrokerId> partners = new HashSet<>();
    placed.stream()
        .filter(replicas -> replicas.contains(new BrokerId(0)))
        .forEach(partners::addAll);

    assertThat(partners).hasSizeGreaterThan(4);
  }

  @Test
  void begins_single_partitions_on_changing_brokers() {
    Set<BrokerId> leaders = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      leaders.add(place(seed, brokers(3, null), List.of(), 1, 1).get(0).get(0));
    }

    assertThat(leaders).hasSize(3);
  }

  @Test
  void counts_the_partitions_that_a_topic_has_already() {
    BrokerId zero = new BrokerId(0);
    PartitionRegistration existing = PartitionRegistration.initial(List.of(zero), List.of(zero));

    List<List<BrokerId>> placed = place(1, brokers(3, null), List.of(existing, existing), 4, 1);

    assertThat(counts(placed, replicas -> replicas))
        .isEqualTo(Map.of(new BrokerId(1), 2L, new BrokerId(2), 2L));
  }

  @Test
  void places_equally_for_equal_seeds() {
    assertThat(place(7, brokers(6, null), List.of(), 20, 3))
        .isEqualTo(place(7, brokers(6, null), List.of(), 20, 3));
  }

  private static List<List<BrokerId>> place(
      long seed,
      Collection<BrokerRegistration> brokers,
      List<PartitionRegistration> existing,
      int partitions,
      int replicationFactor) {
    return new ReplicaPlacement(Seeds.random(seed))
        .place(brokers, existing, partitions, replicationFactor);
  }

  private static List<BrokerRegistration> brokers(
      int count, @Nullable Function<Integer, String> rack) {
    List<BrokerRegistration> brokers = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      brokers.add(
          new BrokerRegistration(
              new BrokerId(id),
              new UUID(0, id),
              id,
              List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "", 9092)),
              rack == null ? null : rack.apply(id),
              false));
    }
    return brokers;
  }

  private static Map<BrokerId, Long> counts(
      List<List<BrokerId>> placed, Function<List<BrokerId>, List<BrokerId>> part) {
    return placed.stream()
        .flatMap(replicas -> part.apply(replicas).stream())
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
  }
}
