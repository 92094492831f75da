package dev.ritsem.replication;

import dev.ritsem.model.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How a request to delete a partition's oldest records ended.
 *
 * @param error NONE, OFFSET_OUT_OF_RANGE (above the high watermark), POLICY_VIOLATION (the topic is
 *     not cleaned up by deletion), NOT_LEADER_OR_FOLLOWER, or KAFKA_STORAGE_ERROR
 * @param lowWatermark the first offset that is left; -1 on error
 */
public record DeleteRecordsResult(ErrorCode error, @Nullable String message, long lowWatermark) {
  static DeleteRecordsResult deleted(long lowWatermark) {
    return new DeleteRecordsResult(ErrorCode.NONE, null, lowWatermark);
  }

  static DeleteRecordsResult failed(ErrorCode error, @Nullable String message) {
    return new DeleteRecordsResult(error, message, AppendResult.NO_OFFSET);
  }
}
