package dev.ritsem.client.transport;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a broker listens.
 *
 * @param brokerId the broker's number, or {@link #UNKNOWN_ID} for an address that was only given to
 *     start from
 * @param host name or literal address; an IPv6 address without brackets
 * @param port from 1 to 65535
 */
public record BrokerAddress(int brokerId, String host, int port) {
  /** The id of an address of which it is not known yet which broker answers there. */
  public static final int UNKNOWN_ID = -1;

  public BrokerAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("broker address without a host name");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " of " + host + " is not in 1..65535");
    }
  }

  /**
   * Reads {@code bootstrap.servers}: {@code host:port} pairs with commas between them.
   *
   * @throws IllegalArgumentException if there is none, or one cannot be read
   */
  public static List<BrokerAddress> parseList(String servers) {
    List<BrokerAddress> addresses = new ArrayList<>();
    for (String part : servers.split(",", -1)) {
      if (!part.isBlank()) {
        addresses.add(parse(part.trim()));
      }
    }
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("bootstrap.servers '" + servers + "' names no broker");
    }
    return List.copyOf(addresses);
  }

  private static BrokerAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("bootstrap server '" + text + "' is not host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new BrokerAddress(UNKNOWN_ID, host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("bootstrap server '" + text + "' is not host:port", e);
    }
  }

  public boolean isBootstrap() {
    return brokerId == UNKNOWN_ID;
  }

  @Override
  public String toString() {
    String place = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    return isBootstrap() ? place : place + " (id " + brokerId + ")";
  }
}
