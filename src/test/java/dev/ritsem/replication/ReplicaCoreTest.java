package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.replication.ReplicaEvent.BecameFollower;
import dev.ritsem.replication.ReplicaEvent.BecameLeader;
import dev.ritsem.replication.ReplicaEvent.BecameOffline;
import dev.ritsem.replication.ReplicaEvent.LogStartMoved;
import dev.ritsem.replication.ReplicaEvent.Truncated;
import dev.ritsem.replication.ReplicaState.Assignment;
import dev.ritsem.replication.ReplicaState.Follower;
import dev.ritsem.replication.ReplicaState.Leader;
import dev.ritsem.replication.ReplicaState.Offline;
import dev.ritsem.replication.ReplicaState.RoleState;
import dev.ritsem.testing.Seeds;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicaCoreTest {
  private static final BrokerId SELF = new BrokerId(1);
  private static final BrokerId OTHER = new BrokerId(2);
  private static final BrokerId THIRD = new BrokerId(3);
  private static final int PARTITION_EPOCH = 9;

  private final ReplicaCore core = new ReplicaCore(SELF);

  /** The table in ReplicaCore, each cell from both sides: what changes, and what is refused. */
  @ParameterizedTest(name = "{0} at {1}, then {2} of leader epoch {3} partition epoch {4}: {5}")
  @CsvSource({
    "Offline,  5, Leader,   6, 10, changes",
    "Offline,  5, Follower, 6, 10, changes",
    "Offline,  5, Offline,  5, 10, changes",
    "Offline,  5, Leader,   5, 10, breaks",
    "Offline,  5, Follower, 5, 10, breaks",
    "Follower, 5, Leader,   6, 10, changes",
    "Follower, 5, Leader,   5, 10, breaks",
    "Follower, 5, Follower, 6, 10, changes",
    "Follower, 5, Follower, 5, 10, changes",
    "Follower, 5, Third,    5, 10, breaks",
    "Follower, 5, Third,    6, 10, changes",
    "Follower, 5, Offline,  6, 10, changes",
    "Follower, 5, Offline,  5, 10, breaks",
    "Leader,   5, Leader,   6, 10, changes",
    "Leader,   5, Leader,   5, 10, changes",
    "Leader,   5, Follower, 6, 10, changes",
    "Leader,   5, Follower, 5, 10, breaks",
    "Leader,   5, Offline,  6, 10, changes",
    "Leader,   5, Offline,  5, 10, breaks",
    "Leader,   5, Leader,   5,  9, ignored",
    "Leader,   5, Follower, 4, 10, ignored",
    "Leader,   5, Leader,   6,  8, ignored",
    "Follower, 5, Leader,   4, 10, ignored",
    "Offline,  5, Leader,   6,  8, ignored",
  })
  void roles_follow_each_other_as_the_table_says(
      String from, int fromEpoch, String to, int epoch, int partitionEpoch, String outcome) {
    ReplicaState state = state(from, fromEpoch);
    Assignment assignment = assignment(to, epoch, partitionEpoch);
    switch (outcome) {
      case "changes" -> {
        ReplicaEvent event = core.follow(state, assignment).orElseThrow();
        ReplicaState next = core.replay(state, event);
        assertThat(next.role()).isInstanceOf(typeOf(to));
        assertThat(next.leaderEpoch()).isEqualTo(new LeaderEpoch(epoch));
        assertThat(next.partitionEpoch()).isEqualTo(partitionEpoch);
      }
      case "ignored" -> assertThat(core.follow(state, assignment)).isEmpty();
      default -> assertThatIllegalStateException().isThrownBy(() -> core.follow(state, assignment));
    }
  }

  @Test
  void a_replica_without_a_past_takes_any_role_from_epoch_zero() {
    assertThat(core.follow(ReplicaState.INITIAL, assignment("Leader", 0, 0)))
        .contains(new BecameLeader(LeaderEpoch.FIRST, 0, List.of(SELF, OTHER)));
    assertThat(core.follow(ReplicaState.INITIAL, assignment("Follower", 0, 0)))
        .contains(new BecameFollower(LeaderEpoch.FIRST, 0, OTHER));
    assertThat(core.follow(ReplicaState.INITIAL, assignment("Offline", 0, 0)))
        .contains(new BecameOffline(LeaderEpoch.FIRST, 0));
  }

  @Test
  void the_log_start_only_moves_up_and_a_truncation_may_take_it_back() {
    ReplicaState moved = core.replay(ReplicaState.INITIAL, new LogStartMoved(100));
    assertThat(moved.logStartOffset()).isEqualTo(100);
    assertThat(core.logStartMoved(moved, 100)).isEmpty();
    assertThat(core.logStartMoved(moved, 99)).isEmpty();
    assertThat(core.logStartMoved(moved, 101)).contains(new LogStartMoved(101));
    assertThat(core.replay(moved, new Truncated(120)).logStartOffset()).isEqualTo(100);
    assertThat(core.replay(moved, new Truncated(40)).logStartOffset()).isEqualTo(40);
  }

  @Test
  void whatever_the_controller_says_epochs_never_fall_and_saying_it_again_changes_nothing() {
    Seeds.forEach(
        ReplicaCoreTest.class,
        200,
        seed -> {
          Random random = Seeds.random(seed);
          ReplicaState state = ReplicaState.INITIAL;
          Registration controller = new Registration(0, 0, OTHER);
          for (int step = 0; step < 50; step++) {
            Registration said = controller;
            if (random.nextBoolean()) {
              said = said.next(random);
              controller = said;
            }
            ReplicaState before = state;
            state = heard(state, said.assignment());
            // An old registration may arrive late.
            state = heard(state, said.older(random).assignment());
            assertThat(state.leaderEpoch()).isGreaterThanOrEqualTo(before.leaderEpoch());
            assertThat(state.partitionEpoch()).isGreaterThanOrEqualTo(before.partitionEpoch());
            assertThat(core.follow(state, said.assignment())).isEmpty();
            assertThat(state.partitionEpoch()).isEqualTo(said.partitionEpoch());
          }
        });
  }

  /** What a correct controller does with a partition. */
  private record Registration(int leaderEpoch, int partitionEpoch, @Nullable BrokerId leader) {
    Registration next(Random random) {
      List<BrokerId> leaders = List.of(SELF, OTHER, THIRD);
      BrokerId chosen = random.nextInt(4) == 0 ? null : leaders.get(random.nextInt(3));
      boolean same = chosen == null ? leader == null : chosen.equals(leader);
      return new Registration(same ? leaderEpoch : leaderEpoch + 1, partitionEpoch + 1, chosen);
    }

    Registration older(Random random) {
      int back = 1 + random.nextInt(3);
      return new Registration(leaderEpoch - back, partitionEpoch - back, THIRD);
    }

    Assignment assignment() {
      return new Assignment(
          leader,
          new LeaderEpoch(Math.max(-1, leaderEpoch)),
          partitionEpoch,
          List.of(SELF, OTHER, THIRD));
    }
  }

  private ReplicaState heard(ReplicaState state, Assignment assignment) {
    return core.follow(state, assignment).map(event -> core.replay(state, event)).orElse(state);
  }

  private static ReplicaState state(String role, int epoch) {
    LeaderEpoch leaderEpoch = new LeaderEpoch(epoch);
    RoleState roleState =
        switch (role) {
          case "Leader" -> new Leader(leaderEpoch, List.of(SELF, OTHER));
          case "Follower" -> new Follower(leaderEpoch, OTHER);
          default -> new Offline(leaderEpoch);
        };
    return new ReplicaState(roleState, PARTITION_EPOCH, 0L);
  }

  private static Assignment assignment(String role, int epoch, int partitionEpoch) {
    BrokerId leader =
        switch (role) {
          case "Leader" -> SELF;
          case "Follower" -> OTHER;
          case "Third" -> THIRD;
          default -> null;
        };
    return new Assignment(leader, new LeaderEpoch(epoch), partitionEpoch, List.of(SELF, OTHER));
  }

  private static Class<? extends RoleState> typeOf(String role) {
    return switch (role) {
      case "Leader" -> Leader.class;
      case "Offline" -> Offline.class;
      default -> Follower.class;
    };
  }
}
