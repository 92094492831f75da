package dev.ritsem.server;

import dev.ritsem.protocol.MalformedRequestException;
import dev.ritsem.protocol.RequestDecoder;
import dev.ritsem.protocol.RequestFrame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection, the last handler of its pipeline. Frames go through the decoder to the
 * dispatcher; replies go out in the order of the requests, all of one turn of the loop with one
 * flush.
 *
 * <p>No more is read while too many requests are unanswered, or their bytes are too many (of this
 * connection, or of the node), or the client does not take its answers: then the socket's own flow
 * control holds the client back.
 *
 * <p>Everything happens on the connection's event loop; other threads reach it through {@link
 * PendingRequest} alone.
 */
final class SocketConnection extends ChannelInboundHandlerAdapter
    implements Connection, FrameAssembler.Receiver, RequestMemory.Paused {
  private static final long NANOS_PER_MS = 1_000_000L;

  /** 16 KB/s: slower is not a slow network but a held place. */
  private static final long SLOWEST_BYTES_PER_MS = 16;

  private final SocketServerSettings settings;
  private final ServerParts parts;
  private final String listenerName;
  private final Channel channel;
  private final FrameAssembler frames;
  private final RequestDecoder decoder;

  /** Unanswered requests, oldest first. */
  private final ArrayDeque<PendingRequest> pending = new ArrayDeque<>();

  private final List<Runnable> closeListeners = new ArrayList<>(2);
  private final Runnable flushTask = this::flushNow;
  private @Nullable ResponseWriter writer;

  /** Bytes of the frames of {@link #pending}. */
  private long pendingBytes;

  private boolean reading;

  /** Promised to be resumed by {@link RequestMemory}; nothing is read until then. */
  private boolean pausedForMemory;

  private boolean flushScheduled;
  private boolean draining;

  /** No more requests are taken; closed once the pending ones are answered. */
  private boolean closing;

  private boolean closed;

  /** When a request came, or an answer left, last. */
  private long lastExchangeNanos;

  private long lastBytesNanos;
  private long frameStartNanos;

  SocketConnection(
      SocketServerSettings settings, ServerParts parts, String listenerName, Channel channel) {
    this.settings = settings;
    this.parts = parts;
    this.listenerName = listenerName;
    this.channel = channel;
    this.frames = new FrameAssembler(settings.requestBytesMax(), parts.memory(), this);
    this.decoder = new RequestDecoder(parts.dispatcher().versions(), parts.clock());
    long now = parts.clock().nanoTime();
    this.lastExchangeNanos = now;
    this.lastBytesNanos = now;
  }

  ReadingAllocator readingAllocator() {
    return new ReadingAllocator(frames);
  }

  // What handlers see.

  @Override
  public String listenerName() {
    return listenerName;
  }

  @Override
  public @Nullable InetAddress localAddress() {
    return addressOf(channel.localAddress());
  }

  @Override
  public @Nullable InetAddress remoteAddress() {
    return addressOf(channel.remoteAddress());
  }

  private static @Nullable InetAddress addressOf(SocketAddress address) {
    return address instanceof InetSocketAddress inet ? inet.getAddress() : null;
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public void onClose(Runnable listener) {
    if (closing) {
      listener.run();
    } else {
      closeListeners.add(listener);
    }
  }

  @Override
  public void forgetOnClose(Runnable listener) {
    closeListeners.remove(listener);
  }

  // What the channel says.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    writer = new ResponseWriter(context);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    reading = true;
    try {
      frames.onBytes((ByteBuf) message);
    } catch (FrameAssembler.FrameLengthException e) {
      closeFaulty(e.getMessage());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    lastBytesNanos = parts.clock().nanoTime();
    if (!frames.midFrame()) {
      frameStartNanos = 0;
    } else if (frameStartNanos == 0) {
      frameStartNanos = lastBytesNanos;
    }
    adaptReading();
    flushNow();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (context.channel().isWritable()) {
      takeUp();
    } else {
      adaptReading();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    closed = true;
    closing = true;
    frames.close();
    parts.memory().frameEnded(this);
    for (PendingRequest request : pending) {
      if (request.isReady()) {
        forget(request);
        request.discard();
      }
    }
    pending.removeIf(PendingRequest::isReady);
    if (writer != null) {
      writer.close();
    }
    tellCloseListeners();
  }

  private void tellCloseListeners() {
    List<Runnable> listeners = List.copyOf(closeListeners);
    closeListeners.clear();
    listeners.forEach(Runnable::run);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      // The client went away, or a file ended early; either way there is nobody left to answer.
      closeNow();
    } else {
      closeFaulty("the connection failed: " + cause);
    }
  }

  // Requests in.

  @Override
  public boolean wantsFrames() {
    return !closing && hasRoom();
  }

  private boolean hasRoom() {
    return pending.size() < settings.connectionRequestsMax()
        && pendingBytes < settings.connectionRequestBytesMax()
        && channel.isWritable();
  }

  @Override
  public void onFrame(ByteBuf holder, int start, int length) {
    frameStartNanos = 0;
    parts.memory().frameEnded(this);
    RequestFrame request;
    try {
      request = decoder.decode(holder.nioBuffer(start, length));
    } catch (MalformedRequestException e) {
      parts.counters().malformed(e.reason());
      closeFaulty(e.getMessage());
      return;
    }
    lastExchangeNanos = lastBytesNanos;
    PendingRequest answer =
        new PendingRequest(this, request.api(), request.version(), request.correlationId(), length);
    if (request.api().requiresDelayedAllocation) {
      answer.keep(holder);
    }
    pending.addLast(answer);
    pendingBytes += length;
    parts.memory().reserve(length);
    parts
        .dispatcher()
        .dispatch(
            new RequestContext(
                this,
                request.api(),
                request.version(),
                request.clientId(),
                request.versionUnsupported()),
            request.body(),
            answer);
  }

  /** Reads from the socket exactly while another frame is welcome. */
  private void adaptReading() {
    boolean wanted = !closing && !frames.hasBacklog() && hasRoom() && memoryAllows();
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  private boolean memoryAllows() {
    if (!pausedForMemory) {
      pausedForMemory = !parts.memory().mayRead(this, frames.midFrame());
    }
    return !pausedForMemory;
  }

  /** The node has memory again. Called from any thread. */
  @Override
  public void resume() {
    eventLoop()
        .execute(
            () -> {
              pausedForMemory = false;
              takeUp();
            });
  }

  /** There may be room again. */
  private void takeUp() {
    if (!closed && !reading) {
      try {
        frames.resume();
      } catch (FrameAssembler.FrameLengthException e) {
        closeFaulty(e.getMessage());
      }
      adaptReading();
    }
  }

  // Answers out.

  void onReply(PendingRequest request) {
    if (closed) {
      if (pending.remove(request)) {
        forget(request);
      }
      request.discard();
      return;
    }
    if (draining) {
      // A handler answered while an earlier answer is being written; the loop below gets to it.
      return;
    }
    draining = true;
    try {
      sendReady();
    } finally {
      draining = false;
    }
    if (frames.hasBacklog() || !channel.config().isAutoRead()) {
      takeUp();
    }
    scheduleFlush();
  }

  private void sendReady() {
    PendingRequest head = pending.peekFirst();
    if (head != null && head.isReady()) {
      lastExchangeNanos = parts.clock().nanoTime();
    }
    while (head != null && head.isReady()) {
      pending.removeFirst();
      forget(head);
      send(head);
      head = pending.peekFirst();
    }
    if (closing && pending.isEmpty()) {
      flushAndClose();
    }
  }

  // An answer that cannot be encoded must not take the loop's other connections down.
  @SuppressWarnings("IllegalCatch")
  private void send(PendingRequest answered) {
    String closeReason = answered.closeReason();
    if (closeReason != null) {
      closeFaulty(closeReason);
      return;
    }
    ApiMessage response = answered.takeResponse();
    if (response == null || writer == null) {
      return;
    }
    try {
      writer.write(answered.api(), answered.version(), answered.correlationId(), response);
    } catch (RuntimeException e) {
      PendingRequest.releaseRecords(response);
      closeFaulty("the answer to %s cannot be written: %s".formatted(answered.api().name, e));
    }
  }

  private void forget(PendingRequest request) {
    pendingBytes -= request.frameBytes();
    parts.memory().release(request.frameBytes());
  }

  private void scheduleFlush() {
    if (!reading && !flushScheduled) {
      flushScheduled = true;
      eventLoop().execute(flushTask);
    }
  }

  private void flushNow() {
    flushScheduled = false;
    if (!closed && writer != null) {
      writer.flush();
    }
  }

  // Ends.

  /** Closes because of what the client sent, or because a handler failed; says so once. */
  void closeFaulty(@Nullable String reason) {
    if (closed || !channel.isOpen()) {
      return;
    }
    closing = true;
    parts.counters().closedFaulty();
    parts
        .log()
        .info(
            "closing the connection of %s on %s: %s"
                .formatted(channel.remoteAddress(), listenerName, reason));
    flushAndClose();
  }

  /**
   * Takes no more requests and closes when those that came are answered. Requests that only wait
   * for something to happen are given up: they could hold up the stop for as long as a client says.
   */
  void closeWhenAnswered() {
    closing = true;
    channel.config().setAutoRead(false);
    tellCloseListeners();
    if (pending.isEmpty()) {
      flushAndClose();
    }
  }

  private void flushAndClose() {
    if (!closed && writer != null) {
      writer.flush();
    }
    closeNow();
  }

  /** Closes if nothing came or went for too long; called now and then. */
  void checkTimeouts(long nowNanos) {
    if (frameStartNanos != 0 && channel.config().isAutoRead()) {
      long stalledMs = (nowNanos - lastBytesNanos) / NANOS_PER_MS;
      long frameMs = (nowNanos - frameStartNanos) / NANOS_PER_MS;
      long frameMsMax =
          2 * settings.frameStallMsMax() + frames.lengthInProgress() / SLOWEST_BYTES_PER_MS;
      if (stalledMs > settings.frameStallMsMax() || frameMs > frameMsMax) {
        closeFaulty("a request was begun and did not come");
        return;
      }
    }
    if (settings.idleMsMax() >= 0
        && pending.isEmpty()
        && (nowNanos - Math.max(lastExchangeNanos, lastBytesNanos)) / NANOS_PER_MS
            > settings.idleMsMax()) {
      parts.counters().closedIdle();
      closing = true;
      flushAndClose();
    }
  }

  /** Done when the connection is closed. */
  ChannelFuture closeFuture() {
    return channel.closeFuture();
  }

  /** Closes without waiting for answers. */
  void closeNow() {
    ChannelFuture unused = channel.close();
  }
}
