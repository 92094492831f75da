package dev.ritsem.client.transport;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.MalformedRequestException;
import dev.ritsem.protocol.RequestEncoder;
import dev.ritsem.protocol.ResponseDecoder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One lane to one broker: connects when there is something to send, agrees on versions, sends
 * requests without waiting for the answers before, and hands answers out in order. When it breaks,
 * everything that is out fails with a retriable error, and the next request connects anew, after a
 * pause that grows with each failed connect.
 *
 * <p>Everything here runs on one event loop.
 */
final class BrokerConnection {
  /** Lets a timer fire after its deadline and not just before it. */
  private static final long TIMER_SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final String SOFTWARE_NAME = "ritsem";
  private static final String SOFTWARE_VERSION = "0.1.0";

  /** Where the connection stands. */
  private enum State {
    /** Not connected and not trying. */
    IDLE,
    /** On the way: resolving, connecting, agreeing on versions, authenticating. */
    OPENING,
    /** Requests can be sent. */
    READY,
    /** Closed by the client, for good. */
    CLOSED
  }

  private final BrokerAddress address;
  private final ConnectionSecurity security;
  private final TransportOptions options;
  private final EventLoop loop;
  private final Consumer<ConnectionEvent> events;
  private final PendingCalls calls = new PendingCalls();
  private final ReconnectPause pause;

  private State state = State.IDLE;
  private @Nullable Channel channel;
  private @Nullable AgreedVersions versions;
  private int nextCorrelationId;
  private boolean timerSet;

  BrokerConnection(
      BrokerAddress address,
      ConnectionSecurity security,
      TransportOptions options,
      RandomGenerator random,
      EventLoop loop,
      Consumer<ConnectionEvent> events) {
    this.address = address;
    this.security = security;
    this.options = options;
    this.pause = new ReconnectPause(options, random);
    this.loop = loop;
    this.events = events;
  }

  /** Sends a request, or fails it; from any thread. */
  CompletableFuture<ApiMessage> send(ApiKeys api, ApiMessage request) {
    long waitMs = (long) options.requestTimeoutMs() + Call.waitMs(request);
    long deadline = options.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    Call call = new Call(api, request, deadline);
    try {
      loop.execute(() -> start(call));
    } catch (RejectedExecutionException e) {
      call.answer.completeExceptionally(
          new DisconnectException("The client's threads have ended."));
    }
    return call.answer;
  }

  /** Closes the connection for good; from any thread. */
  CompletableFuture<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try {
      loop.execute(() -> end(closed));
    } catch (RejectedExecutionException e) {
      // The threads have ended, and the channel with them.
      closed.complete(null);
    }
    return closed;
  }

  private void end(CompletableFuture<Void> closed) {
    Channel open = channel;
    state = State.CLOSED;
    failAll(new DisconnectException("The client was closed."));
    if (open == null) {
      closed.complete(null);
    } else {
      open.close().addListener(done -> closed.complete(null));
    }
  }

  private void start(Call call) {
    if (calls.isFull()) {
      call.answer.completeExceptionally(
          new NetworkException("too many requests to " + address + " are waiting"));
      return;
    }
    switch (state) {
      case READY -> write(call, best(call));
      case OPENING -> calls.waitForConnection(call);
      case IDLE -> {
        if (!pause.isOver()) {
          call.answer.completeExceptionally(new NetworkException(pause.lastFailure()));
          return;
        }
        calls.waitForConnection(call);
        open();
      }
      case CLOSED ->
          call.answer.completeExceptionally(new DisconnectException("The client is closed."));
    }
    watch();
  }

  private short best(Call call) {
    AgreedVersions agreed = versions;
    try {
      return agreed == null ? call.api.latestVersion(false) : agreed.best(call.api);
    } catch (KafkaException e) {
      call.answer.completeExceptionally(e);
      return -1;
    }
  }

  private void open() {
    state = State.OPENING;
    var unused =
        new ChannelOpening(address, options, loop, this::prepare)
            .open()
            .whenComplete(
                (opened, failure) -> {
                  if (failure != null) {
                    connectFailed(rootMessage(failure));
                  } else {
                    negotiate(opened, ApiKeys.API_VERSIONS.latestVersion(false));
                  }
                });
  }

  private void prepare(Channel made) {
    security.secure(made.pipeline(), address);
    made.pipeline()
        .addLast(
            new FrameReader(options.maxFrameBytes(), this::onFrame, cause -> onEnd(made, cause)));
  }

  private void negotiate(Channel connected, short version) {
    if (state != State.OPENING) {
      close(connected);
      return;
    }
    channel = connected;
    ApiVersionsRequestData request =
        new ApiVersionsRequestData()
            .setClientSoftwareName(SOFTWARE_NAME)
            .setClientSoftwareVersion(SOFTWARE_VERSION);
    var unused =
        exchange(ApiKeys.API_VERSIONS, version, request)
            .whenComplete(
                (answer, failure) -> {
                  if (failure != null) {
                    connectFailed("no versions were agreed upon: " + rootMessage(failure));
                  } else {
                    onVersions(connected, version, (ApiVersionsResponseData) answer);
                  }
                });
  }

  private void onVersions(Channel connected, short asked, ApiVersionsResponseData offered) {
    if (offered.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code() && asked > 0) {
      // An older broker; it says what it speaks, or speaks the first version.
      var own = offered.apiKeys().find(ApiKeys.API_VERSIONS.id);
      negotiate(connected, own == null ? 0 : own.maxVersion());
    } else {
      versions = new AgreedVersions(offered);
      authenticate();
    }
  }

  private CompletableFuture<ApiMessage> exchange(ApiKeys api, short version, ApiMessage request) {
    long timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.requestTimeoutMs());
    Call call = new Call(api, request, options.clock().nanoTime() + timeoutNanos);
    write(call, version);
    watch();
    return call.answer;
  }

  private void authenticate() {
    security
        .authenticate(
            (api, request) -> {
              AgreedVersions agreed = versions;
              return exchange(
                  api, agreed == null ? api.latestVersion(false) : agreed.best(api), request);
            },
            address)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                connectFailed("authentication failed: " + rootMessage(failure));
              } else {
                ready();
              }
            });
  }

  private void ready() {
    if (state != State.OPENING) {
      return;
    }
    state = State.READY;
    pause.onSuccess();
    events.accept(new ConnectionEvent.Connected(address));
    Call call = calls.takeWaiting();
    while (call != null) {
      write(call, best(call));
      call = calls.takeWaiting();
    }
  }

  private void write(Call call, short version) {
    Channel open = channel;
    if (version < 0 || open == null || call.answer.isDone()) {
      return;
    }
    call.version = version;
    call.correlationId = nextCorrelationId++;
    ByteBuffer frame;
    try {
      frame =
          RequestEncoder.encode(
              call.api, version, call.correlationId, options.clientId(), call.request);
    } catch (KafkaException e) {
      call.answer.completeExceptionally(e);
      return;
    }
    boolean answered = Call.expectsAnswer(call.request);
    if (answered) {
      calls.sent(call);
    }
    ChannelFuture written = open.writeAndFlush(Unpooled.wrappedBuffer(frame));
    if (!answered) {
      written.addListener(
          done -> {
            if (done.isSuccess()) {
              call.answer.complete(new ProduceResponseData());
            } else {
              call.answer.completeExceptionally(disconnected(done.cause()));
            }
          });
    }
  }

  private void onFrame(ByteBuffer frame) {
    Call call = calls.answered(ResponseDecoder.correlationId(frame));
    ApiMessage answer;
    try {
      answer = ResponseDecoder.decode(call.api, call.version, frame).body();
    } catch (MalformedRequestException e) {
      call.answer.completeExceptionally(disconnected(e));
      throw e;
    }
    call.answer.complete(answer);
  }

  private void onEnd(Channel ended, Throwable cause) {
    if (ended != channel) {
      return;
    }
    if (state == State.OPENING) {
      connectFailed(rootMessage(cause));
    } else if (state == State.READY) {
      channel = null;
      state = State.IDLE;
      events.accept(new ConnectionEvent.Disconnected(address, rootMessage(cause)));
      failAll(disconnected(cause));
    }
  }

  private void connectFailed(String reason) {
    if (state != State.OPENING) {
      return;
    }
    long pauseMs = pause.onFailure("no connection to " + address + ": " + reason);
    state = State.IDLE;
    close(channel);
    channel = null;
    events.accept(new ConnectionEvent.ConnectFailed(address, reason, pauseMs));
    failAll(new NetworkException(pause.lastFailure()));
  }

  private DisconnectException disconnected(Throwable cause) {
    return new DisconnectException(
        "The connection to " + address + " was lost: " + rootMessage(cause), cause);
  }

  private void failAll(KafkaException failure) {
    versions = null;
    calls.failAll(failure);
  }

  /** Sets the one timer that looks after deadlines, if something is out. */
  private void watch() {
    Call first = calls.first();
    if (timerSet || first == null) {
      return;
    }
    timerSet = true;
    long delay = Math.max(0, first.deadlineNanos - options.clock().nanoTime());
    var unused = loop.schedule(this::onTimer, delay + TIMER_SLACK_NANOS, TimeUnit.NANOSECONDS);
  }

  private void onTimer() {
    timerSet = false;
    if (calls.anyOverdue(options.clock().nanoTime())) {
      // Answers come in order, so what is behind an overdue one cannot be had either.
      String reason =
          "%s did not answer within %d ms".formatted(address, options.requestTimeoutMs());
      Channel open = channel;
      if (state == State.READY) {
        state = State.IDLE;
        channel = null;
        events.accept(new ConnectionEvent.Disconnected(address, reason));
        failAll(new TimeoutException(reason));
      } else {
        connectFailed(reason);
      }
      close(open);
    }
    watch();
  }

  private static void close(@Nullable Channel open) {
    if (open != null) {
      var unused = open.close();
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return Objects.requireNonNullElse(root.getMessage(), root.getClass().getSimpleName());
  }
}
