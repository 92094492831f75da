package dev.ritsem.record;

import java.nio.ByteBuffer;

/**
 * Batches that a leader may append: {@link BatchValidator} has checked every byte of them, and only
 * it makes them. Base offsets and leader epochs are not assigned yet; the log does that in place.
 *
 * <p>The buffer is the one that was validated, or a new one if the records had to be written anew.
 * Whoever appends must have it for itself until the append is done.
 */
public final class ValidatedBatches {
  private final ByteBuffer buffer;
  private final int batchCount;
  private final int recordCount;
  private final long maxTimestamp;
  private final long logAppendTimeMs;

  ValidatedBatches(
      ByteBuffer buffer, int batchCount, int recordCount, long maxTimestamp, long logAppendTimeMs) {
    this.buffer = buffer;
    this.batchCount = batchCount;
    this.recordCount = recordCount;
    this.maxTimestamp = maxTimestamp;
    this.logAppendTimeMs = logAppendTimeMs;
  }

  /** Whole batches, one after another, from position to limit; big-endian and writable. */
  public ByteBuffer buffer() {
    return buffer;
  }

  public int sizeInBytes() {
    return buffer.remaining();
  }

  public int batchCount() {
    return batchCount;
  }

  /** How many records, so how many offsets, the batches take. */
  public int recordCount() {
    return recordCount;
  }

  /** The newest timestamp of all records, ms; -1 if none has one. */
  public long maxTimestamp() {
    return maxTimestamp;
  }

  /**
   * The broker's time that was written into the batches, ms, as a produce response tells it; -1 if
   * the topic keeps the producers' times.
   */
  public long logAppendTimeMs() {
    return logAppendTimeMs;
  }
}
