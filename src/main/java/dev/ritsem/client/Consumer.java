package dev.ritsem.client;

import akka.stream.javadsl.Source;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Streams that read. Demand is the only pump: a source fetches ahead as far as its credit in bytes
 * reaches ({@code ritsem.client.prefetch.bytes}), and no further until records are taken.
 */
public final class Consumer {
  private Consumer() {}

  /**
   * The records of the subscription's partitions, in order within each; offsets are the user's own
   * affair. Live, or bounded if the subscription says where to stop.
   *
   * <p>The source fails if topics or starting offsets are not found within {@code
   * default.api.timeout.ms}; if no broker could be reached for {@code
   * ritsem.client.broker.unavailable.max.ms}; and with a {@link
   * org.apache.kafka.common.errors.RecordDeserializationException}, which names the place, if a
   * record cannot be deserialised.
   */
  public static <K, V> Source<ConsumerRecord<K, V>, Control> plainSource(
      ConsumerSettings<K, V> settings, Subscription subscription) {
    return Source.fromGraph(new ConsumerStage<>(settings, subscription));
  }
}
