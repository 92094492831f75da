package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.MetadataEvent.PartitionChange;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who leads after brokers came or went. Only an in-sync replica on an active broker is chosen, so
 * that nothing acknowledged is lost; without one the partition has no leader and keeps its last
 * in-sync replica for the day that it returns.
 */
final class LeaderElection {
  private LeaderElection() {}

  /** What changes when the broker stops: it leads nothing, and is in sync only where it is last. */
  static List<PartitionChange> without(ClusterImage image, BrokerId gone) {
    Predicate<BrokerId> candidate = id -> !id.equals(gone) && image.isActive(id);
    return changes(
        image,
        before -> {
          if (!before.isr().contains(gone)) {
            return Optional.empty();
          }
          List<BrokerId> isr = before.isr().stream().filter(id -> !id.equals(gone)).toList();
          return changed(before, isr.isEmpty() ? before.isr() : isr, candidate);
        });
  }

  /** What changes when the broker becomes active: it leads where it is in sync and nobody leads. */
  static List<PartitionChange> with(ClusterImage image, BrokerId ready) {
    Predicate<BrokerId> candidate = id -> id.equals(ready) || image.isActive(id);
    return changes(
        image,
        before ->
            before.leader() == null && before.isr().contains(ready)
                ? changed(before, before.isr(), candidate)
                : Optional.empty());
  }

  private static Optional<PartitionRegistration> changed(
      PartitionRegistration before, List<BrokerId> isr, Predicate<BrokerId> candidate) {
    BrokerId leader = elect(before, isr, candidate);
    PartitionRegistration after = before.next(isr, leader);
    boolean same = isr.equals(before.isr()) && after.leaderEpoch() == before.leaderEpoch();
    return same ? Optional.empty() : Optional.of(after);
  }

  private static @Nullable BrokerId elect(
      PartitionRegistration before, List<BrokerId> isr, Predicate<BrokerId> candidate) {
    BrokerId leader = before.leader();
    if (leader != null && isr.contains(leader) && candidate.test(leader)) {
      return leader;
    }
    return before.replicas().stream()
        .filter(isr::contains)
        .filter(candidate)
        .findFirst()
        .orElse(null);
  }

  private static List<PartitionChange> changes(
      ClusterImage image, Function<PartitionRegistration, Optional<PartitionRegistration>> next) {
    List<PartitionChange> changes = new ArrayList<>();
    for (TopicImage topic : image.topics().all()) {
      List<PartitionRegistration> partitions = topic.partitions();
      for (int partition = 0; partition < partitions.size(); partition++) {
        int number = partition;
        next.apply(partitions.get(partition))
            .ifPresent(after -> changes.add(new PartitionChange(topic.id(), number, after)));
      }
    }
    return changes;
  }
}
