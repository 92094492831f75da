package dev.ritsem.replication;

import dev.ritsem.config.Setting;
import java.util.List;

/** What an operator can say about the replicas of a node. */
public final class ReplicationSettings {
  public static final Setting<Long> HIGH_WATERMARK_CHECKPOINT_INTERVAL_MS =
      Setting.ofLong("replica.high.watermark.checkpoint.interval.ms")
          .defaultValue(5_000L)
          .unit("ms")
          .atLeast(1L)
          .documentation("How often the high watermarks of all replicas are written down.")
          .build();

  public static final Setting<Integer> BACKGROUND_THREADS =
      Setting.ofInt("background.threads")
          .defaultValue(10)
          .atLeast(1)
          .documentation(
              "How many threads may wait for disks at once: flushes, retention, opening logs.")
          .build();

  private ReplicationSettings() {}

  /** All of them, for the node's table of declared settings. */
  public static List<Setting<?>> all() {
    return List.of(HIGH_WATERMARK_CHECKPOINT_INTERVAL_MS, BACKGROUND_THREADS);
  }
}
