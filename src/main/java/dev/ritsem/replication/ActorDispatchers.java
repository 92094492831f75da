package dev.ritsem.replication;

import akka.actor.typed.DispatcherSelector;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * The dispatchers of a node's actor system, and their configuration.
 *
 * <ul>
 *   <li>{@code ritsem.event-loop-0} … {@code -N-1}: one per event loop. Nothing that runs there may
 *       block.
 *   <li>{@code ritsem.blocking-io}: a fixed pool for what may: fsync, opening and recovering logs,
 *       cold reads, deleting files.
 * </ul>
 */
public final class ActorDispatchers {
  /** The dispatcher of everything that waits for a disk. */
  public static final String BLOCKING_IO = "ritsem.blocking-io";

  private static final String EVENT_LOOP_PREFIX = "ritsem.event-loop-";

  /** How many messages an actor on a loop handles before the loop turns to its sockets again. */
  private static final int MESSAGES_PER_TURN = 100;

  private ActorDispatchers() {}

  /**
   * The dispatchers' part of an actor system's configuration.
   *
   * @param eventLoops how many loops the system's {@link EventLoopsSetup} has
   * @param blockingIoThreads how many threads may wait for disks at once, at least 1
   */
  public static Config config(int eventLoops, int blockingIoThreads) {
    Map<String, Object> values = new HashMap<>();
    for (int i = 0; i < eventLoops; i++) {
      String id = EVENT_LOOP_PREFIX + i;
      values.put(id + ".type", "Dispatcher");
      values.put(id + ".executor", EventLoopDispatcherConfigurator.class.getName());
      values.put(id + ".throughput", MESSAGES_PER_TURN);
      values.put(id + "." + EventLoopDispatcherConfigurator.LOOP_INDEX, i);
    }
    values.put(BLOCKING_IO + ".type", "Dispatcher");
    values.put(BLOCKING_IO + ".executor", "thread-pool-executor");
    values.put(BLOCKING_IO + ".thread-pool-executor.fixed-pool-size", blockingIoThreads);
    values.put(BLOCKING_IO + ".throughput", 1);
    return ConfigFactory.parseMap(values, "dispatchers of this node");
  }

  /** The dispatcher of one loop. */
  public static DispatcherSelector eventLoop(int index) {
    return DispatcherSelector.fromConfig(EVENT_LOOP_PREFIX + index);
  }

  static DispatcherSelector blockingIo() {
    return DispatcherSelector.fromConfig(BLOCKING_IO);
  }
}
