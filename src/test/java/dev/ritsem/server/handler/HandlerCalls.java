package dev.ritsem.server.handler;

import dev.ritsem.model.SystemClock;
import dev.ritsem.protocol.EncodedResponse;
import dev.ritsem.protocol.RequestDecoder;
import dev.ritsem.protocol.RequestEncoder;
import dev.ritsem.protocol.RequestFrame;
import dev.ritsem.protocol.ResponseDecoder;
import dev.ritsem.protocol.ResponseEncoder;
import dev.ritsem.server.Connection;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestDispatcher;
import dev.ritsem.server.RequestHandler;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Calls a handler as a client does: request and response pass through their bytes, at one version,
 * so that a field that the version lacks is lost or refused here as it would be there.
 */
final class HandlerCalls {
  private static final int CORRELATION_ID = 7;

  private HandlerCalls() {}

  /** Every version at which an API is served, oldest first. */
  static Stream<Short> versionsOf(ApiKeys api) {
    return IntStream.rangeClosed(api.oldestVersion(), api.latestVersion(false))
        .mapToObj(version -> (short) version);
  }

  static <R extends ApiMessage> R call(
      RequestHandler<?> handler, int version, ApiMessage request, Class<R> response) {
    return call(handler, version, request, response, new SomeConnection("PLAINTEXT", null));
  }

  static <R extends ApiMessage> R call(
      RequestHandler<?> handler,
      int version,
      ApiMessage request,
      Class<R> response,
      Connection connection) {
    RequestDispatcher dispatcher = new RequestDispatcher(List.of(handler));
    ApiKeys api = handler.api();
    ByteBuffer frame =
        RequestEncoder.encode(api, (short) version, CORRELATION_ID, "client", request);
    frame.getInt();
    RequestFrame decoded =
        new RequestDecoder(dispatcher.versions(), SystemClock.INSTANCE).decode(frame);
    CompletableFuture<ApiMessage> sent = new CompletableFuture<>();
    dispatcher.dispatch(
        new RequestContext(connection, api, decoded.version(), decoded.clientId(), false),
        decoded.body(),
        new FutureReply(sent));
    EncodedResponse encoded =
        ResponseEncoder.encode(api, (short) version, CORRELATION_ID, sent.join());
    ByteBuffer bytes = encoded.inline();
    bytes.getInt();
    return response.cast(ResponseDecoder.decode(api, (short) version, bytes).body());
  }

  private record FutureReply(CompletableFuture<ApiMessage> sent) implements Reply {
    @Override
    public void send(ApiMessage response) {
      if (!sent.complete(response)) {
        throw new AssertionError("a second reply");
      }
    }

    @Override
    public void sendNothing() {
      throw new AssertionError("no response");
    }

    @Override
    public void closeConnection(String reason) {
      sent.completeExceptionally(new AssertionError("closed: " + reason));
    }
  }

  /** A connection of which only its addresses are known. */
  record SomeConnection(String listenerName, @Nullable InetAddress localAddress)
      implements Connection {
    @Override
    public @Nullable InetAddress remoteAddress() {
      return null;
    }

    @Override
    public ScheduledExecutorService eventLoop() {
      throw new UnsupportedOperationException("this handler needs no event loop");
    }

    @Override
    public void onClose(Runnable listener) {
      throw new UnsupportedOperationException("this handler does not wait");
    }

    @Override
    public void forgetOnClose(Runnable listener) {
      throw new UnsupportedOperationException("this handler does not wait");
    }
  }
}
