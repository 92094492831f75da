package dev.ritsem.metadata.controller;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A topic that shall be created, as a client asked for it: nothing is checked yet.
 *
 * @param partitions how many, or {@link #USE_DEFAULT} for num.partitions
 * @param replicationFactor copies of each partition, or {@link #USE_DEFAULT} for
 *     default.replication.factor
 * @param assignments the brokers of each partition; if there are any, partitions and replication
 *     factor must be left open
 * @param configs what the topic overrides of the broker's configs; a null value is refused
 */
public record NewTopic(
    String name,
    int partitions,
    int replicationFactor,
    List<ReplicaAssignment> assignments,
    Map<String, @Nullable String> configs) {
  public static final int USE_DEFAULT = -1;

  public NewTopic {
    assignments = List.copyOf(assignments);
    configs = Collections.unmodifiableMap(new LinkedHashMap<>(configs));
  }

  /** A topic with the defaults of the cluster. */
  public static NewTopic withDefaults(String name) {
    return new NewTopic(name, USE_DEFAULT, USE_DEFAULT, List.of(), Map.of());
  }

  public NewTopic(
      String name, int partitions, int replicationFactor, Map<String, @Nullable String> configs) {
    this(name, partitions, replicationFactor, List.of(), configs);
  }
}
