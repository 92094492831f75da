package dev.ritsem.log;

import dev.ritsem.record.RecordsSlice;

/**
 * What a read found.
 *
 * @param records whole batches, or {@link RecordsSlice#EMPTY}; the receiver releases it
 * @param fetchOffset the offset that was asked for
 * @param upToOffset an offset that no record of the slice reaches; it bounds the aborted
 *     transactions that a reader of committed data has to know
 */
public record LogRead(RecordsSlice records, long fetchOffset, long upToOffset) {
  /** A read that found nothing at the offset. */
  public static LogRead empty(long fetchOffset) {
    return new LogRead(RecordsSlice.EMPTY, fetchOffset, fetchOffset);
  }

  public boolean isEmpty() {
    return records.sizeInBytes() == 0;
  }
}
