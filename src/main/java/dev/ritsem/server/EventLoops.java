package dev.ritsem.server;

import dev.ritsem.config.Settings;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The node's event loops: a few threads that own the sockets, and on which the actors that own the
 * logs run as well (see {@code EventLoopsSetup}). They are made before the actor system and end
 * after it.
 */
public final class EventLoops {
  private static final int LOOPS_MAX = 64;

  private final MultiThreadIoEventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();

  private EventLoops(int count) {
    this.group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("ritsem-loop"), NioIoHandler.newFactory());
    for (EventExecutor loop : group) {
      loops.add((EventLoop) loop);
    }
  }

  /** As many loops as {@code num.network.threads} says. */
  public static EventLoops of(Settings settings) {
    return of(settings.get(SocketServerSettings.NUM_NETWORK_THREADS));
  }

  /**
   * A number of loops.
   *
   * @param count 0 for one per two cores: a loop that does everything for a request needs no pool
   *     behind it, and the kernel's share of the work and the compiler want cores too
   */
  public static EventLoops of(int count) {
    int byCores = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new EventLoops(Math.min(LOOPS_MAX, count == 0 ? byCores : count));
  }

  /** The loops, each a single-threaded executor; always in the same order. */
  public List<EventLoop> executors() {
    return List.copyOf(loops);
  }

  MultiThreadIoEventLoopGroup group() {
    return group;
  }

  /** Ends the loops; what is queued on them still runs, up to the timeout. */
  public CompletionStage<Void> close(Duration timeout) {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    group
        .shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS)
        .addListener(future -> closed.complete(null));
    return closed;
  }
}
