package dev.ritsem.metadata.controller;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.log.TopicSetting;
import dev.ritsem.log.TopicSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of topic configs as the log, which uses them, declares them. */
public final class LogConfigRules implements TopicConfigRules {
  private final Settings broker;

  /** Rules for topics on brokers with these settings. */
  public LogConfigRules(Settings broker) {
    this.broker = broker;
  }

  @Override
  public void validate(Map<String, String> overrides) {
    TopicSettings.validate(overrides);
  }

  @Override
  public boolean isList(String key) {
    TopicSetting<?> setting = TopicSettings.find(key);
    return setting != null && setting.setting().type() == Setting.Type.LIST;
  }

  @Override
  public @Nullable String brokerValue(String key) {
    TopicSetting<?> setting = TopicSettings.find(key);
    return setting == null ? null : text(setting);
  }

  private <T> String text(TopicSetting<T> setting) {
    return setting.setting().write(setting.inForce(Map.of(), broker));
  }
}
