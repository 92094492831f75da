package dev.ritsem.client.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * One attempt to connect: resolves the broker's name and tries the addresses that it stands for,
 * one after the other, until one takes the connection ({@code client.dns.lookup} =
 * use_all_dns_ips).
 */
final class ChannelOpening {
  private final BrokerAddress address;
  private final TransportOptions options;
  private final EventLoop loop;
  private final Consumer<Channel> prepare;
  private final CompletableFuture<Channel> opened = new CompletableFuture<>();

  /**
   * An attempt.
   *
   * @param prepare puts the handlers into a new channel
   */
  ChannelOpening(
      BrokerAddress address, TransportOptions options, EventLoop loop, Consumer<Channel> prepare) {
    this.address = address;
    this.options = options;
    this.loop = loop;
    this.prepare = prepare;
  }

  /** Completes on the event loop, with the channel or with what went wrong at the last address. */
  CompletableFuture<Channel> open() {
    // Name resolution may block for seconds, so it does not happen on the event loop.
    var unused =
        CompletableFuture.supplyAsync(this::resolve)
            .whenComplete(
                (found, failure) ->
                    loop.execute(
                        () -> {
                          if (failure != null) {
                            opened.completeExceptionally(failure);
                          } else {
                            connect(new ArrayDeque<>(found));
                          }
                        }));
    return opened;
  }

  private List<InetAddress> resolve() {
    try {
      return List.of(InetAddress.getAllByName(address.host()));
    } catch (UnknownHostException e) {
      throw new KafkaException("the name cannot be resolved: " + e.getMessage());
    }
  }

  private void connect(Deque<InetAddress> candidates) {
    InetSocketAddress candidate = new InetSocketAddress(candidates.remove(), address.port());
    ChannelFuture connecting = bootstrap().connect(candidate);
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            opened.complete(connecting.channel());
          } else if (candidates.isEmpty()) {
            opened.completeExceptionally(done.cause());
          } else {
            connect(candidates);
          }
        });
  }

  private Bootstrap bootstrap() {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectTimeoutMs())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel made) {
                    prepare.accept(made);
                  }
                });
    if (options.sendBufferBytes() > 0) {
      bootstrap.option(ChannelOption.SO_SNDBUF, options.sendBufferBytes());
    }
    if (options.receiveBufferBytes() > 0) {
      bootstrap.option(ChannelOption.SO_RCVBUF, options.receiveBufferBytes());
    }
    return bootstrap;
  }
}
