package dev.ritsem.client;

import dev.ritsem.client.cluster.MetadataLimits;
import dev.ritsem.client.producer.ProducerBatch;
import dev.ritsem.client.producer.ProducerCore;
import dev.ritsem.client.producer.ProducerLimits;
import dev.ritsem.client.transport.Transport;
import dev.ritsem.config.Setting;
import dev.ritsem.record.Compression;
import dev.ritsem.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serialises records and hands them to a producer core, one at a time: a record whose topic is not
 * known yet waits here, for at most {@code max.block.ms}, and nothing behind it is taken.
 */
final class RecordSender<K, V> {
  private final ProducerSettings<K, V> settings;
  private final ProducerCore core;
  private final long maxBlockMs;
  private @Nullable Serialized waiting;
  private long waitingSinceMs;

  /** A record as bytes, not yet placed. */
  private static final class Serialized {
    final String topic;
    final @Nullable Integer partition;
    final long timestampMs;
    final byte @Nullable [] key;
    final byte @Nullable [] value;
    final List<RecordHeader> headers;

    Serialized(
        ProducerRecord<?, ?> record,
        long timestampMs,
        byte @Nullable [] key,
        byte @Nullable [] value) {
      this.topic = record.topic();
      this.partition = record.partition();
      this.timestampMs = timestampMs;
      this.key = key;
      this.value = value;
      this.headers = copy(record.headers());
    }
  }

  RecordSender(ProducerSettings<K, V> settings, Transport transport) {
    this.settings = settings;
    this.maxBlockMs = settings.get(ProducerKeys.MAX_BLOCK_MS);
    this.core =
        new ProducerCore(
            transport.bootstrap(),
            limits(settings),
            settings.partitioner().orElse(null),
            new SplittableRandom(),
            settings.clock().nowMs());
  }

  ProducerCore core() {
    return core;
  }

  /**
   * Takes a record.
   *
   * @return the batch in which it is now the last record; null if it waits
   * @throws org.apache.kafka.common.KafkaException if it can never be sent
   */
  @Nullable ProducerBatch take(ProducerRecord<K, V> record) {
    Serialized serialized = serialize(record);
    ProducerBatch batch = append(serialized);
    if (batch == null) {
      waiting = serialized;
      waitingSinceMs = settings.clock().nowMs();
    }
    return batch;
  }

  /** Whether a record waits for its topic. */
  boolean isWaiting() {
    return waiting != null;
  }

  /**
   * Tries the record that waits again.
   *
   * @return the batch in which it is now the last record; null if it waits on, or none does
   * @throws TimeoutException if it has waited for too long
   */
  @Nullable ProducerBatch retryWaiting() {
    if (waiting == null) {
      return null;
    }
    ProducerBatch batch = append(waiting);
    if (batch != null) {
      waiting = null;
    } else if (settings.clock().nowMs() - waitingSinceMs >= maxBlockMs) {
      throw new TimeoutException(
          waiting.partition == null
              ? "Topic %s not present in metadata after %d ms.".formatted(waiting.topic, maxBlockMs)
              : "Partition %d of topic %s is not present in metadata after %d ms."
                  .formatted(waiting.partition, waiting.topic, maxBlockMs));
    }
    return batch;
  }

  private @Nullable ProducerBatch append(Serialized record) {
    return core.append(
        record.topic,
        record.partition,
        record.timestampMs,
        record.key,
        record.value,
        record.headers,
        settings.clock().nowMs());
  }

  private Serialized serialize(ProducerRecord<K, V> record) {
    byte[] key = serialize(settings.keySerializer(), "key", record, record.key());
    byte[] value = serialize(settings.valueSerializer(), "value", record, record.value());
    Long timestamp = record.timestamp();
    return new Serialized(
        record, timestamp != null ? timestamp : settings.clock().nowMs(), key, value);
  }

  private static <T> byte @Nullable [] serialize(
      Serializer<T> serializer, String part, ProducerRecord<?, ?> record, @Nullable T data) {
    try {
      return serializer.serialize(record.topic(), record.headers(), data);
    } catch (RuntimeException e) {
      throw new SerializationException(
          "Can't serialize the %s of a record for topic %s with %s"
              .formatted(part, record.topic(), serializer.getClass().getName()),
          e);
    }
  }

  private static List<RecordHeader> copy(Headers headers) {
    List<RecordHeader> copies = List.of();
    for (Header header : headers) {
      if (copies.isEmpty()) {
        copies = new ArrayList<>();
      }
      byte[] value = header.value();
      copies.add(new RecordHeader(header.key(), value == null ? null : ByteBuffer.wrap(value)));
    }
    return copies;
  }

  private static ProducerLimits limits(ProducerSettings<?, ?> settings) {
    return new ProducerLimits(
        settings.acks(),
        settings.idempotent(),
        settings.get(ProducerKeys.BATCH_SIZE),
        settings.get(ProducerKeys.BUFFER_MEMORY),
        settings.get(ProducerKeys.MAX_REQUEST_SIZE),
        Compression.ofName(settings.get(ProducerKeys.COMPRESSION_TYPE)).orElseThrow(),
        settings.get(ProducerKeys.LINGER_MS),
        settings.deliveryTimeoutMs(),
        settings.get(ConnectionKeys.REQUEST_TIMEOUT_MS),
        settings.get(ProducerKeys.MAX_IN_FLIGHT),
        settings.get(ProducerKeys.RETRIES),
        settings.get(ConnectionKeys.RETRY_BACKOFF_MS),
        settings.get(ConnectionKeys.RETRY_BACKOFF_MAX_MS),
        settings.get(ProducerKeys.PARTITIONER_IGNORE_KEYS),
        metadataLimits(settings::get, true));
  }

  /** The values of a setting, wherever they are. */
  interface Values {
    <T> T get(Setting<T> setting);
  }

  static MetadataLimits metadataLimits(Values values, boolean autoCreateTopics) {
    return new MetadataLimits(
        values.get(ConnectionKeys.METADATA_MAX_AGE_MS),
        values.get(ConnectionKeys.RETRY_BACKOFF_MS),
        values.get(ConnectionKeys.RETRY_BACKOFF_MAX_MS),
        values.get(ConnectionKeys.BROKER_UNAVAILABLE_MAX_MS),
        autoCreateTopics);
  }
}
