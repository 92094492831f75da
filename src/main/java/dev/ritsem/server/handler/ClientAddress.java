package dev.ritsem.server.handler;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.server.Connection;
import java.net.InetAddress;
import java.util.Optional;

/** Where a client is sent to reach a broker: host and port of the listener that it uses itself. */
record ClientAddress(String host, int port) {
  private static final String SAME_JVM = "localhost";

  /**
   * The address of a broker for the client of a connection. Where the broker advertises no host,
   * the client is told the one by which it reached this node.
   *
   * @return empty if the broker has no listener of the connection's name: this client cannot get
   *     there
   */
  static Optional<ClientAddress> of(BrokerRegistration broker, Connection connection) {
    return broker
        .endpoint(connection.listenerName())
        .map(endpoint -> new ClientAddress(host(endpoint, connection), endpoint.port()));
  }

  private static String host(Endpoint endpoint, Connection connection) {
    if (!endpoint.host().isEmpty()) {
      return endpoint.host();
    }
    InetAddress reached = connection.localAddress();
    return reached == null ? SAME_JVM : reached.getHostAddress();
  }
}
