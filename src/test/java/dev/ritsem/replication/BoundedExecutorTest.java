package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class BoundedExecutorTest {
  private final Queue<Runnable> handedOn = new ArrayDeque<>();
  private final BoundedExecutor bounded = new BoundedExecutor(handedOn::add, 2);
  private final List<Integer> done = new ArrayList<>();

  @Test
  void tasks_beyond_the_bound_wait_and_run_in_their_order() {
    for (int i = 0; i < 5; i++) {
      int number = i;
      bounded.execute(() -> done.add(number));
    }
    assertThat(handedOn).hasSize(2);
    while (!handedOn.isEmpty()) {
      handedOn.remove().run();
      assertThat(handedOn.size()).isLessThanOrEqualTo(2);
    }
    assertThat(done).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void a_task_that_fails_gives_its_place_back() {
    for (int i = 0; i < 4; i++) {
      bounded.execute(
          () -> {
            done.add(0);
            throw new IllegalStateException("on purpose");
          });
    }
    while (!handedOn.isEmpty()) {
      try {
        handedOn.remove().run();
      } catch (IllegalStateException expected) {
        assertThat(expected).hasMessage("on purpose");
      }
    }
    assertThat(done).hasSize(4);
  }
}
