package dev.ritsem.server.handler;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a request, or a part of it, is not done: what the client is told.
 *
 * @param message null if the code says it all
 */
record Refusal(ErrorCode error, @Nullable String message) {
  private static final Logger log = LoggerFactory.getLogger(Refusal.class);

  /**
   * What to answer for a failure. One that was not meant for clients is logged, and answered with
   * UNKNOWN_SERVER_ERROR.
   */
  static Refusal of(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof WireException refused) {
      return new Refusal(refused.error(), refused.getMessage());
    }
    log.error("a request failed", cause);
    return new Refusal(ErrorCode.UNKNOWN_SERVER_ERROR, null);
  }

  short code() {
    return error.code();
  }
}
