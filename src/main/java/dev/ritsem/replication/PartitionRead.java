package dev.ritsem.replication;

import dev.ritsem.log.LogRead;
import dev.ritsem.log.LogView;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.WireException;
import org.jspecify.annotations.Nullable;

/**
 * One partition's part of a fetch, read from the leader's log at one moment.
 *
 * @param log what was read; the receiver releases its records
 * @param highWatermark what is committed ends here
 * @param lastStableOffset what is not part of an open transaction ends here
 * @param logStartOffset the first offset that can be read
 * @param readableEndOffset where this reader's records end: what to pass to {@link
 *     Partition#awaitProgress}
 * @param divergence null, or, if the reader's log differs from the leader's, the newest epoch both
 *     may share and where it ends here; then no records were read
 */
public record PartitionRead(
    LogRead log,
    long highWatermark,
    long lastStableOffset,
    long logStartOffset,
    long readableEndOffset,
    @Nullable OffsetAndEpoch divergence) {

  /** Says in requests that a leader epoch is not known. */
  public static final int NO_EPOCH = -1;

  /**
   * What a consumer asks for.
   *
   * @param offset the first offset it wants
   * @param currentLeaderEpoch of its metadata; -1 if it does not say
   * @param lastFetchedEpoch epoch of the last record it has; -1 if it does not say
   * @param maxBytes how many bytes of records it takes
   * @param atLeastOneBatch whether one whole batch is returned even if it is larger
   * @param readCommitted whether to stop at the first open transaction
   */
  public record Request(
      long offset,
      int currentLeaderEpoch,
      int lastFetchedEpoch,
      int maxBytes,
      boolean atLeastOneBatch,
      boolean readCommitted) {}

  /**
   * Reads what is committed, from the page cache if the bytes are there.
   *
   * @throws WireException as {@link PartitionView#leaderLog} says, and OFFSET_OUT_OF_RANGE outside
   *     of log start offset to log end offset
   */
  public static PartitionRead of(PartitionView view, Request request) {
    LogView log = view.leaderLog(request.currentLeaderEpoch());
    long readableEnd = request.readCommitted() ? log.lastStableOffset() : log.highWatermark();
    OffsetAndEpoch divergence = divergence(log, request);
    LogRead read =
        divergence == null
            ? log.read(request.offset(), request.maxBytes(), request.atLeastOneBatch(), readableEnd)
            : LogRead.empty(request.offset());
    return new PartitionRead(
        read,
        log.highWatermark(),
        log.lastStableOffset(),
        log.logStartOffset(),
        readableEnd,
        divergence);
  }

  private static @Nullable OffsetAndEpoch divergence(LogView log, Request request) {
    if (request.lastFetchedEpoch() == NO_EPOCH) {
      return null;
    }
    OffsetAndEpoch end = log.endOffsetFor(request.lastFetchedEpoch());
    if (end.leaderEpoch() == NO_EPOCH) {
      throw new WireException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "The log holds nothing of epoch " + request.lastFetchedEpoch() + " or before");
    }
    boolean diverges =
        end.leaderEpoch() < request.lastFetchedEpoch() || end.offset() < request.offset();
    return diverges ? end : null;
  }
}
