package dev.ritsem.client;

import dev.ritsem.client.transport.ConnectionEvent;
import dev.ritsem.client.transport.Connector;
import dev.ritsem.client.transport.TcpConnector;
import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsException;
import dev.ritsem.model.Clock;
import dev.ritsem.model.SystemClock;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * How a consuming stream behaves: immutable; every {@code with} method gives a changed copy. The
 * names and defaults are those of Kafka's consumer ({@link ConsumerKeys}).
 *
 * @param <K> type of keys
 * @param <V> type of values
 */
public final class ConsumerSettings<K, V> {
  private final GivenValues values;
  private final Deserializer<K> keyDeserializer;
  private final Deserializer<V> valueDeserializer;
  private final @Nullable Connector connector;
  private final Consumer<ConnectionEvent> connectionListener;
  private final Clock clock;

  private ConsumerSettings(
      GivenValues values,
      Deserializer<K> keyDeserializer,
      Deserializer<V> valueDeserializer,
      @Nullable Connector connector,
      Consumer<ConnectionEvent> connectionListener,
      Clock clock) {
    this.values = values;
    this.keyDeserializer = keyDeserializer;
    this.valueDeserializer = valueDeserializer;
    this.connector = connector;
    this.connectionListener = connectionListener;
    this.clock = clock;
    check();
  }

  /** Kafka's defaults, and a broker on localhost:9092. */
  public static <K, V> ConsumerSettings<K, V> create(
      Deserializer<K> keyDeserializer, Deserializer<V> valueDeserializer) {
    return create(Map.of(), keyDeserializer, valueDeserializer);
  }

  /**
   * From Kafka's consumer properties.
   *
   * @throws SettingsException if a name is unknown, a value not allowed, or values contradict each
   *     other
   */
  public static <K, V> ConsumerSettings<K, V> create(
      Map<String, String> properties,
      Deserializer<K> keyDeserializer,
      Deserializer<V> valueDeserializer) {
    return new ConsumerSettings<>(
        GivenValues.of(ConsumerKeys.ALL, properties),
        keyDeserializer,
        valueDeserializer,
        null,
        event -> {},
        SystemClock.INSTANCE);
  }

  public ConsumerSettings<K, V> withBootstrapServers(String servers) {
    return with(ConnectionKeys.BOOTSTRAP_SERVERS, servers);
  }

  public ConsumerSettings<K, V> withClientId(String clientId) {
    return with(ConnectionKeys.CLIENT_ID, clientId);
  }

  /** "earliest", "latest" or "none". */
  public ConsumerSettings<K, V> withAutoOffsetReset(String reset) {
    return with(ConsumerKeys.AUTO_OFFSET_RESET, reset);
  }

  /** How much is fetched ahead of the stream's demand. */
  public ConsumerSettings<K, V> withPrefetchBytes(long bytes) {
    return with(ConsumerKeys.PREFETCH_BYTES, bytes);
  }

  /** One setting by its declaration. */
  public <T> ConsumerSettings<K, V> with(Setting<T> setting, T value) {
    return withProperty(setting.name(), setting.write(value));
  }

  /** One of Kafka's consumer properties by name. */
  public ConsumerSettings<K, V> withProperty(String name, String value) {
    return copy(values.with(name, value), connector, connectionListener, clock);
  }

  /** Reaches the brokers this way instead of over TCP at {@code bootstrap.servers}. */
  public ConsumerSettings<K, V> withConnector(Connector connector) {
    return copy(values, connector, connectionListener, clock);
  }

  /** Is told when connections come and go, on a thread of the transport; must be quick. */
  public ConsumerSettings<K, V> withConnectionListener(Consumer<ConnectionEvent> listener) {
    return copy(values, connector, listener, clock);
  }

  public ConsumerSettings<K, V> withClock(Clock clock) {
    return copy(values, connector, connectionListener, clock);
  }

  /** The value in force. */
  public <T> T get(Setting<T> setting) {
    return values.get(setting);
  }

  public Deserializer<K> keyDeserializer() {
    return keyDeserializer;
  }

  public Deserializer<V> valueDeserializer() {
    return valueDeserializer;
  }

  /** How the brokers are reached. */
  Connector connector() {
    return connector != null
        ? connector
        : TcpConnector.plaintext(get(ConnectionKeys.BOOTSTRAP_SERVERS));
  }

  Consumer<ConnectionEvent> connectionListener() {
    return connectionListener;
  }

  Clock clock() {
    return clock;
  }

  private void check() {
    if (get(ConsumerKeys.FETCH_MIN_BYTES) > get(ConsumerKeys.FETCH_MAX_BYTES)) {
      throw new SettingsException(
          "fetch.min.bytes (%d) must not exceed fetch.max.bytes (%d)"
              .formatted(get(ConsumerKeys.FETCH_MIN_BYTES), get(ConsumerKeys.FETCH_MAX_BYTES)));
    }
    if (get(ConnectionKeys.RETRY_BACKOFF_MS) > get(ConnectionKeys.RETRY_BACKOFF_MAX_MS)) {
      throw new SettingsException(
          "retry.backoff.ms (%d) must not exceed retry.backoff.max.ms (%d)"
              .formatted(
                  get(ConnectionKeys.RETRY_BACKOFF_MS), get(ConnectionKeys.RETRY_BACKOFF_MAX_MS)));
    }
  }

  private ConsumerSettings<K, V> copy(
      GivenValues values,
      @Nullable Connector connector,
      Consumer<ConnectionEvent> connectionListener,
      Clock clock) {
    return new ConsumerSettings<>(
        values, keyDeserializer, valueDeserializer, connector, connectionListener, clock);
  }
}
