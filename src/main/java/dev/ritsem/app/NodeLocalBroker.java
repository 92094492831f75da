package dev.ritsem.app;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.LocalBroker;
import dev.ritsem.server.InProcessConnection;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestDispatcher;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node for clients in its own JVM: their requests take the same way as those that come through
 * a socket, from the dispatcher on. All requests of one client run on one event loop, in their
 * order.
 */
final class NodeLocalBroker implements LocalBroker {
  private static final Logger logger = LoggerFactory.getLogger(NodeLocalBroker.class);

  private final BrokerAddress address;
  private final RequestDispatcher dispatcher;
  private final List<EventLoop> loops;
  private final List<InProcessConnection> connections;

  /**
   * @param listenerName the listener whose endpoints these clients are told
   */
  NodeLocalBroker(
      BrokerAddress address,
      String listenerName,
      RequestDispatcher dispatcher,
      List<EventLoop> loops) {
    this.address = address;
    this.dispatcher = dispatcher;
    this.loops = List.copyOf(loops);
    this.connections =
        loops.stream().map(loop -> new InProcessConnection(listenerName, loop)).toList();
  }

  @Override
  public BrokerAddress address() {
    return address;
  }

  @Override
  public void dispatch(
      ApiKeys api, short version, String clientId, ApiMessage request, Consumer<ApiMessage> reply) {
    int index = Math.floorMod(clientId.hashCode(), loops.size());
    RequestContext context =
        new RequestContext(connections.get(index), api, version, clientId, false);
    loops
        .get(index)
        .execute(() -> dispatcher.dispatch(context, request, new LocalReply(api, reply)));
  }

  private record LocalReply(ApiKeys api, Consumer<ApiMessage> reply) implements Reply {
    @Override
    public void send(ApiMessage response) {
      reply.accept(response);
    }

    @Override
    public void sendNothing() {
      reply.accept(new ProduceResponseData());
    }

    // A socket would be closed. Here the client's own timeout ends the call.
    @Override
    public void closeConnection(String reason) {
      logger.warn("a request of a client in this JVM ({}) gets no answer: {}", api.name, reason);
    }
  }
}
