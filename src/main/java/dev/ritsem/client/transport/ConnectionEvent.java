package dev.ritsem.client.transport;

/**
 * Something that happened to the connection with a broker; what users watch to see whether their
 * streams have a broker to talk to.
 */
public sealed interface ConnectionEvent {
  BrokerAddress broker();

  /** A connection stands: versions are agreed upon, requests can be sent. */
  record Connected(BrokerAddress broker) implements ConnectionEvent {}

  /**
   * A connection that stood is gone.
   *
   * @param reason why, for people
   */
  record Disconnected(BrokerAddress broker, String reason) implements ConnectionEvent {}

  /**
   * An attempt to connect failed.
   *
   * @param reason why, for people
   * @param retryAfterMs how long the next attempt waits at least
   */
  record ConnectFailed(BrokerAddress broker, String reason, long retryAfterMs)
      implements ConnectionEvent {}
}
