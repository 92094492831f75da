package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.MetadataLimits;
import dev.ritsem.record.Compression;

/**
 * How a producer core behaves; the names are those of Kafka's producer settings.
 *
 * @param acks -1 for all in-sync replicas, 1 for the leader, 0 for nobody
 * @param idempotent whether batches carry a producer id and sequences
 * @param batchSizeBytes a batch takes no further record beyond this size
 * @param bufferMemoryBytes bound of what is taken and not yet acknowledged
 * @param maxInFlight requests to one broker that may be out
 * @param retries how often a batch is sent again
 * @param ignoreKeys places records with keys as if they had none
 */
public record ProducerLimits(
    short acks,
    boolean idempotent,
    int batchSizeBytes,
    long bufferMemoryBytes,
    int maxRequestBytes,
    Compression compression,
    long lingerMs,
    long deliveryTimeoutMs,
    int requestTimeoutMs,
    int maxInFlight,
    int retries,
    long retryBackoffMs,
    long retryBackoffMaxMs,
    boolean ignoreKeys,
    MetadataLimits metadata) {}
