package dev.ritsem.server.handler;

import dev.ritsem.model.TopicId;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;

/**
 * A partition that a client fetches from, as it last asked for it, and what it was last told. In a
 * session it lives from one request to the next; used by one request at a time.
 */
final class FetchedPartition {
  private static final long NEVER_TOLD = -1;

  /**
   * Which partition is meant: by id if the request names ids, else by name.
   *
   * @param topic null if the request names ids
   * @param topicId {@link TopicId#ZERO} if the request names topics
   */
  record Key(@Nullable String topic, TopicId topicId, int partition) {}

  private final Key key;
  private int maxBytes;
  private long fetchOffset;
  private int currentLeaderEpoch;
  private int lastFetchedEpoch;

  private long toldHighWatermark = NEVER_TOLD;
  private long toldLogStartOffset = NEVER_TOLD;

  FetchedPartition(Key key, FetchPartition request) {
    this.key = key;
    update(request);
  }

  /** The client asks for something else of the same partition. */
  void update(FetchPartition request) {
    maxBytes = request.partitionMaxBytes();
    fetchOffset = request.fetchOffset();
    currentLeaderEpoch = request.currentLeaderEpoch();
    lastFetchedEpoch = request.lastFetchedEpoch();
  }

  Key key() {
    return key;
  }

  int maxBytes() {
    return maxBytes;
  }

  long fetchOffset() {
    return fetchOffset;
  }

  int currentLeaderEpoch() {
    return currentLeaderEpoch;
  }

  int lastFetchedEpoch() {
    return lastFetchedEpoch;
  }

  /**
   * Whether an incremental response has to mention the partition: it has records, an error, a
   * divergence, or other offsets than the client was told last (KIP-227).
   */
  boolean isNews(PartitionData part) {
    return (part.records() != null && part.records().sizeInBytes() > 0)
        || part.errorCode() != 0
        || part.divergingEpoch().epoch() >= 0
        || part.highWatermark() != toldHighWatermark
        || part.logStartOffset() != toldLogStartOffset;
  }

  /** The client is told this part. After an error everything is news. */
  void told(PartitionData part) {
    boolean failed = part.errorCode() != 0;
    toldHighWatermark = failed ? NEVER_TOLD : part.highWatermark();
    toldLogStartOffset = failed ? NEVER_TOLD : part.logStartOffset();
  }
}
