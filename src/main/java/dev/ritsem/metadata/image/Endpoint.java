package dev.ritsem.metadata.image;

/**
 * Where clients reach a broker through one of its listeners.
 *
 * @param listenerName for example {@code PLAINTEXT}; unique among a broker's endpoints
 * @param securityProtocol PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL
 * @param host the advertised host; empty if the broker advertises none: then a client is told the
 *     address by which it reached the broker
 * @param port 1 to 65535
 */
public record Endpoint(String listenerName, String securityProtocol, String host, int port) {
  public Endpoint {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(
          "port " + port + " of listener " + listenerName + " is not in 1..65535");
    }
  }
}
