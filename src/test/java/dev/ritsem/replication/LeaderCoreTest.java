package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.replication.LeaderCore.Released;
import dev.ritsem.testing.Seeds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaderCoreTest {
  private static final BrokerId SELF = new BrokerId(1);
  private static final BrokerId SECOND = new BrokerId(2);
  private static final BrokerId THIRD = new BrokerId(3);
  private static final LeaderEpoch EPOCH = new LeaderEpoch(4);
  private static final boolean ALL = true;
  private static final boolean LEADER_ONLY = false;

  @Test
  void a_leader_alone_commits_what_it_has_appended() {
    LeaderCore<String> core = leader(List.of(SELF), 0, 0);
    core.localEnd(10);
    assertThat(core.highWatermark()).isEqualTo(10);
    assertThat(core.isDone(ALL, 10)).isTrue();
    assertThat(core.isDone(ALL, 11)).isFalse();
  }

  @Test
  void a_leader_alone_commits_at_once_what_its_log_held_before() {
    assertThat(leader(List.of(SELF), 3, 8).highWatermark()).isEqualTo(8);
  }

  @Test
  void the_high_watermark_is_the_smallest_end_of_the_isr() {
    LeaderCore<String> core = leader(List.of(SELF, SECOND, THIRD), 5, 20);
    assertThat(core.highWatermark()).as("nothing heard of followers yet").isEqualTo(5);
    core.followerEnd(SECOND, 15);
    assertThat(core.highWatermark()).isEqualTo(5);
    core.followerEnd(THIRD, 12);
    assertThat(core.highWatermark()).isEqualTo(12);
    core.followerEnd(THIRD, 30);
    assertThat(core.highWatermark()).isEqualTo(15);
    core.followerEnd(SECOND, 7);
    assertThat(core.highWatermark()).as("never falls").isEqualTo(15);
  }

  @Test
  void a_replica_that_was_proposed_counts_before_the_controller_has_answered() {
    LeaderCore<String> core = leader(List.of(SELF), 0, 10);
    core.followerEnd(SECOND, 10);
    core.isrProposed(List.of(SELF, SECOND));
    core.localEnd(20);
    assertThat(core.highWatermark()).isEqualTo(10);
    core.isrCommitted(List.of(SELF));
    assertThat(core.highWatermark()).as("the proposal was refused").isEqualTo(20);
  }

  @Test
  void a_replica_that_was_proposed_to_leave_counts_until_it_has_left() {
    LeaderCore<String> core = leader(List.of(SELF, SECOND), 0, 0);
    core.localEnd(20);
    core.isrProposed(List.of(SELF));
    assertThat(core.highWatermark()).isEqualTo(0);
    core.isrCommitted(List.of(SELF));
    assertThat(core.highWatermark()).isEqualTo(20);
  }

  @Test
  void too_few_replicas_refuse_only_writes_that_want_all_of_them() {
    LeaderCore<String> core = leader(List.of(SELF), 0, 0);
    assertThat(core.admits(ALL, 2)).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(core.admits(LEADER_ONLY, 2)).isEqualTo(ErrorCode.NONE);
    assertThat(core.admits(ALL, 1)).isEqualTo(ErrorCode.NONE);
  }

  @Test
  void an_append_is_answered_when_all_have_it_and_tells_if_they_became_too_few() {
    LeaderCore<String> core = leader(List.of(SELF, SECOND), 0, 0);
    core.localEnd(10);
    core.waitFor(ALL, 10, 1000, "first");
    core.localEnd(20);
    core.waitFor(ALL, 20, 1000, "second");
    assertThat(core.released(2)).isEmpty();
    core.followerEnd(SECOND, 10);
    assertThat(core.released(2)).containsExactly(new Released<>("first", ErrorCode.NONE));
    core.isrCommitted(List.of(SELF));
    assertThat(core.released(2))
        .containsExactly(new Released<>("second", ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND));
  }

  @Test
  void an_append_that_waits_for_a_flush_is_not_visible_before_it() {
    LeaderCore<String> core = leader(List.of(SELF), 0, 0);
    core.waitFor(LEADER_ONLY, 10, 1000, "one");
    core.waitFor(ALL, 20, 1000, "all");
    assertThat(core.released(1)).isEmpty();
    assertThat(core.highWatermark()).isEqualTo(0);
    core.localEnd(20);
    assertThat(core.released(1))
        .containsExactly(
            new Released<>("one", ErrorCode.NONE), new Released<>("all", ErrorCode.NONE));
  }

  @Test
  void an_append_is_given_up_at_its_deadline_whatever_waits_before_it() {
    LeaderCore<String> core = leader(List.of(SELF, SECOND), 0, 0);
    core.localEnd(20);
    core.waitFor(ALL, 10, 900, "patient");
    core.waitFor(ALL, 20, 500, "hasty");
    assertThat(core.nextDeadlineMs()).isEqualTo(500);
    assertThat(core.expired(499)).isEmpty();
    assertThat(core.expired(500)).containsExactly("hasty");
    assertThat(core.nextDeadlineMs()).isEqualTo(900);
    assertThat(core.expired(900)).containsExactly("patient");
    assertThat(core.nextDeadlineMs()).isEqualTo(WaitingAppends.NO_DEADLINE);
  }

  @Test
  void waiting_appends_are_bounded_and_the_next_one_is_refused_before_it_is_written() {
    LeaderCore<String> core = leader(List.of(SELF, SECOND), 0, 0);
    for (int i = 1; i <= LeaderCore.WAITING_MAX; i++) {
      assertThat(core.admits(ALL, 1)).isEqualTo(ErrorCode.NONE);
      core.waitFor(ALL, i, 1000, "append " + i);
    }
    assertThat(core.admits(ALL, 1)).isEqualTo(ErrorCode.THROTTLING_QUOTA_EXCEEDED);
    assertThat(core.admits(LEADER_ONLY, 1)).isEqualTo(ErrorCode.NONE);
    assertThat(core.resign()).hasSize(LeaderCore.WAITING_MAX);
  }

  @Test
  void nonsense_about_the_own_replica_stops_it() {
    assertThatIllegalStateException().isThrownBy(() -> leader(List.of(SECOND), 0, 0));
    assertThatIllegalStateException().isThrownBy(() -> leader(List.of(SELF), 11, 10));
    LeaderCore<String> core = leader(List.of(SELF), 0, 10);
    assertThatIllegalStateException().isThrownBy(() -> core.localEnd(9));
    assertThatIllegalStateException().isThrownBy(() -> core.isrCommitted(List.of(SECOND)));
  }

  /** Random histories against the definitions, written down here once more and more slowly. */
  @Test
  void in_every_history_appends_are_answered_once_and_only_when_all_of_the_maximal_isr_have_them() {
    Seeds.forEach(LeaderCoreTest.class, 300, seed -> new History(Seeds.random(seed)).run());
  }

  private static final class History {
    private final Random random;
    private final Set<BrokerId> isr = new HashSet<>(Set.of(SELF, SECOND));
    private Set<BrokerId> proposed = Set.copyOf(isr);
    private final Map<BrokerId, Long> ends = new HashMap<>(Map.of(SELF, 0L));
    private final LeaderCore<Integer> core;
    private final Map<Integer, Long> waiting = new HashMap<>();
    private long appended;
    private long highWatermark;
    private int ids;
    private long now;

    History(Random random) {
      this.random = random;
      this.core = new LeaderCore<>(SELF, EPOCH, List.copyOf(isr), 0, 0);
    }

    void run() {
      for (int step = 0; step < 120; step++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> append();
          case 2 -> follow(random.nextBoolean() ? SECOND : THIRD);
          case 3 -> propose();
          case 4 -> commit();
          default -> expire();
        }
        release();
        assertThat(core.highWatermark()).isEqualTo(highWatermark);
      }
      List<Integer> rest = core.resign();
      assertThat(rest).containsExactlyInAnyOrderElementsOf(waiting.keySet());
    }

    private void append() {
      appended += 1 + random.nextInt(5);
      ends.put(SELF, appended);
      core.localEnd(appended);
      if (!core.isDone(ALL, appended)) {
        core.waitFor(ALL, appended, now + 10 + random.nextInt(30), ++ids);
        waiting.put(ids, appended);
      }
    }

    private void follow(BrokerId follower) {
      long end = appended == 0 ? 0 : random.nextLong(appended + 1);
      ends.put(follower, end);
      core.followerEnd(follower, end);
    }

    private void propose() {
      List<BrokerId> members = new ArrayList<>(List.of(SELF));
      List.of(SECOND, THIRD).stream().filter(b -> random.nextBoolean()).forEach(members::add);
      proposed = Set.copyOf(members);
      core.isrProposed(members);
    }

    private void commit() {
      if (random.nextBoolean()) {
        isr.clear();
        isr.addAll(proposed);
      }
      proposed = Set.copyOf(isr);
      core.isrCommitted(List.copyOf(isr));
    }

    private void expire() {
      now += random.nextInt(20);
      core.expired(now).forEach(id -> assertThat(waiting.remove(id)).isNotNull());
      assertThat(core.nextDeadlineMs()).isGreaterThan(now);
    }

    private void release() {
      Set<BrokerId> maximal = new HashSet<>(isr);
      maximal.addAll(proposed);
      long smallest =
          maximal.stream().mapToLong(member -> ends.getOrDefault(member, -1L)).min().orElseThrow();
      highWatermark = Math.max(highWatermark, smallest);
      for (Released<Integer> released : core.released(1)) {
        assertThat(waiting.remove(released.append()))
            .isNotNull()
            .isLessThanOrEqualTo(highWatermark);
      }
      assertThat(waiting.values()).allMatch(end -> end > highWatermark);
    }
  }

  private static LeaderCore<String> leader(List<BrokerId> isr, long highWatermark, long localEnd) {
    return new LeaderCore<>(SELF, EPOCH, isr, highWatermark, localEnd);
  }
}
