package dev.ritsem.metadata.controller;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the configs of one topic shall change, as a client asked for it: nothing is checked yet.
 *
 * @param replaceAll whether what the operations do not name goes back to the broker's value: the
 *     meaning of the older AlterConfigs request
 */
public record ConfigAlteration(String topic, List<ConfigOperation> operations, boolean replaceAll) {
  public ConfigAlteration {
    operations = List.copyOf(operations);
  }

  public static ConfigAlteration incremental(String topic, List<ConfigOperation> operations) {
    return new ConfigAlteration(topic, operations, false);
  }

  /** What happens to a key. */
  public enum OperationType {
    /** The value is set. */
    SET,
    /** The broker's value is in force again. */
    DELETE,
    /** Members are added to a list. */
    APPEND,
    /** Members are taken from a list. */
    SUBTRACT
  }

  /**
   * One change.
   *
   * @param value does not count for DELETE; null is refused for the others
   */
  public record ConfigOperation(String key, OperationType type, @Nullable String value) {
    public static ConfigOperation set(String key, String value) {
      return new ConfigOperation(key, OperationType.SET, value);
    }

    public static ConfigOperation delete(String key) {
      return new ConfigOperation(key, OperationType.DELETE, null);
    }
  }
}
