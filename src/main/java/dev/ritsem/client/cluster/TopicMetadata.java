package dev.ritsem.client.cluster;

import dev.ritsem.model.ErrorCode;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the newest metadata that was heard describes it.
 *
 * @param id {@link Uuid#ZERO_UUID} if the broker knows no topic ids
 * @param error NONE, or why nothing is known about the partitions
 * @param partitions by number, without gaps
 */
public record TopicMetadata(
    String name, Uuid id, ErrorCode error, boolean internal, List<PartitionMetadata> partitions) {
  public TopicMetadata {
    partitions = List.copyOf(partitions);
  }

  /** Null if the topic has fewer partitions. */
  public @Nullable PartitionMetadata partition(int number) {
    return number >= 0 && number < partitions.size() ? partitions.get(number) : null;
  }

  boolean isUsable() {
    return error == ErrorCode.NONE && !partitions.isEmpty();
  }
}
