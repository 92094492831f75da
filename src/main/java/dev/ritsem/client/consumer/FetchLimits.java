package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.MetadataLimits;
import java.util.Optional;

/**
 * How a consumer core behaves; the names are those of Kafka's consumer settings.
 *
 * @param prefetchBytes the credit: bound of what is fetched and not yet taken, or asked for
 * @param reset where to go on when the log does not have a position; empty for failing
 * @param readCommitted whether records of open and aborted transactions are left out
 * @param apiTimeoutMs longest time for finding topics and positions at the start
 */
public record FetchLimits(
    int minBytes,
    int maxBytes,
    int maxPartitionBytes,
    int maxWaitMs,
    long prefetchBytes,
    Optional<Position> reset,
    boolean readCommitted,
    boolean checkCrcs,
    long apiTimeoutMs,
    long retryBackoffMs,
    long retryBackoffMaxMs,
    MetadataLimits metadata) {}
