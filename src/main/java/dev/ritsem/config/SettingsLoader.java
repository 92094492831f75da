package dev.ritsem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Collects what was written in files and on the command line, in the order given (a later value of
 * the same key replaces an earlier one), and checks it against what is declared. A file whose name
 * ends in {@code .properties} is a Java properties file, any other is HOCON. The environment is
 * deliberately not a source: a node runs with what its files and its command line say.
 *
 * <p>Names that begin with {@code akka.} are Akka's own and are handed on unchecked.
 */
public final class SettingsLoader {
  private static final String AKKA = "akka";

  /** Keys whose values do not belong into a message. */
  private static final Pattern SECRET = Pattern.compile("password|passphrase|secret|jaas|\\.key$");

  private final SettingsCatalogue catalogue;
  private final Map<String, Settings.Given> given = new LinkedHashMap<>();
  private Config akka = ConfigFactory.empty();

  public SettingsLoader(SettingsCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  /**
   * What was read.
   *
   * @param settings the checked values
   * @param akka Akka's own settings: a tree whose only root is {@code akka}, or an empty one
   * @param notes for each accepted key without effect, a sentence that says so
   */
  public record Loaded(Settings settings, Config akka, List<String> notes) {
    public Loaded {
      notes = List.copyOf(notes);
    }
  }

  /**
   * Adds the values of a file.
   *
   * @throws SettingsException if it cannot be read
   */
  public SettingsLoader file(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new SettingsException("There is no settings file " + file);
    }
    if (file.toString().endsWith(".properties")) {
      PropertiesFile.read(file.toString(), lines(file)).forEach(this::add);
      return this;
    }
    HoconFile hocon = HoconFile.read(file);
    List<String> declared = catalogue.settings().stream().map(Setting::name).toList();
    hocon
        .values(declared)
        .forEach(
            (key, value) -> {
              if (!isAkka(key)) {
                add(key, value);
              }
            });
    akka = hocon.block(AKKA).withFallback(akka);
    return this;
  }

  /**
   * Adds one {@code key=value}, as written after {@code --set}.
   *
   * @throws SettingsException if there is no equals sign or no key before it
   */
  public SettingsLoader assignment(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new SettingsException("--set takes key=value, and '%s' is not".formatted(text));
    }
    return value(text.substring(0, equals).trim(), text.substring(equals + 1), "command line");
  }

  /** Adds one value. */
  public SettingsLoader value(String key, String text, String source) {
    add(key, new Settings.Given(text, source));
    return this;
  }

  /**
   * Checks everything that was collected.
   *
   * @throws SettingsException with one line per problem: key, value, source, and what is allowed or
   *     which name is near
   */
  public Loaded load() {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Map<String, Settings.Given> known = new LinkedHashMap<>();
    given.forEach(
        (key, value) -> {
          Optional<Setting<?>> setting = catalogue.find(key);
          if (setting.isEmpty()) {
            judge(key, value, problems, notes);
            return;
          }
          known.put(key, value);
          try {
            setting.get().read(value.text(), value.source());
          } catch (SettingsException e) {
            problems.add(e.getMessage());
          }
        });
    if (!problems.isEmpty()) {
      throw new SettingsException(String.join(System.lineSeparator(), problems));
    }
    return new Loaded(Settings.of(catalogue.settings(), known), akka, notes);
  }

  private void judge(String key, Settings.Given value, List<String> problems, List<String> notes) {
    Optional<KafkaOnlyKeys.Fate> fate = KafkaOnlyKeys.of(key, value.text());
    if (fate.isEmpty()) {
      String near =
          NearestName.of(key, catalogue.settings().stream().map(Setting::name).toList())
              .map(name -> "; did you mean " + name + "?")
              .orElse("");
      problems.add(
          "Unknown setting %s = '%s' (%s)%s"
              .formatted(key, shown(key, value.text()), value.source(), near));
    } else if (fate.get().refused()) {
      problems.add(
          "Refused setting %s = '%s' (%s): %s"
              .formatted(key, shown(key, value.text()), value.source(), fate.get().reason()));
    } else {
      notes.add(
          "Setting %s (%s) has no effect: %s".formatted(key, value.source(), fate.get().reason()));
    }
  }

  private static String shown(String key, String text) {
    return SECRET.matcher(key).find() ? "(hidden)" : text;
  }

  private void add(String key, Settings.Given value) {
    if (isAkka(key)) {
      akka = akkaValue(key, value).withFallback(akka);
      return;
    }
    // Removed first, so that problems come in the order in which the values in force were written.
    given.remove(key);
    given.put(key, value);
  }

  private static boolean isAkka(String key) {
    return key.startsWith(AKKA + ".");
  }

  private static Config akkaValue(String key, Settings.Given value) {
    try {
      return ConfigFactory.parseString(key + " = " + value.text());
    } catch (ConfigException e) {
      throw new SettingsException(
          "Invalid value '%s' for %s (%s): not HOCON; %s"
              .formatted(value.text(), key, value.source(), e.getMessage()),
          e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new SettingsException("There is no settings file " + file, e);
    } catch (IOException e) {
      throw new SettingsException("Cannot read the settings in " + file + ": " + e.getMessage(), e);
    }
  }
}
