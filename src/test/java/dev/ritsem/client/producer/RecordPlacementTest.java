package dev.ritsem.client.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.client.cluster.PartitionMetadata;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class RecordPlacementTest {
  @Test
  void keys_hash_as_kafkas_clients_hash_them() {
    Seeds.forEach(
        RecordPlacementTest.class,
        20,
        seed -> {
          Random random = Seeds.random(seed);
          for (int i = 0; i < 2_000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            int partitions = 1 + random.nextInt(100);
            assertThat(Murmur2.hash(key)).isEqualTo(Utils.murmur2(key));
            assertThat(Murmur2.partition(key, partitions))
                .isEqualTo(Utils.toPositive(Utils.murmur2(key)) % partitions);
          }
        });
  }

  @Test
  void records_without_keys_stay_with_a_partition_for_a_batch_and_reach_all_evenly() {
    Random random = Seeds.random(1);
    StickyPartition sticky = new StickyPartition(1_000, random);
    TopicMetadata topic = topic(4, -1);
    Map<Integer, Integer> counts = new HashMap<>();
    int moves = 0;
    int before = -1;
    for (int i = 0; i < 40_000; i++) {
      int partition = sticky.next(topic);
      moves += partition != before ? 1 : 0;
      before = partition;
      counts.merge(partition, 1, Integer::sum);
      sticky.onAppended(100, i % 10 != 9);
    }
    assertThat(moves).isBetween(2_000, 4_000);
    assertThat(counts.values()).hasSize(4).allSatisfy(n -> assertThat(n).isBetween(9_000, 11_000));
  }

  @Test
  void records_without_keys_avoid_partitions_without_a_leader() {
    StickyPartition sticky = new StickyPartition(10, Seeds.random(1));
    TopicMetadata topic = topic(3, 1);
    for (int i = 0; i < 200; i++) {
      assertThat(sticky.next(topic)).isNotEqualTo(1);
      sticky.onAppended(100, false);
    }
  }

  private static TopicMetadata topic(int count, int withoutLeader) {
    List<PartitionMetadata> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(
          new PartitionMetadata(i, i == withoutLeader ? -1 : 0, 0, List.of(0), List.of(0)));
    }
    return new TopicMetadata("t", Uuid.ONE_UUID, ErrorCode.NONE, false, partitions);
  }
}
