package dev.ritsem.model;

/**
 * A position in a partition together with the leader epoch under which it was written. Offsets are
 * plain longs throughout: they are added, compared and packed into bytes on the hot path, and any
 * long from 0 on is one.
 *
 * @param offset position of a record, from 0; or of the end of an epoch: the offset after its last
 *     record
 * @param leaderEpoch the epoch, or -1 if it is not known
 */
public record OffsetAndEpoch(long offset, int leaderEpoch) {}
