package dev.ritsem.client;

import dev.ritsem.client.producer.Partitioner;
import dev.ritsem.client.transport.ConnectionEvent;
import dev.ritsem.client.transport.Connector;
import dev.ritsem.client.transport.TcpConnector;
import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsException;
import dev.ritsem.model.Clock;
import dev.ritsem.model.SystemClock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * How a producing stream behaves: immutable; every {@code with} method gives a changed copy. The
 * names and defaults are those of Kafka's producer ({@link ProducerKeys}). Values that contradict
 * each other are refused here, when the copy is made, and not when records are sent.
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class ProducerSettings<K, V> {
  private static final int MAX_IN_FLIGHT_FOR_IDEMPOTENCE = 5;

  private final GivenValues values;
  private final Serializer<K> keySerializer;
  private final Serializer<V> valueSerializer;
  private final @Nullable Connector connector;
  private final @Nullable Partitioner partitioner;
  private final Consumer<ConnectionEvent> connectionListener;
  private final Clock clock;

  private ProducerSettings(
      GivenValues values,
      Serializer<K> keySerializer,
      Serializer<V> valueSerializer,
      @Nullable Connector connector,
      @Nullable Partitioner partitioner,
      Consumer<ConnectionEvent> connectionListener,
      Clock clock) {
    this.values = values;
    this.keySerializer = keySerializer;
    this.valueSerializer = valueSerializer;
    this.connector = connector;
    this.partitioner = partitioner;
    this.connectionListener = connectionListener;
    this.clock = clock;
    check();
  }

  /** Kafka's defaults, and a broker on localhost:9092. */
  public static <K, V> ProducerSettings<K, V> create(
      Serializer<K> keySerializer, Serializer<V> valueSerializer) {
    return create(Map.of(), keySerializer, valueSerializer);
  }

  /**
   * From Kafka's producer properties.
   *
   * @throws SettingsException if a name is unknown, a value not allowed, or values contradict each
   *     other
   */
  public static <K, V> ProducerSettings<K, V> create(
      Map<String, String> properties, Serializer<K> keySerializer, Serializer<V> valueSerializer) {
    return new ProducerSettings<>(
        GivenValues.of(ProducerKeys.ALL, properties),
        keySerializer,
        valueSerializer,
        null,
        null,
        event -> {},
        SystemClock.INSTANCE);
  }

  public ProducerSettings<K, V> withBootstrapServers(String servers) {
    return with(ConnectionKeys.BOOTSTRAP_SERVERS, servers);
  }

  public ProducerSettings<K, V> withClientId(String clientId) {
    return with(ConnectionKeys.CLIENT_ID, clientId);
  }

  /** "all", "1" or "0". */
  public ProducerSettings<K, V> withAcks(String acks) {
    return with(ProducerKeys.ACKS, acks);
  }

  public ProducerSettings<K, V> withLingerMs(long lingerMs) {
    return with(ProducerKeys.LINGER_MS, lingerMs);
  }

  public ProducerSettings<K, V> withBatchSize(int bytes) {
    return with(ProducerKeys.BATCH_SIZE, bytes);
  }

  public ProducerSettings<K, V> withBufferMemory(long bytes) {
    return with(ProducerKeys.BUFFER_MEMORY, bytes);
  }

  /** "none", "gzip", "snappy", "lz4" or "zstd". */
  public ProducerSettings<K, V> withCompressionType(String compressionType) {
    return with(ProducerKeys.COMPRESSION_TYPE, compressionType);
  }

  /** One setting by its declaration. */
  public <T> ProducerSettings<K, V> with(Setting<T> setting, T value) {
    return withProperty(setting.name(), setting.write(value));
  }

  /** One of Kafka's producer properties by name. */
  public ProducerSettings<K, V> withProperty(String name, String value) {
    return copy(values.with(name, value), connector, partitioner, connectionListener, clock);
  }

  /** Reaches the brokers this way instead of over TCP at {@code bootstrap.servers}. */
  public ProducerSettings<K, V> withConnector(Connector connector) {
    return copy(values, connector, partitioner, connectionListener, clock);
  }

  /** Places the records that name no partition. */
  public ProducerSettings<K, V> withPartitioner(Partitioner partitioner) {
    return copy(values, connector, partitioner, connectionListener, clock);
  }

  /** Is told when connections come and go, on a thread of the transport; must be quick. */
  public ProducerSettings<K, V> withConnectionListener(Consumer<ConnectionEvent> listener) {
    return copy(values, connector, partitioner, listener, clock);
  }

  public ProducerSettings<K, V> withClock(Clock clock) {
    return copy(values, connector, partitioner, connectionListener, clock);
  }

  /** The value in force. */
  public <T> T get(Setting<T> setting) {
    return values.get(setting);
  }

  public Serializer<K> keySerializer() {
    return keySerializer;
  }

  public Serializer<V> valueSerializer() {
    return valueSerializer;
  }

  /** Number of in-sync replicas' acknowledgement on the wire: -1 for all, 1 or 0. */
  public short acks() {
    String acks = get(ProducerKeys.ACKS);
    return acks.equals("all") ? -1 : Short.parseShort(acks);
  }

  /**
   * Whether batches carry a producer id and sequences. The default gives way when acks or retries
   * were given that rule it out, as in Kafka's producer.
   */
  public boolean idempotent() {
    return get(ProducerKeys.ENABLE_IDEMPOTENCE)
        && (values.isGiven(ProducerKeys.ENABLE_IDEMPOTENCE) || obstacle().isEmpty());
  }

  /** How the brokers are reached. */
  Connector connector() {
    return connector != null
        ? connector
        : TcpConnector.plaintext(get(ConnectionKeys.BOOTSTRAP_SERVERS));
  }

  Optional<Partitioner> partitioner() {
    return Optional.ofNullable(partitioner);
  }

  Consumer<ConnectionEvent> connectionListener() {
    return connectionListener;
  }

  Clock clock() {
    return clock;
  }

  private void check() {
    long least = get(ProducerKeys.LINGER_MS) + get(ConnectionKeys.REQUEST_TIMEOUT_MS);
    if (values.isGiven(ProducerKeys.DELIVERY_TIMEOUT_MS)
        && get(ProducerKeys.DELIVERY_TIMEOUT_MS) < least) {
      throw new SettingsException(
          "delivery.timeout.ms (%d) must be at least linger.ms (%d) + request.timeout.ms (%d)"
              .formatted(
                  get(ProducerKeys.DELIVERY_TIMEOUT_MS),
                  get(ProducerKeys.LINGER_MS),
                  get(ConnectionKeys.REQUEST_TIMEOUT_MS)));
    }
    if (idempotent()) {
      obstacle()
          .ifPresent(
              obstacle -> {
                throw new SettingsException(
                    obstacle + "; otherwise set enable.idempotence to false");
              });
    }
    if (get(ConnectionKeys.RETRY_BACKOFF_MS) > get(ConnectionKeys.RETRY_BACKOFF_MAX_MS)) {
      throw new SettingsException(
          "retry.backoff.ms (%d) must not exceed retry.backoff.max.ms (%d)"
              .formatted(
                  get(ConnectionKeys.RETRY_BACKOFF_MS), get(ConnectionKeys.RETRY_BACKOFF_MAX_MS)));
    }
  }

  /** Why an idempotent producer is impossible with these values; empty if it is possible. */
  private Optional<String> obstacle() {
    if (acks() != -1) {
      return Optional.of("acks must be all for an idempotent producer");
    }
    if (get(ProducerKeys.RETRIES) == 0) {
      return Optional.of("retries must not be 0 for an idempotent producer");
    }
    if (get(ProducerKeys.MAX_IN_FLIGHT) > MAX_IN_FLIGHT_FOR_IDEMPOTENCE) {
      return Optional.of(
          "max.in.flight.requests.per.connection must be at most %d for an idempotent producer"
              .formatted(MAX_IN_FLIGHT_FOR_IDEMPOTENCE));
    }
    return Optional.empty();
  }

  /**
   * The time within which a record is acknowledged or fails: never less than one try needs.
   *
   * @return milliseconds
   */
  long deliveryTimeoutMs() {
    return Math.max(
        get(ProducerKeys.DELIVERY_TIMEOUT_MS),
        get(ProducerKeys.LINGER_MS) + get(ConnectionKeys.REQUEST_TIMEOUT_MS));
  }

  private ProducerSettings<K, V> copy(
      GivenValues values,
      @Nullable Connector connector,
      @Nullable Partitioner partitioner,
      Consumer<ConnectionEvent> connectionListener,
      Clock clock) {
    return new ProducerSettings<>(
        values, keySerializer, valueSerializer, connector, partitioner, connectionListener, clock);
  }
}
