package dev.ritsem.client;

import dev.ritsem.config.Setting;
import java.util.List;

/** The settings that every kind of client has: where the brokers are and how to wait for them. */
public final class ConnectionKeys {
  public static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.ofString("bootstrap.servers")
          .defaultValue("localhost:9092")
          .documentation("Brokers to ask first, host:port with commas between them.")
          .build();

  public static final Setting<String> CLIENT_ID =
      Setting.ofString("client.id")
          .defaultValue("ritsem")
          .documentation("A name for this client in the broker's logs, metrics and quotas.")
          .build();

  public static final Setting<Integer> REQUEST_TIMEOUT_MS =
      Setting.ofInt("request.timeout.ms")
          .defaultValue(30_000)
          .atLeast(1)
          .unit("ms")
          .documentation("Longest wait for one answer; then the connection is closed.")
          .build();

  public static final Setting<Integer> SOCKET_CONNECTION_SETUP_TIMEOUT_MS =
      Setting.ofInt("socket.connection.setup.timeout.ms")
          .defaultValue(10_000)
          .atLeast(1)
          .unit("ms")
          .documentation("Longest time to set up a connection.")
          .build();

  public static final Setting<Long> RECONNECT_BACKOFF_MS =
      Setting.ofLong("reconnect.backoff.ms")
          .defaultValue(50L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Pause after the first failed connect to a broker; doubles each time.")
          .build();

  public static final Setting<Long> RECONNECT_BACKOFF_MAX_MS =
      Setting.ofLong("reconnect.backoff.max.ms")
          .defaultValue(1_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Longest pause between connects to a broker.")
          .build();

  public static final Setting<Long> RETRY_BACKOFF_MS =
      Setting.ofLong("retry.backoff.ms")
          .defaultValue(100L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Pause before a failed request is tried again; doubles each time.")
          .build();

  public static final Setting<Long> RETRY_BACKOFF_MAX_MS =
      Setting.ofLong("retry.backoff.max.ms")
          .defaultValue(1_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Longest pause between tries of a request.")
          .build();

  public static final Setting<Long> METADATA_MAX_AGE_MS =
      Setting.ofLong("metadata.max.age.ms")
          .defaultValue(300_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Metadata is asked for again after this time even without an error.")
          .build();

  public static final Setting<Integer> SEND_BUFFER_BYTES =
      Setting.ofInt("send.buffer.bytes")
          .defaultValue(-1)
          .atLeast(-1)
          .unit("bytes")
          .documentation("Socket send buffer; -1 leaves it to the operating system.")
          .build();

  public static final Setting<Integer> RECEIVE_BUFFER_BYTES =
      Setting.ofInt("receive.buffer.bytes")
          .defaultValue(-1)
          .atLeast(-1)
          .unit("bytes")
          .documentation("Socket receive buffer; -1 leaves it to the operating system.")
          .build();

  public static final Setting<Long> BROKER_UNAVAILABLE_MAX_MS =
      Setting.ofLong("ritsem.client.broker.unavailable.max.ms")
          .defaultValue(60_000L)
          .atLeast(1L)
          .unit("ms")
          .documentation(
              "A stream fails when no broker could be reached for this long; the failure names"
                  + " what was tried.")
          .build();

  static final List<Setting<?>> ALL =
      List.of(
          BOOTSTRAP_SERVERS,
          CLIENT_ID,
          REQUEST_TIMEOUT_MS,
          SOCKET_CONNECTION_SETUP_TIMEOUT_MS,
          RECONNECT_BACKOFF_MS,
          RECONNECT_BACKOFF_MAX_MS,
          RETRY_BACKOFF_MS,
          RETRY_BACKOFF_MAX_MS,
          METADATA_MAX_AGE_MS,
          SEND_BUFFER_BYTES,
          RECEIVE_BUFFER_BYTES,
          BROKER_UNAVAILABLE_MAX_MS);

  private ConnectionKeys() {}
}
