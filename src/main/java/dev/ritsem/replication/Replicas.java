package dev.ritsem.replication;

import akka.Done;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import java.util.Collection;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * All replicas of this broker. They follow the cluster's metadata image: what it assigns to this
 * broker is created, opened and given its role; what it no longer knows is deleted. Lookups take no
 * lock.
 */
public interface Replicas {
  /**
   * The replica of a partition of the topic that has this name now, or null if it has none here.
   */
  @Nullable Partition find(TopicPartition topicPartition);

  /** The replica by topic id, or null if this broker has none. */
  @Nullable Partition find(TopicId topicId, int partition);

  /** Every replica, in no particular order; a moment's picture. */
  Collection<Partition> all();

  /**
   * Completes when every replica of the image that was current at the start has its role or has
   * failed to open.
   */
  CompletionStage<Done> ready();

  /**
   * Completes when every replica has its role of the metadata image of this version or a later one,
   * or has failed: whoever read that image finds its leaders leading.
   */
  CompletionStage<Done> following(long imageVersion);

  /**
   * Stops in order: no appends are taken any more, waiting ones are answered, logs are flushed and
   * closed with their producer snapshots, checkpoints written, and each log directory that had no
   * failure marked as cleanly shut down.
   */
  CompletionStage<Done> close();
}
