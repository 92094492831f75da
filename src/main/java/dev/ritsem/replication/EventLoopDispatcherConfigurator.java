package dev.ritsem.replication;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Makes an event loop available as a dispatcher, so that an actor and the sockets of its loop share
 * one thread: what a socket's handler tells the actor runs after the handler, without waking
 * another thread. Measured, the hand-off between threads is the largest single cost of a request
 * (docs/architecture.md).
 *
 * <p>Akka creates this from the configuration that {@link ActorDispatchers#config} writes; which
 * executor is meant comes from the system's {@link EventLoopsSetup}.
 */
public final class EventLoopDispatcherConfigurator extends ExecutorServiceConfigurator {
  static final String LOOP_INDEX = "event-loop-index";

  private final ExecutorService loop;

  public EventLoopDispatcherConfigurator(Config config, DispatcherPrerequisites prerequisites) {
    super(config, prerequisites);
    EventLoopsSetup loops =
        prerequisites
            .settings()
            .setup()
            .get(EventLoopsSetup.class)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "the actor system was started without an EventLoopsSetup"));
    this.loop = loops.loop(config.getInt(LOOP_INDEX));
  }

  @Override
  public ExecutorServiceFactory createExecutorServiceFactory(
      String id, ThreadFactory threadFactory) {
    return () -> new Borrowed(loop);
  }

  /**
   * A loop on loan. Akka shuts a dispatcher's executor down when its last actor stops, and asks the
   * factory for another when the next one starts; the loop itself must outlive that.
   */
  private static final class Borrowed extends AbstractExecutorService {
    private final ExecutorService loop;
    private volatile boolean returned;

    Borrowed(ExecutorService loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public void shutdown() {
      returned = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      returned = true;
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return returned;
    }

    @Override
    public boolean isTerminated() {
      return returned;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return returned;
    }
  }
}
