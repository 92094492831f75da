package dev.ritsem.server;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers the requests of one API, at every version of it that the node serves. Thread-safe: there
 * is one for the whole node, and connections call it from their event loops.
 *
 * @param <Q> the API's generated request class
 */
public interface RequestHandler<Q extends ApiMessage> {
  /** The API that this handler answers. */
  ApiKeys api();

  /**
   * Answers one request: through the reply, exactly once, now or later. Must not block; what may
   * block runs on another executor.
   *
   * <p>Errors are part of the response message. Throwing anything means that the request has no
   * answer: the connection is closed and the fault logged.
   *
   * @param request may keep views of the frame's memory, which stays valid until the reply
   * @param context who asks, in which version, and where later work of this connection belongs
   */
  void handle(Q request, RequestContext context, Reply reply);
}
