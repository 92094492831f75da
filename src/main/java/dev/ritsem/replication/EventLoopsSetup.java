package dev.ritsem.replication;

import akka.actor.setup.Setup;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * Hands an actor system the single-threaded executors that {@link EventLoopDispatcherConfigurator}
 * makes into dispatchers: the event loops of the sockets. The system never shuts them down; who
 * made them does, after the system has terminated.
 */
public final class EventLoopsSetup extends Setup {
  private final List<ExecutorService> loops;

  /**
   * @param loops each runs its tasks one after the other on one thread; dispatcher {@code n} runs
   *     on loop {@code n}
   */
  public EventLoopsSetup(List<? extends ExecutorService> loops) {
    if (loops.isEmpty()) {
      throw new IllegalArgumentException("an actor system of ours needs an event loop");
    }
    this.loops = List.copyOf(loops);
  }

  /** How many loops there are: one dispatcher each. */
  public int size() {
    return loops.size();
  }

  ExecutorService loop(int index) {
    return loops.get(index);
  }
}
