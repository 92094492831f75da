package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.testing.TestActors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ActorDispatchersTest {
  /** So that Akka gives a dispatcher's executor up as soon as its last actor has stopped. */
  private static final Config IMPATIENT =
      ConfigFactory.parseString("ritsem.event-loop-1.shutdown-timeout = 1ms");

  @RegisterExtension
  @Order(1)
  final TestLoops loops = TestLoops.of(2);

  @RegisterExtension
  @Order(2)
  final TestActors actors =
      TestActors.with(IMPATIENT.withFallback(ActorDispatchers.config(2, 1)), loops.setup());

  @Test
  void an_actor_runs_on_the_loop_that_its_dispatcher_names() {
    TestProbe<String> threads = actors.probe(String.class);
    for (int loop = 0; loop < 2; loop++) {
      reporter(loop, "on-" + loop, threads.ref()).tell("which thread?");
      assertThat(threads.receiveMessage()).isEqualTo("test-loop-" + loop);
    }
  }

  @Test
  void what_a_loop_tells_its_own_actors_runs_after_the_current_task_on_the_same_thread()
      throws Exception {
    TestProbe<String> unused = actors.probe(String.class);
    List<String> order = new ArrayList<>();
    ActorRef<String> actor =
        actors.spawn(
            Behaviors.receiveMessage(
                text -> {
                  order.add(text + " on " + Thread.currentThread().getName());
                  unused.ref().tell(text);
                  return Behaviors.same();
                }),
            "same-thread",
            ActorDispatchers.eventLoop(0));

    loops
        .loop(0)
        .submit(
            () -> {
              actor.tell("told");
              order.add("task ends on " + Thread.currentThread().getName());
            })
        .get(10, TimeUnit.SECONDS);
    unused.receiveMessage();

    assertThat(order).containsExactly("task ends on test-loop-0", "told on test-loop-0");
  }

  @Test
  void a_loop_outlives_the_last_actor_of_its_dispatcher() {
    TestProbe<String> threads = actors.probe(String.class);
    for (int i = 0; i < 50; i++) {
      ActorRef<String> only = reporter(1, "only-" + i, threads.ref());
      only.tell("are you there?");
      assertThat(threads.receiveMessage()).isEqualTo("test-loop-1");
      actors.kit().stop(only);
    }
    assertThat(loops.loop(1).isShutdown()).isFalse();
  }

  private ActorRef<String> reporter(int loop, String name, ActorRef<String> threads) {
    return actors.spawn(
        Behaviors.receiveMessage(
            text -> {
              threads.tell(Thread.currentThread().getName());
              return Behaviors.same();
            }),
        name,
        ActorDispatchers.eventLoop(loop));
  }
}
