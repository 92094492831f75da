package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Event-sourced behaviors on top of the plugins, as the node's own are. */
class PersistentCountersTest {
  private static final int COUNTERS = 50;
  private static final int ADDITIONS = 25;

  @TempDir Path directory;

  @Test
  void states_are_the_same_after_each_restart() {
    for (int round = 1; round <= 3; round++) {
      try (JournalSystem journals = JournalSystem.start(directory)) {
        ActorSystem<Void> system = Adapter.toTyped(journals.system());
        TestProbe<Integer> probe = TestProbe.create(system);
        List<ActorRef<Add>> counters = spawn(journals, round);
        for (int i = 0; i < ADDITIONS; i++) {
          counters.forEach(counter -> counter.tell(new Add(1, probe.getRef())));
        }
        probe.receiveSeveralMessages(COUNTERS * ADDITIONS, JournalSystem.TIMEOUT);
        for (ActorRef<Add> counter : counters) {
          counter.tell(new Add(0, probe.getRef()));
        }
        assertThat(probe.receiveSeveralMessages(COUNTERS, JournalSystem.TIMEOUT))
            .containsOnly(round * ADDITIONS);
      }
    }
  }

  private static List<ActorRef<Add>> spawn(JournalSystem journals, int round) {
    List<ActorRef<Add>> counters = new ArrayList<>();
    for (int i = 0; i < COUNTERS; i++) {
      String id = "counter-" + i;
      counters.add(Adapter.spawn(journals.system(), new Counter(id), id + "-in-round-" + round));
    }
    return counters;
  }

  /** Adds to a counter; the reply is its value after that. */
  private record Add(int amount, ActorRef<Integer> replyTo) {}

  /** Its state is the sum of its events, which are the amounts. */
  private static final class Counter extends EventSourcedBehavior<Add, String, String> {
    private Counter(String id) {
      super(PersistenceId.ofUniqueId(id));
    }

    @Override
    public String emptyState() {
      return "0";
    }

    @Override
    public CommandHandler<Add, String, String> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onAnyCommand(
              add ->
                  Effect()
                      .persist(Integer.toString(add.amount()))
                      .thenRun(state -> add.replyTo().tell(Integer.parseInt(state))));
    }

    @Override
    public EventHandler<String, String> eventHandler() {
      return (state, event) -> Integer.toString(Integer.parseInt(state) + Integer.parseInt(event));
    }

    @Override
    public RetentionCriteria retentionCriteria() {
      return RetentionCriteria.snapshotEvery(10, 2).withDeleteEventsOnSnapshot();
    }
  }
}
