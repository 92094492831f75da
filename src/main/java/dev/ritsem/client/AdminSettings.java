package dev.ritsem.client;

import dev.ritsem.client.transport.Connector;
import dev.ritsem.client.transport.TcpConnector;
import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsException;
import dev.ritsem.model.Clock;
import dev.ritsem.model.SystemClock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an admin client behaves: immutable; every {@code with} method gives a changed copy. The names
 * and defaults are those of Kafka's admin client ({@link AdminKeys}).
 */
public final class AdminSettings {
  private final GivenValues values;
  private final @Nullable Connector connector;
  private final Clock clock;

  private AdminSettings(GivenValues values, @Nullable Connector connector, Clock clock) {
    this.values = values;
    this.connector = connector;
    this.clock = clock;
  }

  /** Kafka's defaults, and a broker on localhost:9092. */
  public static AdminSettings create() {
    return create(Map.of());
  }

  /**
   * From Kafka's admin client properties.
   *
   * @throws SettingsException if a name is unknown or a value not allowed
   */
  public static AdminSettings create(Map<String, String> properties) {
    return new AdminSettings(GivenValues.of(AdminKeys.ALL, properties), null, SystemClock.INSTANCE);
  }

  public AdminSettings withBootstrapServers(String servers) {
    return with(ConnectionKeys.BOOTSTRAP_SERVERS, servers);
  }

  /** One setting by its declaration. */
  public <T> AdminSettings with(Setting<T> setting, T value) {
    return new AdminSettings(values.with(setting.name(), setting.write(value)), connector, clock);
  }

  /** Reaches the brokers this way instead of over TCP at {@code bootstrap.servers}. */
  public AdminSettings withConnector(Connector connector) {
    return new AdminSettings(values, connector, clock);
  }

  public AdminSettings withClock(Clock clock) {
    return new AdminSettings(values, connector, clock);
  }

  /** The value in force. */
  public <T> T get(Setting<T> setting) {
    return values.get(setting);
  }

  /** How the brokers are reached. */
  Connector connector() {
    return connector != null
        ? connector
        : TcpConnector.plaintext(get(ConnectionKeys.BOOTSTRAP_SERVERS));
  }

  Clock clock() {
    return clock;
  }
}
