package dev.ritsem.client;

import akka.actor.AbstractExtensionId;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The event loops on which the connections and timers of an actor system's clients run. Made when
 * the first client starts, and given back when the actor system ends.
 */
final class ClientThreads implements Extension {
  private static final int THREADS_MAX = 2;
  private static final long SHUTDOWN_MS = 2_000;

  private final EventLoopGroup eventLoops;

  private ClientThreads(ActorSystem system) {
    this.eventLoops = eventLoops(Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors()));
    system.registerOnTermination(
        () ->
            eventLoops
                .shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(SHUTDOWN_MS));
  }

  static ClientThreads of(ActorSystem system) {
    return Id.INSTANCE.get(system);
  }

  /** Threads for a client outside of any actor system; it shuts them down itself. */
  static EventLoopGroup eventLoops(int threads) {
    return new MultiThreadIoEventLoopGroup(
        threads, new DefaultThreadFactory("ritsem-client", true), NioIoHandler.newFactory());
  }

  EventLoopGroup eventLoops() {
    return eventLoops;
  }

  private static final class Id extends AbstractExtensionId<ClientThreads> {
    private static final Id INSTANCE = new Id();

    @Override
    public ClientThreads createExtension(ExtendedActorSystem system) {
      return new ClientThreads(system);
    }
  }
}
