package dev.ritsem.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts connections against their limits. Thread-safe: connections come on one loop and go on
 * another.
 */
final class ConnectionCount {
  private final ConnectionLimits limits;

  /** Always between 0 and the limit, and the sum of {@link #byAddress}. */
  private int total;

  /** Without zeros. */
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();

  ConnectionCount(ConnectionLimits limits) {
    this.limits = limits;
  }

  /** Takes a place for a connection; false if there is none left. */
  synchronized boolean enter(InetAddress address) {
    int ofAddress = byAddress.getOrDefault(address, 0);
    if (total >= limits.total() || ofAddress >= limits.allowedFor(address)) {
      return false;
    }
    total++;
    byAddress.put(address, ofAddress + 1);
    return true;
  }

  /** Gives a place back that {@link #enter} took. */
  synchronized void leave(InetAddress address) {
    total--;
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  synchronized int total() {
    return total;
  }
}
