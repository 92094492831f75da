package dev.ritsem.metadata.controller;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import java.util.List;

/**
 * What an operator can choose about the controller.
 *
 * @param defaultPartitions partitions of a topic whose creator names no number
 * @param defaultReplicationFactor copies of a partition where the creator names no number
 * @param topicDeletionEnabled whether topics can be deleted at all
 * @param snapshotEveryEvents after how many events the image is saved whole
 */
public record ControllerSettings(
    int defaultPartitions,
    int defaultReplicationFactor,
    boolean topicDeletionEnabled,
    int snapshotEveryEvents) {
  public static final Setting<Integer> NUM_PARTITIONS =
      Setting.ofInt("num.partitions")
          .defaultValue(1)
          .atLeast(1)
          .documentation("Partitions of a topic that is created without a number of its own.")
          .build();

  public static final Setting<Integer> DEFAULT_REPLICATION_FACTOR =
      Setting.ofInt("default.replication.factor")
          .defaultValue(1)
          .atLeast(1)
          .atMost((int) Short.MAX_VALUE)
          .documentation(
              "Copies of each partition of a topic that is created without a number of its own.")
          .build();

  public static final Setting<Boolean> DELETE_TOPIC_ENABLE =
      Setting.ofBoolean("delete.topic.enable")
          .defaultValue(true)
          .documentation("Whether topics can be deleted. If not, asking for it is an error.")
          .build();

  public static final Setting<Integer> SNAPSHOT_EVERY_EVENTS =
      Setting.ofInt("ritsem.controller.snapshot.events")
          .defaultValue(1_000)
          .atLeast(1)
          .unit("events")
          .documentation(
              "After how many events the controller saves the cluster's metadata whole, so that a"
                  + " start replays no more than that.")
          .build();

  /** Every setting of the controller. */
  public static final List<Setting<?>> ALL =
      List.of(
          NUM_PARTITIONS, DEFAULT_REPLICATION_FACTOR, DELETE_TOPIC_ENABLE, SNAPSHOT_EVERY_EVENTS);

  public static ControllerSettings of(Settings settings) {
    return new ControllerSettings(
        settings.get(NUM_PARTITIONS),
        settings.get(DEFAULT_REPLICATION_FACTOR),
        settings.get(DELETE_TOPIC_ENABLE),
        settings.get(SNAPSHOT_EVERY_EVENTS));
  }
}
