package dev.ritsem.client.transport;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Carries requests to brokers and brings the answers back. Thread-safe. One client (a stream, an
 * admin) has one transport of its own and closes it.
 */
public interface Transport {
  /**
   * Sends a request at the highest version that both ends speak; requests therefore carry topic
   * names and topic ids both. Connects first if need be.
   *
   * <p>The stage completes on a thread of the transport, exactly once: with the answer; or, within
   * the request timeout, with a {@link org.apache.kafka.common.errors.RetriableException} if the
   * outcome is unknown or nothing was sent (no connection, connection lost, no answer in time), or
   * with another {@link org.apache.kafka.common.KafkaException} if asking again cannot help (no
   * common version). A produce request with acks=0 completes when it is handed to the network, with
   * an answer without topics.
   *
   * <p>Records in a request stay the caller's: the transport does not change them, and reads them
   * at most until the stage completes.
   */
  CompletionStage<ApiMessage> send(
      BrokerAddress broker, Lane lane, ApiKeys api, ApiMessage request);

  /** Addresses to ask first, before any metadata is there; never empty. */
  List<BrokerAddress> bootstrap();

  /**
   * Calls the listener for each later event, on a thread of the transport. Listeners must be quick.
   */
  void listen(Consumer<ConnectionEvent> listener);

  /**
   * Closes all connections; requests that are still out fail. The stage completes when all is given
   * back.
   */
  CompletionStage<Void> close();
}
