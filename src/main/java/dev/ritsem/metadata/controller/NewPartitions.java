package dev.ritsem.metadata.controller;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic that shall have more partitions.
 *
 * @param totalCount how many it shall have, those that are there included
 * @param assignments the brokers of each new partition, in order; null to let the controller place
 *     them
 */
public record NewPartitions(
    String topic, int totalCount, @Nullable List<List<Integer>> assignments) {
  public NewPartitions {
    assignments = assignments == null ? null : assignments.stream().map(List::copyOf).toList();
  }

  public static NewPartitions increaseTo(String topic, int totalCount) {
    return new NewPartitions(topic, totalCount, null);
  }
}
