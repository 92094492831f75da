package dev.ritsem.client.cluster;

/**
 * How a client keeps its picture of the cluster fresh.
 *
 * @param maxAgeMs asks again after this time without any reason
 * @param retryBackoffMs first pause between questions
 * @param retryBackoffMaxMs longest pause between questions
 * @param unavailableMaxMs how long no broker may have been heard of
 * @param autoCreateTopics whether asking for a topic may create it
 */
public record MetadataLimits(
    long maxAgeMs,
    long retryBackoffMs,
    long retryBackoffMaxMs,
    long unavailableMaxMs,
    boolean autoCreateTopics) {}
