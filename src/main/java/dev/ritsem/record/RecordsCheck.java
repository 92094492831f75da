package dev.ritsem.record;

import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the records of one batch and checks each of them, without making an object of it: that
 * its lengths add up, and that key and timestamp are what the topic demands. What it learns on the
 * way (newest timestamp, whether the offsets are in order) decides what the validator does with the
 * batch.
 *
 * <p>Records whose bytes do not add up end the walk with a {@link MalformedRecordsException}; those
 * that only break a rule are collected.
 */
final class RecordsCheck {
  /** A rejected batch names this many of its records at most. */
  static final int RECORD_ERRORS_MAX = 100;

  private static final int ERRORS_IN_MESSAGE_MAX = 3;

  private final BatchRules rules;
  private final boolean createTime;
  private final boolean batchHasLogAppendTime;
  private final long baseTimestamp;
  private final long batchTimestamp;
  private final long oldestMs;
  private final long newestMs;

  private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
  private boolean offsetsInOrder = true;
  private @Nullable List<RecordError> errors;
  private int errorCount;
  private boolean timestampError;

  RecordsCheck(RecordBatch batch, BatchRules rules, long nowMs) {
    this.rules = rules;
    this.createTime = rules.timestampType() == TimestampType.CREATE_TIME;
    this.batchHasLogAppendTime = batch.hasLogAppendTime();
    this.baseTimestamp = batch.baseTimestamp();
    this.batchTimestamp = batch.maxTimestamp();
    this.oldestMs = saturatedSubtract(nowMs, rules.timestampBeforeMaxMs());
    this.newestMs = saturatedAdd(nowMs, rules.timestampAfterMaxMs());
  }

  /** The newest timestamp seen, -1 if no record has one. */
  long maxTimestamp() {
    return maxTimestamp;
  }

  /** Whether the offset deltas were 0, 1, 2 and so on. */
  boolean offsetsInOrder() {
    return offsetsInOrder;
  }

  /** Walks over exactly this many records, after which the bytes must end. */
  void run(RecordCursor records, int count) {
    for (int index = 0; index < count; index++) {
      int length = records.readVarint();
      long end = records.consumed() + length;
      records.readByte();
      long timestampDelta = records.readVarlong();
      offsetsInOrder &= records.readVarint() == index;
      int keyLength = records.readVarint();
      records.skip(keyLength);
      records.skip(records.readVarint());
      skipHeaders(records);
      if (records.consumed() != end) {
        throw new MalformedRecordsException(
            "record %d announces %d bytes but has %d"
                .formatted(index, length, length + records.consumed() - end));
      }
      apply(index, timestampDelta, keyLength >= 0);
    }
    if (!records.atEnd()) {
      throw new MalformedRecordsException("the batch goes on after its last record");
    }
  }

  private static void skipHeaders(RecordCursor records) {
    int count = records.readVarint();
    if (count < 0) {
      throw new MalformedRecordsException("a record announces " + count + " headers");
    }
    // Each header takes bytes, so a huge count ends where the bytes end.
    for (int i = 0; i < count; i++) {
      int keyLength = records.readVarint();
      if (keyLength < 0) {
        throw new MalformedRecordsException("a header's key announces " + keyLength + " bytes");
      }
      records.skip(keyLength);
      records.skip(records.readVarint());
    }
  }

  private void apply(int index, long timestampDelta, boolean hasKey) {
    // A batch that claims the broker's time has that one time for all its records.
    long timestamp = batchHasLogAppendTime ? batchTimestamp : baseTimestamp + timestampDelta;
    if (rules.compacted() && !hasKey) {
      reject(index, "Compacted topic cannot accept message without key");
    } else if (createTime && timestamp != RecordBatch.NO_TIMESTAMP) {
      if (timestamp < oldestMs || timestamp > newestMs) {
        timestampError = true;
        reject(
            index,
            "Timestamp %d of message with offset delta %d is out of range. The timestamp should be within [%d, %d]"
                .formatted(timestamp, index, oldestMs, newestMs));
      }
    } else if (batchHasLogAppendTime) {
      timestampError = true;
      reject(index, "Producer should not set timestamp type to LogAppendTime");
    }
    maxTimestamp = Math.max(maxTimestamp, timestamp);
  }

  private void reject(int index, String message) {
    errorCount++;
    if (errors == null) {
      errors = new ArrayList<>();
    }
    if (errors.size() < RECORD_ERRORS_MAX) {
      errors.add(new RecordError(index, message));
    }
  }

  /**
   * Gives the answer if any record broke a rule: a timestamp out of range outweighs a missing key.
   */
  void throwIfRejected() {
    if (errors == null) {
      return;
    }
    if (timestampError) {
      throw new BatchRejected(
          ErrorCode.INVALID_TIMESTAMP,
          "One or more records have been rejected due to invalid timestamp",
          errors);
    }
    throw new BatchRejected(
        ErrorCode.INVALID_RECORD,
        "One or more records have been rejected due to %d record errors in total, and only showing the first three errors at most: %s"
            .formatted(
                errorCount, errors.subList(0, Math.min(errors.size(), ERRORS_IN_MESSAGE_MAX))),
        errors);
  }

  private static long saturatedAdd(long left, long right) {
    long sum = left + right;
    return ((left ^ sum) & (right ^ sum)) < 0 ? (left < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  private static long saturatedSubtract(long left, long right) {
    return right == Long.MIN_VALUE ? Long.MAX_VALUE : saturatedAdd(left, -right);
  }
}
