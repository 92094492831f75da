package dev.ritsem.client.transport;

/**
 * Reaches a node that runs in this JVM without a socket, and the other brokers of its cluster over
 * TCP.
 */
public record InProcessConnector(LocalBroker broker, ConnectionSecurity security)
    implements Connector {
  public InProcessConnector(LocalBroker broker) {
    this(broker, ConnectionSecurity.PLAINTEXT);
  }

  @Override
  public Transport open(TransportOptions options) {
    return new InProcessTransport(broker, security, options);
  }
}
