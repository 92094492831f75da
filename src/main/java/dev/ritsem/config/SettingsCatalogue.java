package dev.ritsem.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every setting that a node declares, in the sections in which people get to see them. Names are
 * unique: a name that two features declare is a mistake in the program, found when the catalogue is
 * made.
 */
public final class SettingsCatalogue {
  private final List<Section> sections;
  private final Map<String, Setting<?>> byName = new LinkedHashMap<>();

  public SettingsCatalogue(List<Section> sections) {
    this.sections = List.copyOf(sections);
    for (Section section : this.sections) {
      for (Setting<?> setting : section.settings()) {
        if (byName.put(setting.name(), setting) != null) {
          throw new IllegalArgumentException("setting " + setting.name() + " is declared twice");
        }
      }
    }
  }

  /**
   * The settings of one feature.
   *
   * @param title a few words, for a heading
   * @param about what a reader should know before the settings; may be empty
   */
  public record Section(String title, String about, List<Setting<?>> settings) {
    public Section {
      settings = List.copyOf(settings);
    }
  }

  public List<Section> sections() {
    return sections;
  }

  public Collection<Setting<?>> settings() {
    return byName.values();
  }

  public Optional<Setting<?>> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
