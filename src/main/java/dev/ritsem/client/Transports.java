package dev.ritsem.client;

import dev.ritsem.client.transport.ConnectionEvent;
import dev.ritsem.client.transport.Connector;
import dev.ritsem.client.transport.Transport;
import dev.ritsem.client.transport.TransportOptions;
import dev.ritsem.model.Clock;
import io.netty.channel.EventLoopGroup;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Opens transports as a client's settings say. */
final class Transports {
  /** Longest answer that is read: well above the default of {@code fetch.max.bytes}. */
  private static final int FRAME_BYTES_MAX = 256 * 1024 * 1024;

  private Transports() {}

  static Transport open(
      Connector connector,
      RecordSender.Values values,
      EventLoopGroup eventLoops,
      Clock clock,
      Consumer<ConnectionEvent> listener) {
    Transport transport =
        connector.open(
            new TransportOptions(
                values.get(ConnectionKeys.CLIENT_ID),
                values.get(ConnectionKeys.REQUEST_TIMEOUT_MS),
                values.get(ConnectionKeys.SOCKET_CONNECTION_SETUP_TIMEOUT_MS),
                values.get(ConnectionKeys.RECONNECT_BACKOFF_MS),
                values.get(ConnectionKeys.RECONNECT_BACKOFF_MAX_MS),
                values.get(ConnectionKeys.SEND_BUFFER_BYTES),
                values.get(ConnectionKeys.RECEIVE_BUFFER_BYTES),
                FRAME_BYTES_MAX,
                eventLoops,
                clock,
                new SplittableRandom()));
    transport.listen(listener);
    return transport;
  }
}
