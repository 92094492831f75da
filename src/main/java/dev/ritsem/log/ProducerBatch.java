package dev.ritsem.log;

/**
 * A batch that a partition remembers of a producer, to recognise a repeat.
 *
 * @param timestamp its largest timestamp, ms
 */
record ProducerBatch(
    int firstSequence, int lastSequence, long firstOffset, long lastOffset, long timestamp) {}
