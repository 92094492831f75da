package dev.ritsem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import com.typesafe.config.parser.ConfigDocument;
import com.typesafe.config.parser.ConfigDocumentFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads a HOCON file into flat names and texts. Substitutions are resolved within the file alone:
 * neither the environment nor system properties are a source of settings.
 *
 * <p>In HOCON a dotted name is a path, and a path cannot hold both a value and further names, so
 * {@code max.connections} would be lost silently beside {@code max.connections.per.ip}. Kafka has
 * such names; they are therefore looked up in the file's text once more, without the longer ones.
 */
final class HoconFile {
  private static final ConfigParseOptions OPTIONS =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);

  private final Path file;
  private final Config config;

  private HoconFile(Path file, Config config) {
    this.file = file;
    this.config = config;
  }

  /**
   * @throws SettingsException with file, line and cause if the file is not HOCON
   */
  static HoconFile read(Path file) {
    try {
      Config config =
          ConfigFactory.parseFile(file.toFile(), OPTIONS).resolve(ConfigResolveOptions.noSystem());
      return new HoconFile(file, config);
    } catch (ConfigException e) {
      throw new SettingsException(explain(file, e), e);
    }
  }

  /** What the file gives below one top-level name, as HOCON. */
  Config block(String name) {
    return config.withOnlyPath(name);
  }

  /**
   * The values by flat name.
   *
   * @param declared all declared names: of these, those are found too whose path also holds longer
   *     names
   */
  Map<String, Settings.Given> values(List<String> declared) {
    Map<String, Settings.Given> values = new LinkedHashMap<>();
    config
        .entrySet()
        .forEach(
            entry -> {
              String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
              values.put(name, given(entry.getValue()));
            });
    for (String name : declared) {
      if (!values.containsKey(name)
          && values.keySet().stream().anyMatch(longer -> longer.startsWith(name + "."))) {
        addHidden(name, declared, values);
      }
    }
    return values;
  }

  private void addHidden(String name, List<String> declared, Map<String, Settings.Given> values) {
    ConfigDocument document = ConfigDocumentFactory.parseFile(file.toFile(), OPTIONS);
    for (String longer : declared) {
      if (longer.startsWith(name + ".")) {
        document = document.withoutPath(longer);
      }
    }
    Config alone = ConfigFactory.parseString(document.render(), OPTIONS);
    if (alone.root().isEmpty() || !alone.hasPath(name)) {
      return;
    }
    ConfigValue value = alone.getValue(name);
    if (value.valueType() != ConfigValueType.OBJECT) {
      values.put(name, new Settings.Given(text(value), file.toString()));
    }
  }

  private Settings.Given given(ConfigValue value) {
    int line = value.origin().lineNumber();
    String source = line > 0 ? file + ":" + line : file.toString();
    return new Settings.Given(text(value), source);
  }

  private static String text(ConfigValue value) {
    if (value.unwrapped() instanceof List<?> members) {
      return members.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    // Numbers come back as they were written, which unwrapping them would not do.
    return value.atKey("value").getString("value");
  }

  private static String explain(Path file, ConfigException cause) {
    String message = String.valueOf(cause.getMessage());
    String hint =
        message.contains("Reserved character") || message.contains("Expecting end of input")
            ? " A value with characters such as : / or , goes in double quotes."
            : "";
    return "Cannot read the settings in %s: %s%s".formatted(file, message, hint);
  }
}
