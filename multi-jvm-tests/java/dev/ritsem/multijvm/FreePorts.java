package dev.ritsem.multijvm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * Loopback ports that nobody listens on. A node that is killed and restarted must come back at the
 * same port, and a port which the system hands out for outgoing connections could be taken in
 * between: a client that keeps trying to reach a dead node may even connect to itself there. So
 * these ports lie below the range that Linux hands out, are tried by binding, and are never given
 * twice by one JVM.
 */
final class FreePorts {
  private static final int LOWEST = 10_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 1_000;

  private static final Set<Integer> GIVEN = new HashSet<>();

  private FreePorts() {}

  static synchronized int next() {
    // Several test JVMs may run at once: the process id keeps their sequences apart.
    Random random = new Random(ProcessHandle.current().pid() * 31 + GIVEN.size());
    for (int i = 0; i < TRIES; i++) {
      int port = LOWEST + random.nextInt(HIGHEST - LOWEST);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException("no free loopback port found in " + TRIES + " tries");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
