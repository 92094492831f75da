package dev.ritsem.server.handler;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.log.TopicSetting;
import dev.ritsem.log.TopicSetting.Candidate;
import dev.ritsem.log.TopicSettings;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/**
 * What is in force for a topic or for this broker, where each value comes from, and what it means:
 * the content of DescribeConfigs, and of the configs in CreateTopics responses.
 */
public final class ConfigDescriptions {
  private final Settings settings;
  private final List<Setting<?>> declared;

  /**
   * @param settings of this node
   * @param declared every setting that this node knows
   */
  public ConfigDescriptions(Settings settings, Collection<Setting<?>> declared) {
    this.settings = settings;
    this.declared = List.copyOf(declared);
  }

  /**
   * One config.
   *
   * @param value null if there is none, or if it must not be shown
   * @param readOnly whether it takes a restart to change it
   * @param synonyms what could be in force, the one that is first
   */
  record Described(
      String name,
      @Nullable String value,
      ConfigSource source,
      boolean readOnly,
      boolean sensitive,
      ConfigType type,
      String documentation,
      List<Synonym> synonyms) {}

  /** A value that is in force, or would be if those before it were not there. */
  record Synonym(String name, @Nullable String value, ConfigSource source) {}

  /** Every config of a topic with these overrides. */
  List<Described> topic(Map<String, String> overrides) {
    List<Described> described = new ArrayList<>();
    for (TopicSetting<?> setting : TopicSettings.all()) {
      described.add(topicConfig(setting, overrides));
    }
    return described;
  }

  /** Every config of this broker. */
  List<Described> broker() {
    List<Described> described = new ArrayList<>();
    for (Setting<?> setting : declared) {
      described.add(brokerConfig(setting));
    }
    return described;
  }

  private <T> Described topicConfig(TopicSetting<T> setting, Map<String, String> overrides) {
    List<Synonym> synonyms =
        setting.candidates(overrides, settings).stream().map(ConfigDescriptions::synonym).toList();
    return new Described(
        setting.name(),
        setting.setting().write(setting.inForce(overrides, settings)),
        synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.get(0).source(),
        false,
        false,
        type(setting.setting()),
        setting.setting().documentation(),
        synonyms);
  }

  private static Synonym synonym(Candidate candidate) {
    ConfigSource source =
        switch (candidate.source()) {
          case TOPIC -> ConfigSource.TOPIC_CONFIG;
          case BROKER -> ConfigSource.STATIC_BROKER_CONFIG;
          case DEFAULT -> ConfigSource.DEFAULT_CONFIG;
        };
    return new Synonym(candidate.name(), candidate.value(), source);
  }

  private <T> Described brokerConfig(Setting<T> setting) {
    boolean sensitive = isSensitive(setting.name());
    List<Synonym> synonyms = new ArrayList<>();
    if (settings.isGiven(setting)) {
      String given = sensitive ? null : setting.write(settings.get(setting));
      synonyms.add(new Synonym(setting.name(), given, ConfigSource.STATIC_BROKER_CONFIG));
    }
    T defaultValue = setting.defaultValue();
    if (defaultValue != null) {
      String text = sensitive ? null : setting.write(defaultValue);
      synonyms.add(new Synonym(setting.name(), text, ConfigSource.DEFAULT_CONFIG));
    }
    return new Described(
        setting.name(),
        synonyms.isEmpty() ? null : synonyms.get(0).value(),
        synonyms.isEmpty() ? ConfigSource.DEFAULT_CONFIG : synonyms.get(0).source(),
        true,
        sensitive,
        type(setting),
        setting.documentation(),
        synonyms);
  }

  private static boolean isSensitive(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.contains("password") || lower.contains("secret") || lower.endsWith("jaas.config");
  }

  private static ConfigType type(Setting<?> setting) {
    return switch (setting.type()) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
    };
  }
}
