package dev.ritsem.client.transport;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** One connection per broker and lane, made when it is first needed. */
final class TcpTransport implements Transport {
  private final List<BrokerAddress> bootstrap;
  private final ConnectionSecurity security;
  private final TransportOptions options;
  private final Map<Key, BrokerConnection> connections = new ConcurrentHashMap<>();
  private final List<Consumer<ConnectionEvent>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private record Key(String host, int port, Lane lane) {}

  TcpTransport(
      List<BrokerAddress> bootstrap, ConnectionSecurity security, TransportOptions options) {
    this.bootstrap = bootstrap;
    this.security = security;
    this.options = options;
  }

  @Override
  public CompletionStage<ApiMessage> send(
      BrokerAddress broker, Lane lane, ApiKeys api, ApiMessage request) {
    if (closed) {
      return CompletableFuture.failedFuture(new DisconnectException("The client is closed."));
    }
    return connections
        .computeIfAbsent(new Key(broker.host(), broker.port(), lane), key -> connection(broker))
        .send(api, request);
  }

  private BrokerConnection connection(BrokerAddress broker) {
    long seed;
    synchronized (options) {
      seed = options.random().nextLong();
    }
    return new BrokerConnection(
        broker,
        security,
        options,
        new SplittableRandom(seed),
        options.eventLoops().next(),
        this::tell);
  }

  @Override
  public List<BrokerAddress> bootstrap() {
    return bootstrap;
  }

  @Override
  public void listen(Consumer<ConnectionEvent> listener) {
    listeners.add(listener);
  }

  private void tell(ConnectionEvent event) {
    listeners.forEach(listener -> listener.accept(event));
  }

  @Override
  public CompletionStage<Void> close() {
    closed = true;
    return CompletableFuture.allOf(
        connections.values().stream()
            .map(BrokerConnection::close)
            .toArray(CompletableFuture<?>[]::new));
  }
}
