package dev.ritsem.server;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The way back of one request. Exactly one method is called, once, on any thread. Answers leave in
 * the order of the requests, whatever the order of the replies.
 */
public interface Reply {
  /**
   * Sends a response. Its records belong to the connection from here on, which releases them once
   * they are sent, or cannot be sent any more.
   */
  void send(ApiMessage response);

  /** Ends the request without a response: a produce request with acks=0. */
  void sendNothing();

  /**
   * Closes the connection, after the answers to earlier requests.
   *
   * @param reason for the log
   */
  void closeConnection(String reason);
}
