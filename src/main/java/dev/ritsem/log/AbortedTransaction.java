package dev.ritsem.log;

/**
 * A transaction that was given up: readers of committed data skip the producer's records from its
 * first offset until the abort marker (KIP-98).
 *
 * @param producerId whose records are skipped
 * @param firstOffset offset of the transaction's first record in this partition
 * @param lastOffset offset of the abort marker
 * @param lastStableOffset the last stable offset right after the marker was appended; a search
 *     through later entries may stop once it is past the range that is read
 */
public record AbortedTransaction(
    long producerId, long firstOffset, long lastOffset, long lastStableOffset) {}
