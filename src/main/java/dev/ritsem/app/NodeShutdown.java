package dev.ritsem.app;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.server.EventLoops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a node stops. What the parts have to do runs in Akka's coordinated shutdown,
 * so that the order holds whoever ends the actor system; the event loops, on which actors ran, end
 * after it.
 */
final class NodeShutdown {
  private static final Logger logger = LoggerFactory.getLogger("Node");
  private static final Duration LOOPS_LIMIT = Duration.ofSeconds(5);

  private final CoordinatedShutdown phases;
  private final CompletableFuture<Done> finished = new CompletableFuture<>();

  /**
   * @param directories let go of at the very end, if nobody has closed them in order before
   */
  NodeShutdown(ActorSystem<?> system, EventLoops loops, List<LogDirectory> directories) {
    this.phases = CoordinatedShutdown.get(system);
    system
        .getWhenTerminated()
        .thenCompose(terminated -> loops.close(LOOPS_LIMIT))
        .thenRun(() -> directories.forEach(LogDirectory::close))
        .whenComplete(this::finish);
  }

  private void finish(@Nullable Void nothing, @Nullable Throwable failure) {
    if (failure == null) {
      finished.complete(Done.getInstance());
    } else {
      finished.completeExceptionally(failure);
    }
  }

  /** No new connections; the requests that came are answered. */
  void onUnbind(String what, Supplier<CompletionStage<Done>> stop) {
    add(CoordinatedShutdown.PhaseServiceUnbind(), what, stop);
  }

  /** Nobody uses the logs any more: they are closed. */
  void onServiceStop(String what, Supplier<CompletionStage<Done>> stop) {
    add(CoordinatedShutdown.PhaseServiceStop(), what, stop);
  }

  private void add(String phase, String what, Supplier<CompletionStage<Done>> stop) {
    phases.addTask(
        phase,
        what,
        () ->
            stop.get()
                .whenComplete(
                    (done, failure) -> {
                      if (failure != null) {
                        logger.error("stopping: {} failed", what, failure);
                      }
                    }));
  }

  CompletionStage<Done> run() {
    phases.runAll(CoordinatedShutdown.unknownReason());
    return finished.copy();
  }

  CompletionStage<Done> finished() {
    return finished.copy();
  }
}
