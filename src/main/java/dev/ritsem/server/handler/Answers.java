package dev.ritsem.server.handler;

import dev.ritsem.server.Reply;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiMessage;

/** Sends the answer to a request once it is known. */
final class Answers {
  private Answers() {}

  /**
   * Replies when the stage completes, whatever happens: a request without a reply would hold back
   * all later ones of its connection.
   *
   * @param answer makes the response of the result
   * @param refused makes the response if the whole request is refused
   */
  static <T> void sendWhenDone(
      CompletionStage<T> result,
      Function<T, ApiMessage> answer,
      Function<Refusal, ApiMessage> refused,
      Reply reply) {
    result
        .handle(
            (value, failure) ->
                value == null ? refused.apply(Refusal.of(failure)) : answer.apply(value))
        .whenComplete(
            (response, fault) -> {
              if (response == null) {
                reply.closeConnection("the request failed: " + fault);
              } else {
                reply.send(response);
              }
            });
  }
}
