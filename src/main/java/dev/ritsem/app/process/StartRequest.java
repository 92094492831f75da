package dev.ritsem.app.process;

import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who starts a node asks for.
 *
 * @param config the settings file, or null for conf/ritsem.conf beside the launcher
 * @param assignments key=value, which go before the file
 * @param daemon whether to return once the node answers
 * @param logFile where to log, or null for standard error
 */
public record StartRequest(
    @Nullable Path config, List<String> assignments, boolean daemon, @Nullable Path logFile) {
  static final String COMMAND = "start";

  /** Set by the launcher script: where the project lies. */
  private static final String HOME = "ritsem.home";

  public StartRequest {
    assignments = List.copyOf(assignments);
  }

  /**
   * Reads a command line that starts a node in the plainest words, each option followed by its
   * value. A start should not wait for the command-line library, whose many classes the JVM cannot
   * take from the class archive; everything else, help and mistakes included, is for the library.
   *
   * @return empty if it is anything else
   */
  public static Optional<StartRequest> readPlain(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals(COMMAND)) {
      return Optional.empty();
    }
    Path config = null;
    Path logFile = null;
    List<String> assignments = new ArrayList<>();
    for (int i = 1; i < arguments.length; i += 2) {
      if (i + 1 == arguments.length) {
        return Optional.empty();
      }
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--config" -> config = Path.of(value);
        case "--set" -> assignments.add(value);
        case "--log-file" -> logFile = Path.of(value);
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(new StartRequest(config, assignments, false, logFile));
  }

  /**
   * Reads the settings.
   *
   * @throws dev.ritsem.config.SettingsException if a file or a value cannot be used
   */
  SettingsLoader.Loaded load() {
    SettingsLoader loader = new SettingsLoader(DeclaredSettings.catalogue());
    Path file = config == null ? defaultConfig() : config;
    if (file != null) {
      loader.file(file);
    }
    assignments.forEach(loader::assignment);
    return loader.load();
  }

  /** The command line that asks for the same in the foreground, with its log in a file. */
  List<String> foreground(Path log) {
    List<String> command = new ArrayList<>(List.of(COMMAND));
    if (config != null) {
      command.addAll(List.of("--config", config.toString()));
    }
    for (String assignment : assignments) {
      command.addAll(List.of("--set", assignment));
    }
    command.addAll(List.of("--log-file", log.toString()));
    return command;
  }

  private static @Nullable Path defaultConfig() {
    String home = System.getProperty(HOME);
    if (home == null) {
      return null;
    }
    Path file = Path.of(home, "conf", "ritsem.conf");
    return Files.isRegularFile(file) ? file : null;
  }
}
