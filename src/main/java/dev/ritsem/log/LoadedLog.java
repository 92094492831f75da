package dev.ritsem.log;

import java.util.List;

/**
 * What {@link LogLoader} found and repaired.
 *
 * @param segments oldest first, at least one; the last is ready for appends
 * @param activeFile the last segment's file, open for writing
 * @param closedUpTo base of a segment; those before it are on the disk with all that belongs to
 *     them
 */
record LoadedLog(
    List<Segment> segments,
    DiskFile activeFile,
    ProducerStates producers,
    LeaderEpochs epochs,
    long logStartOffset,
    long logEndOffset,
    long recoveryPoint,
    long closedUpTo) {}
