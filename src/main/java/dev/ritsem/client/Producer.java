package dev.ritsem.client;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Streams that write. Each running stream is a producer of its own, with its own connections; by
 * default it is idempotent, so every record is stored once and in order per partition, whatever is
 * sent again on the way.
 */
public final class Producer {
  private Producer() {}

  /**
   * Sends records. Takes no more while {@code buffer.memory} is full of unacknowledged ones.
   *
   * @return the materialized stage completes when all records are acknowledged and the connections
   *     are closed, and fails with the first failure
   */
  public static <K, V> Sink<ProducerRecord<K, V>, CompletionStage<Done>> sink(
      ProducerSettings<K, V> settings) {
    return Sink.fromGraph(new ProducerSinkStage<>(settings));
  }

  /**
   * Sends records and hands out each one's partition and offset when it is acknowledged, in the
   * order in which the records came, together with what was passed beside it.
   */
  public static <K, V, P> Flow<ProducerMessage<K, V, P>, ProducerResult<K, V, P>, NotUsed> flow(
      ProducerSettings<K, V> settings) {
    return Flow.fromGraph(new ProducerFlowStage<>(settings));
  }
}
