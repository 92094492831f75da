package dev.ritsem.log;

import dev.ritsem.record.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Goes over all batches of a segment and makes its indexes again. After a crash it also finds where
 * the last valid batch ends and cuts the file there; of batches below the recovery point, which
 * were flushed, only the headers are read.
 */
final class SegmentRecovery {
  private final Segment segment;
  private final boolean afterCrash;
  private final long checksumsFrom;
  private final int indexIntervalBytes;
  private LeaderEpochs epochs;
  private long nextOffset;
  private int validBytes;
  private boolean cut;

  private SegmentRecovery(
      Segment segment,
      boolean afterCrash,
      long checksumsFrom,
      int indexIntervalBytes,
      LeaderEpochs epochs) {
    this.segment = segment;
    this.afterCrash = afterCrash;
    this.checksumsFrom = checksumsFrom;
    this.indexIntervalBytes = indexIntervalBytes;
    this.epochs = epochs;
    this.nextOffset = segment.baseOffset();
  }

  /**
   * For a segment that may not have been closed in order. Its transactions have to be indexed again
   * by whoever follows the producers' state.
   *
   * @param recoveryPoint batches that end at or after it have their checksums looked at
   * @param epochs those known so far; newer ones are added
   */
  static SegmentRecovery afterCrash(
      Segment segment, long recoveryPoint, int indexIntervalBytes, LeaderEpochs epochs) {
    return new SegmentRecovery(segment, true, recoveryPoint, indexIntervalBytes, epochs);
  }

  /** For a closed segment whose indexes are missing or damaged: the records stay as they are. */
  static SegmentRecovery ofIndexes(Segment segment, int indexIntervalBytes) {
    return new SegmentRecovery(
        segment, false, Long.MAX_VALUE, indexIntervalBytes, LeaderEpochs.NONE);
  }

  void run() throws IOException {
    int fileBytes = segment.fileBytes();
    segment.resetIndexes(!afterCrash);
    if (afterCrash) {
      segment.transactionIndex().reset();
    }
    DiskFile file = segment.file().acquire();
    try {
      int bufferBytes =
          Math.max(
              RecordBatch.HEADER_BYTES, Math.min(fileBytes, BatchScanner.CHECKSUM_BUFFER_BYTES));
      BatchScanner batches = new BatchScanner(file, 0, fileBytes, ByteBuffer.allocate(bufferBytes));
      while (batches.next() && isValid(batches)) {
        accept(batches);
      }
    } finally {
      segment.file().release();
    }
    if (afterCrash) {
      segment.setSizeInBytes(validBytes);
      if (validBytes < fileBytes) {
        cut = true;
        segment.cutFile();
      }
    }
    segment.writeIndexes();
  }

  /** The offset after the last valid batch. */
  long nextOffset() {
    return nextOffset;
  }

  /** Whether bytes were cut off: nothing that was written after them can be in the log. */
  boolean cut() {
    return cut;
  }

  LeaderEpochs epochs() {
    return epochs;
  }

  private boolean isValid(BatchScanner batches) throws IOException {
    RecordBatch batch = batches.batch();
    long lastOffset = batch.lastOffset();
    return batch.baseOffset() >= nextOffset
        && lastOffset - segment.baseOffset() <= Integer.MAX_VALUE
        && (lastOffset < checksumsFrom || batches.hasValidChecksum());
  }

  private void accept(BatchScanner batches) {
    RecordBatch batch = batches.batch();
    int size = batches.endPosition() - batches.position();
    segment.index(batch, batches.position(), size, indexIntervalBytes);
    if (batch.partitionLeaderEpoch() > epochs.latest()) {
      epochs = epochs.with(batch.partitionLeaderEpoch(), batch.baseOffset());
    }
    validBytes = batches.endPosition();
    nextOffset = batch.nextOffset();
  }
}
