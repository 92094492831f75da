package dev.ritsem.client.transport;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A node that runs in this JVM, as in-process clients see it: request objects in, response objects
 * out. The node implements this on top of the same dispatch that its sockets use.
 */
public interface LocalBroker {
  /** Where the node would be reached from outside, and its id. */
  BrokerAddress address();

  /**
   * Answers a request at the API's latest stable version. The reply is called exactly once, on any
   * thread, possibly before this method returns; for a produce request with acks=0 it is called
   * with a response without topics. Records in the request belong to the node from here on, and it
   * may write offsets into them; records in the response belong to the caller, who releases them.
   *
   * @param clientId {@code client.id} of the client
   */
  void dispatch(
      ApiKeys api, short version, String clientId, ApiMessage request, Consumer<ApiMessage> reply);
}
