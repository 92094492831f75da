package dev.ritsem.app;

import dev.ritsem.config.ReservedSettings;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsCatalogue;
import dev.ritsem.config.SettingsLoader;
import dev.ritsem.log.LogSettings;
import dev.ritsem.metadata.controller.ControllerSettings;
import dev.ritsem.replication.ReplicationSettings;
import dev.ritsem.server.SocketServerSettings;
import dev.ritsem.server.handler.FetchSettings;
import dev.ritsem.server.handler.MetadataHandler;
import java.util.List;
import java.util.Map;

/** Every setting that a node knows, gathered from the layers that declare them. */
public final class DeclaredSettings {
  private DeclaredSettings() {}

  public static SettingsCatalogue catalogue() {
    return new SettingsCatalogue(
        List.of(
            NodeSettings.section(),
            SocketServerSettings.section(),
            FetchSettings.section(),
            MetadataHandler.section(),
            new SettingsCatalogue.Section(
                "Topics and their controller", "", ControllerSettings.ALL),
            new SettingsCatalogue.Section("Replicas", "", ReplicationSettings.all()),
            new SettingsCatalogue.Section(
                "Logs, and the defaults of topics",
                "Where a topic has no value of its own, the one here counts.",
                LogSettings.all()),
            ReservedSettings.section()));
  }

  /**
   * Settings of a node that a program embeds.
   *
   * @param values Kafka's names and texts, as a file would give them
   * @throws dev.ritsem.config.SettingsException if a name is unknown or a value not allowed
   */
  public static Settings of(Map<String, String> values) {
    SettingsLoader loader = new SettingsLoader(catalogue());
    values.forEach((name, value) -> loader.value(name, value, "program"));
    return loader.load().settings();
  }
}
