package dev.ritsem.server;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.model.Clock;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A socket server with handlers of the test's choice, on a port of the system's choice. */
final class ServerFixture implements AutoCloseable {
  private static final Duration STOP = Duration.ofSeconds(5);

  final EventLoops loops = EventLoops.of(2);
  final SocketServer server;

  ServerFixture(Clock clock, Map<String, String> settings, RequestHandler<?>... handlers)
      throws IOException {
    Map<String, Settings.Given> given = new HashMap<>();
    given.put("listeners", new Settings.Given("PLAINTEXT://127.0.0.1:0", "test"));
    settings.forEach((key, value) -> given.put(key, new Settings.Given(value, "test")));
    List<Setting<?>> declared = SocketServerSettings.section().settings();
    server =
        new SocketServer(
            SocketServerSettings.of(Settings.of(declared, given)),
            loops,
            new RequestDispatcher(List.of(handlers)),
            clock);
    server.bind();
    server.serve();
  }

  RawClient connect() throws IOException {
    return new RawClient(server.port("PLAINTEXT"));
  }

  /** Waits until something is so. */
  static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not happen in 20 s that " + what);
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void close() {
    server.stop(STOP).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    loops.close(STOP).toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
