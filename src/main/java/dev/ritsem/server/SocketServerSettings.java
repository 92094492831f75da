package dev.ritsem.server;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsCatalogue.Section;
import java.util.List;

/**
 * What an operator can choose about sockets, connections and the memory of requests.
 *
 * @param listeners where to listen and what to tell clients
 * @param sendBufferBytes of each socket; -1 leaves it to the system
 * @param receiveBufferBytes of each socket; -1 leaves it to the system
 * @param backlog connections that wait to be accepted
 * @param requestBytesMax largest request frame
 * @param queuedRequestBytesMax memory of all requests that have arrived, wholly or in part, and are
 *     not answered
 * @param connectionRequestBytesMax the same for one connection
 * @param connectionRequestsMax unanswered requests of one connection
 * @param idleMsMax after which a silent connection is closed
 * @param frameStallMsMax after which a connection is closed that began a frame and sends no more
 * @param limits how many connections there may be
 */
public record SocketServerSettings(
    List<Listener> listeners,
    int sendBufferBytes,
    int receiveBufferBytes,
    int backlog,
    int requestBytesMax,
    long queuedRequestBytesMax,
    long connectionRequestBytesMax,
    int connectionRequestsMax,
    long idleMsMax,
    long frameStallMsMax,
    ConnectionLimits limits) {
  static final Setting<Integer> NUM_NETWORK_THREADS =
      Setting.ofInt("num.network.threads")
          .defaultValue(0)
          .atLeast(0)
          .atMost(64)
          .unit("threads")
          .documentation(
              "Event loops: threads that own sockets and logs and answer requests to the end."
                  + " 0: one per two cores.")
          .build();

  static final Setting<List<String>> LISTENERS =
      Setting.ofList("listeners")
          .defaultValue(List.of("PLAINTEXT://localhost:9092"))
          .rule("a list of name://host:port", Listener::areWellFormed)
          .documentation(
              "Where to listen: name://host:port, several with commas. An empty host or 0.0.0.0 is"
                  + " every interface, port 0 a port of the system's choice; IPv6 addresses stand in"
                  + " brackets.")
          .build();

  static final Setting<List<String>> ADVERTISED_LISTENERS =
      Setting.ofList("advertised.listeners")
          .defaultValue(List.of())
          .rule("a list of name://host:port with a host", Listener::areAdvertisable)
          .documentation(
              "The addresses that clients are told, for each listener that is named. Of a listener"
                  + " that is not named, a client is told the address by which it reached the node.")
          .build();

  static final Setting<List<String>> SECURITY_PROTOCOL_MAP =
      Setting.ofList("listener.security.protocol.map")
          .defaultValue(
              List.of(
                  "SASL_SSL:SASL_SSL",
                  "PLAINTEXT:PLAINTEXT",
                  "SSL:SSL",
                  "SASL_PLAINTEXT:SASL_PLAINTEXT"))
          .rule("a list of name:protocol", Listener::isProtocolMap)
          .documentation("Which security protocol each listener speaks: name:protocol.")
          .build();

  static final Setting<Integer> SEND_BUFFER_BYTES =
      Setting.ofInt("socket.send.buffer.bytes")
          .defaultValue(-1)
          .atLeast(-1)
          .unit("bytes")
          .documentation("SO_SNDBUF of each connection. -1: the system's own, which it adapts.")
          .build();

  static final Setting<Integer> RECEIVE_BUFFER_BYTES =
      Setting.ofInt("socket.receive.buffer.bytes")
          .defaultValue(-1)
          .atLeast(-1)
          .unit("bytes")
          .documentation("SO_RCVBUF of each connection. -1: the system's own, which it adapts.")
          .build();

  static final Setting<Integer> BACKLOG =
      Setting.ofInt("socket.listen.backlog.size")
          .defaultValue(50)
          .atLeast(1)
          .unit("connections")
          .documentation("Connections that may wait to be accepted.")
          .build();

  static final Setting<Integer> REQUEST_MAX_BYTES =
      Setting.ofInt("socket.request.max.bytes")
          .defaultValue(104_857_600)
          .atLeast(1)
          .unit("bytes")
          .documentation("The largest request. A connection that announces a larger one is closed.")
          .build();

  static final Setting<Long> QUEUED_MAX_REQUEST_BYTES =
      Setting.ofLong("queued.max.request.bytes")
          .defaultValue(-1L)
          .atLeast(-1L)
          .unit("bytes")
          .documentation(
              "Memory for requests that have arrived, wholly or in part, and are not answered yet."
                  + " At the limit no more is read from sockets. -1: half as much as the"
                  + " JVM's heap may have.")
          .build();

  static final Setting<Long> CONNECTION_REQUEST_MAX_BYTES =
      Setting.ofLong("ritsem.connection.request.max.bytes")
          .defaultValue(33_554_432L)
          .atLeast(1L)
          .unit("bytes")
          .documentation(
              "Bytes of unanswered requests of one connection, from which on no more is read from"
                  + " it.")
          .build();

  static final Setting<Integer> CONNECTION_REQUESTS_MAX =
      Setting.ofInt("ritsem.connection.requests.max")
          .defaultValue(100)
          .atLeast(1)
          .unit("requests")
          .documentation(
              "Unanswered requests of one connection, from which on no more is read from it.")
          .build();

  static final Setting<Long> CONNECTIONS_MAX_IDLE_MS =
      Setting.ofLong("connections.max.idle.ms")
          .defaultValue(600_000L)
          .atLeast(-1L)
          .unit("ms")
          .documentation("After this long without a request a connection is closed. -1: never.")
          .build();

  static final Setting<Long> FRAME_STALL_MAX_MS =
      Setting.ofLong("ritsem.connection.frame.stall.max.ms")
          .defaultValue(30_000L)
          .atLeast(1L)
          .unit("ms")
          .documentation(
              "A connection that has begun a request is closed when nothing more of it comes for"
                  + " this long, or when all of it does not come at 16 KB/s.")
          .build();

  static final Setting<Integer> MAX_CONNECTIONS =
      Setting.ofInt("max.connections")
          .defaultValue(Integer.MAX_VALUE)
          .atLeast(0)
          .unit("connections")
          .documentation("Connections of the whole node; more are closed at once.")
          .build();

  static final Setting<Integer> MAX_CONNECTIONS_PER_IP =
      Setting.ofInt("max.connections.per.ip")
          .defaultValue(Integer.MAX_VALUE)
          .atLeast(0)
          .unit("connections")
          .documentation("Connections of one client address; more are closed at once.")
          .build();

  static final Setting<List<String>> MAX_CONNECTIONS_PER_IP_OVERRIDES =
      Setting.ofList("max.connections.per.ip.overrides")
          .defaultValue(List.of())
          .rule("a list of address:count", ConnectionLimits::areOverrides)
          .documentation("Exceptions from max.connections.per.ip: address:count.")
          .build();

  /** Everything declared here, for the list of all settings. */
  public static Section section() {
    return new Section(
        "Sockets",
        "",
        List.of(
            LISTENERS,
            ADVERTISED_LISTENERS,
            SECURITY_PROTOCOL_MAP,
            NUM_NETWORK_THREADS,
            SEND_BUFFER_BYTES,
            RECEIVE_BUFFER_BYTES,
            BACKLOG,
            REQUEST_MAX_BYTES,
            QUEUED_MAX_REQUEST_BYTES,
            CONNECTION_REQUEST_MAX_BYTES,
            CONNECTION_REQUESTS_MAX,
            CONNECTIONS_MAX_IDLE_MS,
            FRAME_STALL_MAX_MS,
            MAX_CONNECTIONS,
            MAX_CONNECTIONS_PER_IP,
            MAX_CONNECTIONS_PER_IP_OVERRIDES));
  }

  /**
   * The values in force.
   *
   * @throws dev.ritsem.config.SettingsException if listeners contradict each other
   */
  public static SocketServerSettings of(Settings settings) {
    long queued = settings.get(QUEUED_MAX_REQUEST_BYTES);
    return new SocketServerSettings(
        Listener.parse(
            settings.get(LISTENERS),
            settings.get(ADVERTISED_LISTENERS),
            settings.get(SECURITY_PROTOCOL_MAP)),
        settings.get(SEND_BUFFER_BYTES),
        settings.get(RECEIVE_BUFFER_BYTES),
        settings.get(BACKLOG),
        settings.get(REQUEST_MAX_BYTES),
        queued > 0 ? queued : Runtime.getRuntime().maxMemory() / 2,
        settings.get(CONNECTION_REQUEST_MAX_BYTES),
        settings.get(CONNECTION_REQUESTS_MAX),
        settings.get(CONNECTIONS_MAX_IDLE_MS),
        settings.get(FRAME_STALL_MAX_MS),
        ConnectionLimits.of(
            settings.get(MAX_CONNECTIONS),
            settings.get(MAX_CONNECTIONS_PER_IP),
            settings.get(MAX_CONNECTIONS_PER_IP_OVERRIDES)));
  }
}
