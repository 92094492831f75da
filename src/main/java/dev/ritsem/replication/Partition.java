package dev.ritsem.replication;

import dev.ritsem.model.TopicIdPartition;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A replica of this broker as the rest of the broker uses it. All methods may be called from any
 * thread and none blocks. A partition that was found stays valid: after its topic is deleted it
 * answers UNKNOWN_TOPIC_OR_PARTITION to everything.
 */
public interface Partition {
  TopicIdPartition id();

  /** What it is now. Takes no lock and sends no message. */
  PartitionView view();

  /**
   * Appends as the leader.
   *
   * @param listener runs exactly once, on any thread, and must not block: it is often the event
   *     loop of the log's owner
   */
  void append(AppendRequest request, Consumer<AppendResult> listener);

  /**
   * Asks to be told when the readable end is no longer the one that was seen, or the replica
   * changed its role, or went away. If that is so already, the listener runs at once.
   *
   * <p>A partition takes a bounded number of waiters ({@link ProgressWaiters#MAX_WAITERS}). Beyond
   * it the listener is never run, so the caller answers at its own deadline.
   *
   * @param seenEndOffset the high watermark, or for read-committed readers the last stable offset,
   *     that the caller found too small
   * @param readCommitted which of the two
   * @param listener runs at most once, on any thread, and must not block
   */
  Waiter awaitProgress(long seenEndOffset, boolean readCommitted, Runnable listener);

  /**
   * Moves the log start offset up, so that older records can no longer be read.
   *
   * @param beforeOffset the first offset to keep; -1 for the high watermark
   * @return never fails exceptionally: errors are part of the result
   */
  CompletionStage<DeleteRecordsResult> deleteRecords(long beforeOffset);
}
