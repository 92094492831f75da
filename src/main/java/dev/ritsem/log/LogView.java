package dev.ritsem.log;

import dev.ritsem.model.OffsetAndEpoch;
import java.util.List;
import java.util.Optional;

/**
 * A log as it was at one moment: immutable, and readable on any thread. What it shows of the bytes
 * stays true until the log is truncated below it or deletes the segment; then reading answers
 * OFFSET_OUT_OF_RANGE or an {@link LogIoException}.
 *
 * <p>Always {@code logStartOffset <= lastStableOffset <= highWatermark <= logEndOffset}, except
 * that delete-records may move the start past an open transaction.
 */
public interface LogView {
  /** The first offset that may be read. */
  long logStartOffset();

  /** The first offset that is not yet on all in-sync replicas. */
  long highWatermark();

  /**
   * The first offset that belongs to an undecided transaction, or the high watermark if that is
   * lower: readers of committed data stop here.
   */
  long lastStableOffset();

  /** The offset that the next record gets. */
  long logEndOffset();

  /**
   * Finds whole batches from the one that holds an offset. May read a few headers from the file, so
   * it may block when the file is not in the page cache.
   *
   * @param offset where to start; the first batch may begin before it
   * @param maxBytes the most to return, except for the first batch if the next argument says so
   * @param atLeastOneBatch return the first batch even if it is larger than maxBytes
   * @param upToOffset return no batch that reaches this offset (the high watermark, the last stable
   *     offset or the log end, by who is asking)
   * @throws dev.ritsem.model.WireException OFFSET_OUT_OF_RANGE below the log start or above the log
   *     end
   * @throws LogIoException if the file cannot be read
   */
  LogRead read(long offset, int maxBytes, boolean atLeastOneBatch, long upToOffset);

  /**
   * The aborted transactions that overlap the range, for readers of committed data.
   *
   * @param fromOffset the fetch offset
   * @param upToOffset the offset after the last record that the reader is given
   */
  List<AbortedTransaction> abortedTransactions(long fromOffset, long upToOffset);

  /**
   * The first record whose timestamp is at least the given one; empty if there is none. Reads
   * files: call it where blocking is allowed.
   */
  Optional<TimestampAndOffset> offsetForTimestamp(long timestampMs);

  /**
   * The record with the largest timestamp, the first one if several have it; empty if the log holds
   * no record with a timestamp. Reads files: call it where blocking is allowed.
   */
  Optional<TimestampAndOffset> maxTimestampOffset();

  /**
   * Where an epoch ended (KIP-101): the largest epoch of this log that is not above the requested
   * one, and the offset after its last record. For an epoch older than all of the log it is that
   * epoch and the log's first offset; for one that the log has not seen yet, offset and epoch are
   * -1.
   */
  OffsetAndEpoch endOffsetFor(int leaderEpoch);

  /** The epoch of the newest batch, or of the leader that last began to append; -1 if none. */
  int latestEpoch();

  /** Bytes of all segments. */
  long sizeInBytes();
}
