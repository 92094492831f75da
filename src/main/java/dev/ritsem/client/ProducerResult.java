package dev.ritsem.client;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record that has been acknowledged.
 *
 * @param partition where it is
 * @param offset its place there; -1 if the broker did not say (acks=0, or a repeat of a batch that
 *     it had already stored longer ago than it remembers offsets)
 * @param timestampMs the timestamp that was stored
 * @param passThrough what came in beside the record
 */
public record ProducerResult<K, V, P>(
    ProducerRecord<K, V> record, int partition, long offset, long timestampMs, P passThrough) {
  public String topic() {
    return record.topic();
  }
}
