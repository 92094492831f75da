package dev.ritsem.server;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A handler that hands requests to the test, or does with them what the test says. */
final class HeldHandler<Q extends ApiMessage> implements RequestHandler<Q> {
  /** A request that waits for the test. */
  record Held<Q>(Q request, RequestContext context, Reply reply) {}

  private final ApiKeys api;
  private final BlockingQueue<Held<Q>> held = new LinkedBlockingQueue<>();
  private volatile BiConsumer<Q, Reply> action = (request, reply) -> {};
  private volatile boolean holding = true;

  HeldHandler(ApiKeys api) {
    this.api = api;
  }

  static <Q extends ApiMessage> HeldHandler<Q> answering(ApiKeys api, BiConsumer<Q, Reply> action) {
    HeldHandler<Q> handler = new HeldHandler<>(api);
    handler.action = action;
    handler.holding = false;
    return handler;
  }

  @Override
  public ApiKeys api() {
    return api;
  }

  @Override
  public void handle(Q request, RequestContext context, Reply reply) {
    if (holding) {
      held.add(new Held<>(request, context, reply));
    } else {
      action.accept(request, reply);
    }
  }

  /** The next request; waits for it. */
  Held<Q> next() throws InterruptedException {
    Held<Q> next = held.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no " + api + " request came");
    }
    return next;
  }

  int waiting() {
    return held.size();
  }
}
