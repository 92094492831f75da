package dev.ritsem.server.handler;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;

/** Reads the name of a broker in requests about configs. */
final class BrokerResource {
  private BrokerResource() {}

  /**
   * Refuses a name that is not this broker's number: clients send such requests to the broker
   * itself.
   *
   * @throws WireException INVALID_REQUEST
   */
  static void requireThis(String name, BrokerId self) {
    int id;
    try {
      id = Integer.parseInt(name);
    } catch (NumberFormatException e) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST, "Broker id must be an integer, but it is: " + name);
    }
    if (id != self.value()) {
      throw new WireException(
          ErrorCode.INVALID_REQUEST,
          "Unexpected broker id, expected %s or empty string, but received %s"
              .formatted(self, name));
    }
  }
}
