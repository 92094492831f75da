package dev.ritsem.app.process;

import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a node's settings come from. */
final class SettingsOptions {
  /** Set by the launcher script: where the project lies. */
  private static final String HOME = "ritsem.home";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = {
        "Settings: a HOCON file, or a Java properties file such as Kafka's server.properties if its"
            + " name ends so (default: conf/ritsem.conf beside the launcher)."
      })
  private @Nullable Path config;

  @Option(
      names = {"-s", "--set"},
      paramLabel = "KEY=VALUE",
      description = "One setting; goes before the file. May be repeated.")
  private List<String> assignments = new ArrayList<>();

  /**
   * Reads them.
   *
   * @param argument a file that was named without an option, which counts as the last --config
   * @throws dev.ritsem.config.SettingsException if a file or a value cannot be used
   */
  SettingsLoader.Loaded load(@Nullable Path argument) {
    SettingsLoader loader = new SettingsLoader(DeclaredSettings.catalogue());
    Path named = argument == null ? config : argument;
    Path file = named == null ? defaultFile() : named;
    if (file != null) {
      loader.file(file);
    }
    assignments.forEach(loader::assignment);
    return loader.load();
  }

  private static @Nullable Path defaultFile() {
    String home = System.getProperty(HOME);
    if (home == null) {
      return null;
    }
    Path file = Path.of(home, "conf", "ritsem.conf");
    return Files.isRegularFile(file) ? file : null;
  }
}
