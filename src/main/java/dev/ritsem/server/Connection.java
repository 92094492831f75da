package dev.ritsem.server;

import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may know of the connection that a request came through: a socket, or a client in
 * the same JVM.
 */
public interface Connection {
  /**
   * The listener's name, for example {@code PLAINTEXT}; decides which endpoints a client is told.
   */
  String listenerName();

  /**
   * The address by which the client reached this node, or null for a client in the same JVM; what
   * Metadata answers where no address is advertised.
   */
  @Nullable InetAddress localAddress();

  /** Where the client is, or null for a client in the same JVM. */
  @Nullable InetAddress remoteAddress();

  /**
   * The event loop of the connection: what runs there must not block, and runs one after the other.
   */
  ScheduledExecutorService eventLoop();

  /**
   * Asks to be told, on the event loop, when the connection closes or is about to; at once if so
   * already. For requests that wait for something to happen: they end without an answer.
   */
  void onClose(Runnable listener);

  /** Takes back what {@link #onClose} asked for; called on the event loop. */
  void forgetOnClose(Runnable listener);
}
