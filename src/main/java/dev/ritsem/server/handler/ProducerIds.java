package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands out producer ids from blocks that the controller reserves for this broker (KIP-730). An id
 * is handed out once in the life of the cluster; what is left of a block at a stop is lost.
 *
 * <p>Thread-safe.
 */
public final class ProducerIds {
  /** Who comes while so many wait for a block is told to come again. */
  private static final int WAITING_MAX = 10_000;

  private final Controller controller;

  /** The ids from {@code next} up to, and not including, {@code end} are free. */
  private long next;

  private long end;

  /** In the order in which they asked; empty unless a block is on its way. */
  private final ArrayDeque<CompletableFuture<Long>> waiting = new ArrayDeque<>();

  private boolean fetching;

  public ProducerIds(Controller controller) {
    this.controller = controller;
  }

  /**
   * A new id.
   *
   * @return fails with a {@link WireException} COORDINATOR_LOAD_IN_PROGRESS if no block can be had
   *     now
   */
  CompletionStage<Long> next() {
    CompletableFuture<Long> id = new CompletableFuture<>();
    synchronized (this) {
      if (next < end && waiting.isEmpty()) {
        id.complete(next++);
        return id;
      }
      if (waiting.size() >= WAITING_MAX) {
        id.completeExceptionally(notNow());
        return id;
      }
      waiting.add(id);
      if (fetching) {
        return id;
      }
      fetching = true;
    }
    fetch();
    return id;
  }

  private void fetch() {
    controller.nextProducerIdBlock().whenComplete(this::onBlock);
  }

  private void onBlock(@Nullable Long first, @Nullable Throwable failure) {
    ArrayDeque<Runnable> answers = new ArrayDeque<>();
    boolean more;
    synchronized (this) {
      if (first == null) {
        waiting.forEach(id -> answers.add(() -> id.completeExceptionally(notNow())));
        waiting.clear();
      } else {
        next = first;
        end = first + Controller.PRODUCER_ID_BLOCK_SIZE;
        while (next < end && !waiting.isEmpty()) {
          CompletableFuture<Long> id = waiting.remove();
          long value = next++;
          answers.add(() -> id.complete(value));
        }
      }
      more = !waiting.isEmpty();
      fetching = more;
    }
    answers.forEach(Runnable::run);
    if (more) {
      fetch();
    }
  }

  private static WireException notNow() {
    return new WireException(
        ErrorCode.COORDINATOR_LOAD_IN_PROGRESS, "No producer ids can be had now; try again");
  }
}
