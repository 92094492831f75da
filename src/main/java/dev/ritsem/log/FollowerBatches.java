package dev.ritsem.log;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.RecordBatch;
import java.nio.ByteBuffer;

/**
 * Batches from a leader, looked over before they are appended: whole, of this format, undamaged,
 * and in order. Offsets may have gaps, where the leader's log was compacted.
 *
 * @param buffer the whole batches, from position to limit
 * @param firstOffset of the first record
 * @param lastOffset of the last record
 * @param maxTimestamp of all, or -1
 */
record FollowerBatches(ByteBuffer buffer, long firstOffset, long lastOffset, long maxTimestamp) {

  static FollowerBatches check(ByteBuffer source, long logEndOffset, TopicPartition partition) {
    long nextOffset = logEndOffset;
    long firstOffset = -1;
    long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    int at = source.position();
    while (RecordBatch.fits(source, at)) {
      RecordBatch batch = RecordBatch.at(source, at);
      if (batch.magic() != RecordBatch.MAGIC_V2
          || batch.lastOffsetDelta() < 0
          || !batch.hasValidCrc()) {
        throw new WireException(
            ErrorCode.CORRUPT_MESSAGE,
            "The batch at offset %d for %s is damaged".formatted(batch.baseOffset(), partition));
      }
      if (batch.baseOffset() < nextOffset) {
        throw new WireException(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            "The batch at offset %d for %s begins before %d, where the log goes on"
                .formatted(batch.baseOffset(), partition, nextOffset));
      }
      firstOffset = firstOffset < 0 ? batch.baseOffset() : firstOffset;
      nextOffset = batch.nextOffset();
      maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
      at += batch.sizeInBytes();
    }
    return new FollowerBatches(
        source.duplicate().limit(at), firstOffset, nextOffset - 1, maxTimestamp);
  }

  boolean isEmpty() {
    return !buffer.hasRemaining();
  }
}
