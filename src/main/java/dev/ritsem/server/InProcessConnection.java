package dev.ritsem.server;

import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a client in this JVM. It stays open as long as the node lives, so nobody is
 * told of its end.
 *
 * @param listenerName the listener whose endpoints the client is told
 * @param eventLoop where its requests are handled
 */
public record InProcessConnection(String listenerName, ScheduledExecutorService eventLoop)
    implements Connection {
  @Override
  public @Nullable InetAddress localAddress() {
    return null;
  }

  @Override
  public @Nullable InetAddress remoteAddress() {
    return null;
  }

  @Override
  public void onClose(Runnable listener) {
    // It does not close.
  }

  @Override
  public void forgetOnClose(Runnable listener) {
    // Nothing was kept.
  }
}
