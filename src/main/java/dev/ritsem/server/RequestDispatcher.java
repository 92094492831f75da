package dev.ritsem.server;

import dev.ritsem.protocol.ApiVersionTable;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each request to the handler of its API. Every request of every client, remote or in this
 * JVM, passes through {@link #dispatch}: what has to hold for all of them (access control, quotas)
 * belongs here.
 */
public final class RequestDispatcher {
  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);

  private final Map<ApiKeys, RequestHandler<?>> byApi = new EnumMap<>(ApiKeys.class);
  private final ApiVersionTable versions;

  /**
   * @param handlers one per API; what has no handler is not served
   */
  public RequestDispatcher(Collection<? extends RequestHandler<?>> handlers) {
    for (RequestHandler<?> handler : handlers) {
      if (byApi.put(handler.api(), handler) != null) {
        throw new IllegalArgumentException("two handlers for " + handler.api());
      }
    }
    this.versions = ApiVersionTable.of(byApi.keySet());
  }

  /** What is served. */
  public ApiVersionTable versions() {
    return versions;
  }

  /**
   * Has a request answered. Called on the connection's event loop. Never throws: a handler's fault
   * ends the connection.
   *
   * @param body of the API's request class
   */
  // A fault of one handler must not take the event loop and its other connections down.
  @SuppressWarnings("IllegalCatch")
  public void dispatch(RequestContext context, ApiMessage body, Reply reply) {
    RequestHandler<?> handler = byApi.get(context.api());
    if (handler == null) {
      reply.closeConnection("API " + context.api().name + " is not served here");
      return;
    }
    try {
      handle(handler, body, context, reply);
    } catch (RuntimeException e) {
      log.error("{} (version {}) failed", context.api().name, context.version(), e);
      reply.closeConnection("the request failed: " + e);
    }
  }

  // The decoder made the body from the same API key, so it is of the handler's class.
  @SuppressWarnings("unchecked")
  private static <Q extends ApiMessage> void handle(
      RequestHandler<Q> handler, ApiMessage body, RequestContext context, Reply reply) {
    handler.handle((Q) body, context, reply);
  }
}
