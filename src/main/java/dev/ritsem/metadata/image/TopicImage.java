package dev.ritsem.metadata.image;

import dev.ritsem.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic.
 *
 * @param partitions by partition number; numbers are consecutive from 0 and never go away while the
 *     topic lives
 * @param configs what was set for this topic alone; whatever is not in here has the broker's value.
 *     In order of the keys
 */
public record TopicImage(
    String name, TopicId id, List<PartitionRegistration> partitions, Map<String, String> configs) {
  /** Topics that the system itself writes; clients see them flagged (KIP-4). */
  private static final Set<String> INTERNAL =
      Set.of("__consumer_offsets", "__transaction_state", "__share_group_state");

  public TopicImage {
    partitions = List.copyOf(partitions);
    configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    if (partitions.isEmpty()) {
      throw new IllegalArgumentException("topic " + name + " without partitions");
    }
  }

  /** Whether a topic of this name is the system's own. */
  public static boolean isInternal(String name) {
    return INTERNAL.contains(name);
  }

  public boolean internal() {
    return isInternal(name);
  }

  /** The registration of a partition, or null if the topic has no such partition. */
  public @Nullable PartitionRegistration partition(int partition) {
    return partition >= 0 && partition < partitions.size() ? partitions.get(partition) : null;
  }

  /** How many copies its first partition has: what clients are told as the topic's factor. */
  public int replicationFactor() {
    return partitions.get(0).replicas().size();
  }

  TopicImage withConfigs(Map<String, String> nextConfigs) {
    return new TopicImage(name, id, partitions, nextConfigs);
  }

  TopicImage withPartitions(List<PartitionRegistration> nextPartitions) {
    return new TopicImage(name, id, nextPartitions, configs);
  }

  TopicImage plusPartitions(List<PartitionRegistration> added) {
    List<PartitionRegistration> all = new ArrayList<>(partitions);
    all.addAll(added);
    return withPartitions(all);
  }
}
