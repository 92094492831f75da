package dev.ritsem.server.handler;

import dev.ritsem.model.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;

/**
 * The partitions of one client that fetches incrementally: requests carry only what changes, and
 * responses only what is new (KIP-227). Its own lock guards it, because a client can name a session
 * on any of its connections.
 */
final class FetchSession {
  /** Epoch of the request that follows the full one. */
  private static final int FIRST_INCREMENTAL_EPOCH = 1;

  private final int id;
  private final boolean usesTopicIds;
  private final long createdMs;

  /** In the order in which they are read: those that had records last come last. */
  private final Map<FetchedPartition.Key, FetchedPartition> partitions;

  /** What the next request must carry; from 1, and 1 again after the largest int. */
  private int epoch = FIRST_INCREMENTAL_EPOCH;

  private volatile long lastUsedMs;
  private volatile int size;

  FetchSession(
      int id,
      boolean usesTopicIds,
      Map<FetchedPartition.Key, FetchedPartition> partitions,
      long nowMs) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
    this.partitions = partitions;
    this.createdMs = nowMs;
    this.lastUsedMs = nowMs;
    this.size = partitions.size();
  }

  int id() {
    return id;
  }

  long createdMs() {
    return createdMs;
  }

  long lastUsedMs() {
    return lastUsedMs;
  }

  int size() {
    return size;
  }

  boolean usesTopicIds() {
    return usesTopicIds;
  }

  /**
   * Takes an incremental request in.
   *
   * @return false if it does not carry the expected epoch; then nothing has changed
   */
  synchronized boolean advance(FetchRequestData request, long nowMs) {
    if (request.sessionEpoch() != epoch) {
      return false;
    }
    epoch = epoch == Integer.MAX_VALUE ? FIRST_INCREMENTAL_EPOCH : epoch + 1;
    lastUsedMs = nowMs;
    forget(request.forgottenTopicsData());
    addAll(partitions, request, usesTopicIds);
    size = partitions.size();
    return true;
  }

  private void forget(List<ForgottenTopic> topics) {
    for (ForgottenTopic topic : topics) {
      for (int partition : topic.partitions()) {
        partitions.remove(
            usesTopicIds
                ? new FetchedPartition.Key(
                    null, PartitionLookup.topicId(topic.topicId()), partition)
                : new FetchedPartition.Key(topic.topic(), TopicId.ZERO, partition));
      }
    }
  }

  /** What to read, in this order. */
  synchronized List<FetchedPartition> snapshot() {
    return new ArrayList<>(partitions.values());
  }

  /** A partition had records; the others come first next time. */
  synchronized void moveToEnd(Collection<FetchedPartition> served) {
    for (FetchedPartition partition : served) {
      if (partitions.remove(partition.key(), partition)) {
        partitions.put(partition.key(), partition);
      }
    }
  }

  /** The partitions that a request names, new or changed, in its order. */
  static void addAll(
      Map<FetchedPartition.Key, FetchedPartition> partitions,
      FetchRequestData request,
      boolean usesTopicIds) {
    for (FetchTopic topic : request.topics()) {
      TopicId id = usesTopicIds ? PartitionLookup.topicId(topic.topicId()) : TopicId.ZERO;
      String name = usesTopicIds ? null : topic.topic();
      for (FetchPartition partition : topic.partitions()) {
        FetchedPartition.Key key = new FetchedPartition.Key(name, id, partition.partition());
        FetchedPartition known = partitions.get(key);
        if (known == null) {
          partitions.put(key, new FetchedPartition(key, partition));
        } else {
          known.update(partition);
        }
      }
    }
  }

  static Map<FetchedPartition.Key, FetchedPartition> partitionsOf(
      FetchRequestData request, boolean usesTopicIds) {
    Map<FetchedPartition.Key, FetchedPartition> partitions = new LinkedHashMap<>();
    addAll(partitions, request, usesTopicIds);
    return partitions;
  }
}
