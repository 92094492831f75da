package dev.ritsem.log;

/**
 * A record found by its time.
 *
 * @param timestampMs the record's timestamp
 * @param offset the record's offset
 * @param leaderEpoch the leader epoch of its batch, or -1 if that is not known
 */
public record TimestampAndOffset(long timestampMs, long offset, int leaderEpoch) {}
