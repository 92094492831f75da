package dev.ritsem.client;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record to send and whatever should come out beside its result.
 *
 * @param <K> type of the key
 * @param <V> type of the value
 * @param <P> type of what is passed through
 */
public record ProducerMessage<K, V, P>(ProducerRecord<K, V> record, P passThrough) {
  public static <K, V, P> ProducerMessage<K, V, P> of(ProducerRecord<K, V> record, P passThrough) {
    return new ProducerMessage<>(record, passThrough);
  }
}
