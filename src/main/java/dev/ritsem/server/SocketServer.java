package dev.ritsem.server;

import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.model.Clock;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's listeners and connections. Life: {@link #bind} (clients can connect, nothing is read
 * yet), {@link #serve}, {@link #stop}. Between binding and serving the node can register itself
 * with the ports that it really has.
 */
public final class SocketServer {
  private static final Logger log = LoggerFactory.getLogger(SocketServer.class);

  /** Bytes that wait for a slow client before no more is read from it. */
  private static final WriteBufferWaterMark WRITE_MARK =
      new WriteBufferWaterMark(256 * 1024, 1024 * 1024);

  private static final int PAGE_BYTES = 8_192;

  /**
   * Pool chunks of 4 MB: requests of up to 1 MB, which clients usually keep to, come out of them.
   */
  private static final int CHUNK_ORDER = 9;

  /** Buffers of one size that a loop keeps at hand. */
  private static final int CACHED_BUFFERS = 128;

  private static final long SWEEP_MS = 1_000;

  private final SocketServerSettings settings;
  private final EventLoops loops;
  private final ServerParts parts;
  private final ConnectionCount connectionCount;
  private final PooledByteBufAllocator allocator;
  private final Set<SocketConnection> connections = ConcurrentHashMap.newKeySet();
  private final List<Channel> acceptors = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<ScheduledFuture<?>> sweeps = new ArrayList<>();
  private volatile boolean stopping;

  /**
   * @param loops carry the connections; they are not closed with the server
   */
  public SocketServer(
      SocketServerSettings settings, EventLoops loops, RequestDispatcher dispatcher, Clock clock) {
    this.settings = settings;
    this.loops = loops;
    this.parts =
        new ServerParts(
            dispatcher,
            new RequestMemory(settings.queuedRequestBytesMax()),
            new ServerCounters(),
            new BoundedLog(log, clock),
            clock);
    this.connectionCount = new ConnectionCount(settings.limits());
    this.allocator =
        new PooledByteBufAllocator(
            true,
            0,
            loops.executors().size(),
            PAGE_BYTES,
            CHUNK_ORDER,
            CACHED_BUFFERS,
            CACHED_BUFFERS,
            false);
  }

  /**
   * Binds every listener. Connections are taken from now on, and wait.
   *
   * @throws IOException naming the listener, if an address cannot be bound; nothing stays bound
   */
  public void bind() throws IOException {
    for (Listener listener : settings.listeners()) {
      ChannelFuture bound = bootstrap(listener).bind(address(listener)).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        acceptors.forEach(SocketServer::close);
        throw new IOException(
            "cannot listen on %s://%s:%d: %s"
                .formatted(listener.name(), listener.host(), listener.port(), bound.cause()),
            bound.cause());
      }
      acceptors.add(bound.channel());
      endpoints.add(endpoint(listener, (InetSocketAddress) bound.channel().localAddress()));
    }
  }

  /** What clients are told of each listener, with the ports that were bound. */
  public List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  /** The port of a listener, for those who gave port 0. */
  public int port(String listenerName) {
    for (int i = 0; i < acceptors.size(); i++) {
      if (settings.listeners().get(i).name().equals(listenerName)) {
        return ((InetSocketAddress) acceptors.get(i).localAddress()).getPort();
      }
    }
    throw new IllegalArgumentException("no listener is named " + listenerName);
  }

  /** Begins to accept and read. */
  public void serve() {
    for (Channel acceptor : acceptors) {
      acceptor.config().setAutoRead(true);
    }
    for (EventLoop loop : loops.executors()) {
      sweeps.add(
          loop.scheduleWithFixedDelay(
              () -> sweep(loop), SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS));
    }
    for (int i = 0; i < acceptors.size(); i++) {
      log.info(
          "listening on {}: {}",
          settings.listeners().get(i).name(),
          acceptors.get(i).localAddress());
    }
  }

  public ServerCounters counters() {
    return parts.counters();
  }

  /** How many connections there are. */
  public int connectionCount() {
    return connectionCount.total();
  }

  /** Bytes of requests that have arrived, wholly or in part, and are not answered. */
  public long requestBytes() {
    return parts.memory().reservedBytes();
  }

  /**
   * Stops in order: no more connections, no more requests, the answers to those that came, at most
   * until the timeout; then closes what is left.
   */
  public CompletionStage<Void> stop(Duration timeout) {
    stopping = true;
    sweeps.forEach(sweep -> sweep.cancel(false));
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (Channel acceptor : acceptors) {
      ends.add(end(acceptor.close()));
    }
    for (SocketConnection connection : connections) {
      ends.add(end(connection.closeFuture()));
      connection.eventLoop().execute(connection::closeWhenAnswered);
      ScheduledFuture<?> unused =
          connection
              .eventLoop()
              .schedule(connection::closeNow, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
    return CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0]));
  }

  private static void close(Channel channel) {
    ChannelFuture unused = channel.close();
  }

  private static CompletableFuture<Void> end(ChannelFuture closing) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    closing.addListener(done -> end.complete(null));
    return end;
  }

  private ServerBootstrap bootstrap(Listener listener) {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, settings.backlog())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, allocator)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARK)
            .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, PendingBytes.ESTIMATOR)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(listener, channel);
                  }
                });
    if (settings.receiveBufferBytes() > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes());
    }
    if (settings.sendBufferBytes() > 0) {
      bootstrap.childOption(ChannelOption.SO_SNDBUF, settings.sendBufferBytes());
    }
    return bootstrap;
  }

  /**
   * A connection has come, on its event loop. What protects the bytes goes before the last handler.
   */
  private void accept(Listener listener, SocketChannel channel) {
    InetAddress client = channel.remoteAddress().getAddress();
    if (!connectionCount.enter(client)) {
      parts.counters().refused();
      parts.log().info("refusing a connection of %s: too many connections".formatted(client));
      close(channel);
      return;
    }
    SocketConnection connection = new SocketConnection(settings, parts, listener.name(), channel);
    connections.add(connection);
    if (stopping) {
      // It came in while the connections to be closed were being counted.
      close(channel);
    }
    channel
        .closeFuture()
        .addListener(
            closed -> {
              connections.remove(connection);
              connectionCount.leave(client);
            });
    channel.config().setRecvByteBufAllocator(connection.readingAllocator());
    channel.pipeline().addLast("requests", connection);
  }

  private void sweep(EventLoop loop) {
    long now = parts.clock().nanoTime();
    for (SocketConnection connection : connections) {
      if (connection.eventLoop() == loop) {
        connection.checkTimeouts(now);
      }
    }
  }

  private static InetSocketAddress address(Listener listener) {
    return listener.host().isEmpty()
        ? new InetSocketAddress(listener.port())
        : new InetSocketAddress(listener.host(), listener.port());
  }

  private static Endpoint endpoint(Listener listener, InetSocketAddress bound) {
    Listener.HostPort told = listener.advertised();
    return told == null
        ? new Endpoint(listener.name(), listener.securityProtocol(), "", bound.getPort())
        : new Endpoint(
            listener.name(),
            listener.securityProtocol(),
            told.host(),
            told.port() == 0 ? bound.getPort() : told.port());
  }
}
