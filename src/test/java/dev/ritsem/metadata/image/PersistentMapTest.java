package dev.ritsem.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.testing.Seeds;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
  @Test
  void is_what_a_tree_map_would_be_after_any_changes_and_stays_so() {
    Seeds.forEach(
        PersistentMapTest.class,
        100,
        seed -> {
          Random random = Seeds.random(seed);
          TreeMap<Integer, Integer> model = new TreeMap<>();
          PersistentMap<Integer, Integer> map = PersistentMap.empty();
          List<PersistentMap<Integer, Integer>> earlier = new ArrayList<>();
          List<List<Integer>> earlierValues = new ArrayList<>();
          int keys = 1 + random.nextInt(200);
          for (int step = 0; step < 400; step++) {
            int key = random.nextInt(keys);
            if (random.nextInt(5) < 3) {
              model.put(key, step);
              map = map.put(key, step);
            } else {
              model.remove(key);
              map = map.remove(key);
            }
            assertThat(map.size()).isEqualTo(model.size());
            assertThat(map.get(key)).isEqualTo(model.get(key));
            if (step % 50 == 0) {
              earlier.add(map);
              earlierValues.add(List.copyOf(model.values()));
            }
          }
          assertThat(map.values()).containsExactlyElementsOf(model.values());
          int from = random.nextInt(keys);
          assertThat(map.valuesFrom(from))
              .hasSize(model.tailMap(from).size())
              .containsExactlyElementsOf(model.tailMap(from).values());
          for (int i = 0; i < earlier.size(); i++) {
            assertThat(earlier.get(i).values()).containsExactlyElementsOf(earlierValues.get(i));
          }
        });
  }

  @Test
  void stays_shallow_when_keys_come_in_order() {
    PersistentMap<Integer, Integer> map = PersistentMap.empty();
    for (int key = 0; key < 100_000; key++) {
      map = map.put(key, key);
    }

    assertThat(map.size()).isEqualTo(100_000);
    assertThat(List.copyOf(map.values())).isSorted().hasSize(100_000);
    for (int key = 0; key < 100_000; key += 2) {
      map = map.remove(key);
    }
    assertThat(map.values()).hasSize(50_000).allMatch(value -> value % 2 == 1);
  }

  @Test
  void an_iterator_ends() {
    Iterator<Integer> values =
        PersistentMap.<Integer, Integer>empty().put(1, 2).values().iterator();
    values.next();

    assertThat(values.hasNext()).isFalse();
    assertThatThrownBy(values::next).isInstanceOf(NoSuchElementException.class);
  }
}
