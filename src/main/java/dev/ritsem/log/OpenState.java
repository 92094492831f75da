package dev.ritsem.log;

/**
 * What the checkpoint files of the log directory knew about a partition when the node stopped.
 *
 * @param cleanShutdown the log was closed in order, so nothing has to be scanned
 * @param recoveryPoint everything below this offset was flushed
 * @param logStartOffset the first readable offset, if delete-records moved it beyond the first
 *     segment's base
 * @param highWatermark the last high watermark that was written down
 */
public record OpenState(
    boolean cleanShutdown, long recoveryPoint, long logStartOffset, long highWatermark) {
  /** A partition that no checkpoint knows: a new one, or one whose checkpoints were lost. */
  public static final OpenState UNKNOWN = new OpenState(false, 0, 0, 0);
}
