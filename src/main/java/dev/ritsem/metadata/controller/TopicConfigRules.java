package dev.ritsem.metadata.controller;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the controller needs to know of topic configs. Those who use the configs own their meaning
 * and implement this.
 */
public interface TopicConfigRules {
  /**
   * Checks everything that a topic would override, keys by themselves and together.
   *
   * @throws dev.ritsem.model.WireException with INVALID_CONFIG and a text for the client
   */
  void validate(Map<String, String> overrides);

  /** Whether values of the key are lists, to which members may be added. False for unknown keys. */
  boolean isList(String key);

  /** The value of a topic that does not override the key; null if there is none. */
  @Nullable String brokerValue(String key);
}
