package dev.ritsem.log;

/**
 * What DescribeProducers tells of a producer.
 *
 * @param lastTimestamp of its newest batch or marker, ms; -1 if not known
 * @param lastSequence of its newest record; -1 if not known
 * @param coordinatorEpoch of the newest marker; -1 if there was none
 * @param transactionFirstOffset of the open transaction; -1 if there is none
 */
public record ProducerListing(
    long producerId,
    short producerEpoch,
    int lastSequence,
    long lastTimestamp,
    int coordinatorEpoch,
    long transactionFirstOffset) {}
