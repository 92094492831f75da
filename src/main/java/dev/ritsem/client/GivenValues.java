package dev.ritsem.client;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values that a client was given, checked against its declarations: immutable, and copied with
 * one value changed.
 */
final class GivenValues {
  private static final String SOURCE = "client settings";

  private final List<Setting<?>> declared;
  private final Map<String, Settings.Given> given;
  private final Settings checked;

  private GivenValues(List<Setting<?>> declared, Map<String, Settings.Given> given) {
    this.declared = declared;
    this.given = given;
    this.checked = Settings.of(declared, given);
  }

  static GivenValues of(List<Setting<?>> declared, Map<String, String> properties) {
    Map<String, Settings.Given> given = new TreeMap<>();
    properties.forEach((name, text) -> given.put(name, new Settings.Given(text, SOURCE)));
    return new GivenValues(declared, given);
  }

  GivenValues with(String name, String text) {
    Map<String, Settings.Given> copy = new TreeMap<>(given);
    copy.put(name, new Settings.Given(text, SOURCE));
    return new GivenValues(declared, copy);
  }

  <T> T get(Setting<T> setting) {
    return checked.get(setting);
  }

  boolean isGiven(Setting<?> setting) {
    return checked.isGiven(setting);
  }
}
