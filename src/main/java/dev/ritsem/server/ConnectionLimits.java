package dev.ritsem.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How many connections there may be.
 *
 * @param total of the whole node
 * @param perAddress of one client address
 * @param overrides of client addresses with a limit of their own
 */
public record ConnectionLimits(int total, int perAddress, Map<InetAddress, Integer> overrides) {
  public ConnectionLimits {
    overrides = Map.copyOf(overrides);
  }

  static ConnectionLimits of(int total, int perAddress, List<String> overrides) {
    Map<InetAddress, Integer> limits = new HashMap<>();
    for (String text : overrides) {
      int colon = text.lastIndexOf(':');
      limits.put(address(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }
    return new ConnectionLimits(total, perAddress, limits);
  }

  static boolean areOverrides(List<String> texts) {
    return texts.stream().allMatch(ConnectionLimits::isOverride);
  }

  private static boolean isOverride(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || !text.substring(colon + 1).matches("\\d{1,9}")) {
      return false;
    }
    try {
      address(text.substring(0, colon));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such address: " + host, e);
    }
  }

  int allowedFor(InetAddress address) {
    return overrides.getOrDefault(address, perAddress);
  }
}
