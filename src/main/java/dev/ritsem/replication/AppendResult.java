package dev.ritsem.replication;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.record.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * How an append ended; the parts of a Produce response's partition.
 *
 * @param error NONE if the records are in the log as durably as the request asked for. After
 *     REQUEST_TIMED_OUT and NOT_ENOUGH_REPLICAS_AFTER_APPEND the outcome is unknown: the records
 *     are in the leader's log and may become readable. After any other error they were not stored
 * @param message what the client's user gets to read, or null where the code says it all
 * @param baseOffset offset of the first record; -1 on error
 * @param logAppendTimeMs the time that was given to the records, if the topic is configured so;
 *     else -1
 * @param logStartOffset the first offset that can be read; -1 on error
 * @param currentLeaderEpoch the epoch under which this replica answered; -1 if it does not know one
 */
public record AppendResult(
    ErrorCode error,
    @Nullable String message,
    long baseOffset,
    long logAppendTimeMs,
    long logStartOffset,
    int currentLeaderEpoch) {
  static final long NO_OFFSET = -1L;

  static AppendResult stored(
      long baseOffset, long logAppendTimeMs, long logStartOffset, int currentLeaderEpoch) {
    return new AppendResult(
        ErrorCode.NONE, null, baseOffset, logAppendTimeMs, logStartOffset, currentLeaderEpoch);
  }

  static AppendResult failed(ErrorCode error, @Nullable String message, int currentLeaderEpoch) {
    return new AppendResult(
        error, message, NO_OFFSET, RecordBatch.NO_TIMESTAMP, NO_OFFSET, currentLeaderEpoch);
  }

  public boolean isStored() {
    return error == ErrorCode.NONE;
  }
}
