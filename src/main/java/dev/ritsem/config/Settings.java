package dev.ritsem.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values in force: immutable, read once at the edge and handed down. Every value that was given
 * has been checked against its declaration; whatever was not given has its declared default.
 */
public final class Settings {
  private final Map<String, Entry> given;

  private Settings(Map<String, Entry> given) {
    this.given = Map.copyOf(given);
  }

  /** A value as it was given, and where. */
  public record Given(String text, String source) {}

  private record Entry(Setting<?> setting, Object value, String source) {}

  /** Nothing given: defaults only. */
  public static Settings defaults() {
    return new Settings(Map.of());
  }

  /**
   * Checks given values against the declared settings.
   *
   * @throws SettingsException naming key, value and source, if a key is not declared or a value not
   *     allowed
   */
  public static Settings of(Collection<Setting<?>> declared, Map<String, Given> given) {
    Map<String, Setting<?>> byName = new LinkedHashMap<>();
    declared.forEach(setting -> byName.put(setting.name(), setting));
    Map<String, Entry> entries = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          Setting<?> setting = byName.get(name);
          if (setting == null) {
            throw new SettingsException(
                "Unknown setting %s = '%s' (%s)".formatted(name, value.text(), value.source()));
          }
          entries.put(
              name, new Entry(setting, setting.read(value.text(), value.source()), value.source()));
        });
    return new Settings(entries);
  }

  /**
   * The value in force: what was given, else the declared default.
   *
   * @throws SettingsException if nothing was given and there is no default
   */
  public <T> T get(Setting<T> setting) {
    T value = find(setting);
    if (value == null) {
      throw new SettingsException(
          "Setting %s is needed and has no default; allowed: %s"
              .formatted(setting.name(), setting.range()));
    }
    return value;
  }

  /** Like {@link #get}, for settings that may be absent. */
  public <T> Optional<T> optional(Setting<T> setting) {
    return Optional.ofNullable(find(setting));
  }

  /** Whether the setting was given, as opposed to being left at its default. */
  public boolean isGiven(Setting<?> setting) {
    return given.containsKey(setting.name());
  }

  /** Where the value was given; empty if it was not. */
  public Optional<String> source(Setting<?> setting) {
    return Optional.ofNullable(given.get(setting.name())).map(Entry::source);
  }

  // The entry was read by the declaration of that name, and names are unique among declarations.
  @SuppressWarnings("unchecked")
  private <T> @Nullable T find(Setting<T> setting) {
    Entry entry = given.get(setting.name());
    return entry == null ? setting.defaultValue() : (T) entry.value();
  }
}
