package dev.ritsem.log;

/**
 * Where an append landed.
 *
 * @param firstOffset offset of the first record
 * @param lastOffset offset of the last record
 * @param logAppendTimeMs the time that the broker gave the records, or -1 if they keep the
 *     producer's
 * @param logStartOffset the first readable offset after the append
 * @param duplicate nothing was written: the producer had sent this batch before, and the offsets
 *     are those that it got then
 */
public record LogAppend(
    long firstOffset,
    long lastOffset,
    long logAppendTimeMs,
    long logStartOffset,
    boolean duplicate) {
  /** What {@link #logAppendTimeMs} is when the records keep the producer's timestamps. */
  public static final long NO_LOG_APPEND_TIME = -1L;
}
