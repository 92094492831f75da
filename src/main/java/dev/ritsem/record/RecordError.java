package dev.ritsem.record;

/**
 * One record that a broker does not accept.
 *
 * @param batchIndex position of the record in its batch, from 0
 * @param message what is wrong with it, for people
 */
public record RecordError(int batchIndex, String message) {}
