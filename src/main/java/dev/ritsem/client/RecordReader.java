package dev.ritsem.client;

import dev.ritsem.client.consumer.FetchedRecords;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordDeserializationException.DeserializationExceptionOrigin;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Makes the user's records of those in the log. */
final class RecordReader<K, V> {
  private final Deserializer<K> keyDeserializer;
  private final Deserializer<V> valueDeserializer;

  RecordReader(ConsumerSettings<K, V> settings) {
    this.keyDeserializer = settings.keyDeserializer();
    this.valueDeserializer = settings.valueDeserializer();
  }

  /**
   * The record with key and value deserialised.
   *
   * @throws RecordDeserializationException naming topic, partition and offset
   */
  ConsumerRecord<K, V> read(FetchedRecords from, LogRecord record) {
    Headers headers = headers(record);
    K key =
        deserialize(
            DeserializationExceptionOrigin.KEY,
            keyDeserializer,
            from,
            record,
            headers,
            record.key());
    V value =
        deserialize(
            DeserializationExceptionOrigin.VALUE,
            valueDeserializer,
            from,
            record,
            headers,
            record.value());
    return new ConsumerRecord<>(
        from.partition().topic(),
        from.partition().partition(),
        record.offset(),
        record.timestamp(),
        from.timestampType(),
        size(record.key()),
        size(record.value()),
        key,
        value,
        headers,
        from.leaderEpoch());
  }

  // Kafka's deserialisers take and give null; the generic type cannot say so.
  @SuppressWarnings("NullAway")
  private static <T> T deserialize(
      DeserializationExceptionOrigin origin,
      Deserializer<T> deserializer,
      FetchedRecords from,
      LogRecord record,
      Headers headers,
      @Nullable ByteBuffer bytes) {
    try {
      ByteBuffer own = bytes == null ? null : bytes.duplicate();
      return deserializer.deserialize(from.partition().topic(), headers, own);
    } catch (RuntimeException e) {
      throw new RecordDeserializationException(
          origin,
          from.partition(),
          record.offset(),
          record.timestamp(),
          from.timestampType(),
          duplicate(record.key()),
          duplicate(record.value()),
          headers,
          "Error deserializing %s for partition %s at offset %d. If needed, please seek past the record to continue consumption."
              .formatted(origin, from.partition(), record.offset()),
          e);
    }
  }

  private static Headers headers(LogRecord record) {
    RecordHeaders headers = new RecordHeaders();
    for (RecordHeader header : record.headers()) {
      ByteBuffer value = header.value();
      headers.add(header.key(), value == null ? null : Utils.toArray(value.duplicate()));
    }
    return headers;
  }

  private static @Nullable ByteBuffer duplicate(@Nullable ByteBuffer bytes) {
    return bytes == null ? null : bytes.duplicate();
  }

  private static int size(@Nullable ByteBuffer bytes) {
    return bytes == null ? ConsumerRecord.NULL_SIZE : bytes.remaining();
  }
}
