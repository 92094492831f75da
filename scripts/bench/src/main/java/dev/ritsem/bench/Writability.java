package dev.ritsem.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When a topic takes records again.
 *
 * @param firstS seconds until a first partition acknowledged a record with acks=all; NaN if never
 * @param allS seconds until all partitions had
 */
record Writability(double firstS, double allS) {
  private static final int TIMEOUT_MS = 35_000;
  private static final int PAUSE_MS = 5;

  /** Tries all partitions again and again, counting from {@code startNanos}. */
  static Writability await(String topic, int partitions, long startNanos, double limitS)
      throws InterruptedException {
    Set<Integer> left = new TreeSet<>();
    for (int i = 0; i < partitions; i++) {
      left.add(i);
    }
    double first = Double.NaN;
    Map<InetSocketAddress, WireClient> clients = new HashMap<>();
    try {
      while (secondsSince(startNanos) < limitS) {
        for (var leader : byLeader(topic, left).entrySet()) {
          left.removeAll(written(clients, leader.getKey(), topic, leader.getValue()));
          if (left.size() < partitions && Double.isNaN(first)) {
            first = secondsSince(startNanos);
          }
        }
        if (left.isEmpty()) {
          return new Writability(first, secondsSince(startNanos));
        }
        Thread.sleep(PAUSE_MS);
      }
      return new Writability(first, Double.NaN);
    } finally {
      clients.values().forEach(WireClient::close);
    }
  }

  private static Map<InetSocketAddress, Map<Integer, byte[]>> byLeader(
      String topic, Set<Integer> wanted) {
    Map<InetSocketAddress, Map<Integer, byte[]>> batches = new HashMap<>();
    WireClient.Metadata metadata = WireClient.anyMetadata(topic);
    if (metadata != null) {
      byte[] batch = WireBytes.batch(new byte[10], 1);
      metadata
          .partitions()
          .forEach(
              (index, partition) -> {
                InetSocketAddress leader = metadata.brokers().get(partition.leader());
                if (leader != null && wanted.contains(index)) {
                  batches.computeIfAbsent(leader, key -> new TreeMap<>()).put(index, batch);
                }
              });
    }
    return batches;
  }

  /** The partitions that took their record. */
  private static Set<Integer> written(
      Map<InetSocketAddress, WireClient> clients,
      InetSocketAddress leader,
      String topic,
      Map<Integer, byte[]> batches) {
    Set<Integer> written = new TreeSet<>();
    try {
      WireClient client = clients.get(leader);
      if (client == null) {
        client = new WireClient(leader, TIMEOUT_MS);
        clients.put(leader, client);
      }
      client
          .produce(-1, topic, batches)
          .forEach(
              (partition, error) -> {
                if (error == 0) {
                  written.add(partition);
                }
              });
    } catch (IOException down) {
      WireClient dead = clients.remove(leader);
      if (dead != null) {
        dead.close();
      }
    }
    return written;
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
