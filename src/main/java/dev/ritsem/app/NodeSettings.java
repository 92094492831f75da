package dev.ritsem.app;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsCatalogue;
import dev.ritsem.config.SettingsException;
import dev.ritsem.log.LogSettings;
import dev.ritsem.model.BrokerId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a node as a whole is told; each layer declares its own settings beside these. */
public final class NodeSettings {
  static final int DEFAULT_NODE_ID = 1;

  public static final Setting<Integer> NODE_ID =
      Setting.ofInt("node.id")
          .atLeast(0)
          .documentation(
              "The number of this node, unique in its cluster; 1 if neither it nor broker.id is given."
                  + " It is written into the data directories on the first start and cannot change"
                  + " afterwards.")
          .build();

  public static final Setting<Integer> BROKER_ID =
      Setting.ofInt("broker.id")
          .atLeast(-1)
          .documentation(
              "The older name of node.id; -1 stands for none. If both are given they must be equal.")
          .build();

  public static final Setting<String> BROKER_RACK =
      Setting.ofString("broker.rack")
          .documentation(
              "The rack or zone of this node: the controller spreads a partition's replicas over them.")
          .build();

  private NodeSettings() {}

  static SettingsCatalogue.Section section() {
    return new SettingsCatalogue.Section("The node", "", List.of(NODE_ID, BROKER_ID, BROKER_RACK));
  }

  /**
   * The node's number: {@code node.id}, else {@code broker.id}, else 1.
   *
   * @throws SettingsException if both are given and differ
   */
  public static BrokerId nodeId(Settings settings) {
    Optional<Integer> nodeId = settings.optional(NODE_ID);
    Optional<Integer> brokerId = settings.optional(BROKER_ID).filter(id -> id >= 0);
    if (nodeId.isPresent() && brokerId.isPresent() && !nodeId.equals(brokerId)) {
      throw new SettingsException(
          "node.id is %d (%s) and broker.id is %d (%s): give only one, or the same number to both"
              .formatted(
                  nodeId.get(),
                  settings.source(NODE_ID).orElse(""),
                  brokerId.get(),
                  settings.source(BROKER_ID).orElse("")));
    }
    return new BrokerId(nodeId.or(() -> brokerId).orElse(DEFAULT_NODE_ID));
  }

  /** Where the logs lie, in the order given: {@code log.dirs}, else {@code log.dir}. */
  public static List<Path> logDirectories(Settings settings) {
    return settings
        .optional(LogSettings.LOG_DIRS)
        .orElseGet(() -> settings.get(LogSettings.LOG_DIR))
        .stream()
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .distinct()
        .toList();
  }
}
