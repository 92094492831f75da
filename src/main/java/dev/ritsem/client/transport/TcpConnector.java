package dev.ritsem.client.transport;

import java.util.List;

/**
 * Reaches a cluster over TCP with Kafka's protocol.
 *
 * @param bootstrap brokers to ask first
 */
public record TcpConnector(List<BrokerAddress> bootstrap, ConnectionSecurity security)
    implements Connector {
  public TcpConnector {
    bootstrap = List.copyOf(bootstrap);
    if (bootstrap.isEmpty()) {
      throw new IllegalArgumentException("no bootstrap server");
    }
  }

  /**
   * Without encryption or authentication.
   *
   * @param servers {@code host:port} pairs with commas between them
   */
  public static TcpConnector plaintext(String servers) {
    return new TcpConnector(BrokerAddress.parseList(servers), ConnectionSecurity.PLAINTEXT);
  }

  @Override
  public Transport open(TransportOptions options) {
    return new TcpTransport(bootstrap, security, options);
  }
}
