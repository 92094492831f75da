package dev.ritsem.record;

/** Whose clock a batch's timestamps come from: the topic's {@code message.timestamp.type}. */
public enum TimestampType {
  /** The producer's: each record has its own. */
  CREATE_TIME("CreateTime"),

  /** The leader's at the moment of the append: one for the whole batch. */
  LOG_APPEND_TIME("LogAppendTime");

  private final String configName;

  TimestampType(String configName) {
    this.configName = configName;
  }

  /** The value as the topic's configuration writes it. */
  public String configName() {
    return configName;
  }

  /**
   * The type of a configured value.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static TimestampType ofConfigName(String name) {
    for (TimestampType type : values()) {
      if (type.configName.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "no timestamp type '" + name + "'; known: CreateTime, LogAppendTime");
  }
}
