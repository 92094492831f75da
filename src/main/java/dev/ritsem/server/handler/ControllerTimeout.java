package dev.ritsem.server.handler;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** How long a client lets the controller take, within what this node allows. */
final class ControllerTimeout {
  /** Waiting requests take memory, so no client decides alone how long. */
  private static final int LONGEST_MS = 300_000;

  private ControllerTimeout() {}

  /**
   * Makes a call with the client's time. Without any time, it is over before it began: nothing is
   * done, as in Kafka.
   */
  static <T> CompletionStage<T> within(int timeoutMs, Function<Duration, CompletionStage<T>> call) {
    if (timeoutMs <= 0) {
      return CompletableFuture.failedFuture(
          new WireException(
              ErrorCode.REQUEST_TIMED_OUT,
              "A timeout of %d ms leaves no time.".formatted(timeoutMs)));
    }
    return call.apply(Duration.ofMillis(Math.min(LONGEST_MS, timeoutMs)));
  }
}
