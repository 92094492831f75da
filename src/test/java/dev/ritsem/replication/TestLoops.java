package dev.ritsem.replication;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Stand-ins for a node's event loops: plain single-threaded executors, one thread each. Register
 * with a lower {@code @Order} than the actors that run on them, so that they are stopped later.
 */
final class TestLoops implements AfterEachCallback {
  private final List<ExecutorService> loops;

  private TestLoops(List<ExecutorService> loops) {
    this.loops = loops;
  }

  static TestLoops of(int count) {
    return new TestLoops(
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    Executors.newSingleThreadExecutor(
                        task -> {
                          Thread thread = new Thread(task, "test-loop-" + i);
                          thread.setDaemon(true);
                          return thread;
                        }))
            .toList());
  }

  EventLoopsSetup setup() {
    return new EventLoopsSetup(loops);
  }

  ExecutorService loop(int index) {
    return loops.get(index);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    stop();
  }

  void stop() {
    loops.forEach(ExecutorService::shutdown);
  }
}
