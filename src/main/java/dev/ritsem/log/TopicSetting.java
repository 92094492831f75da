package dev.ritsem.log;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsException;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A setting that a topic may have of its own, and the node's settings that count where it has none.
 * Values are checked, and refused in the words in which Kafka refuses them.
 *
 * @param <T> the type of a value
 */
public final class TopicSetting<T> {
  private final Setting<T> setting;
  private final T defaultValue;
  private final List<Check<T>> checks;
  private final List<Synonym<T, ?>> synonyms;

  private TopicSetting(Builder<T> builder) {
    this.setting = builder.setting.build();
    this.defaultValue = builder.defaultValue;
    this.checks = List.copyOf(builder.checks);
    this.synonyms = List.copyOf(builder.synonyms);
  }

  /** Where the value in force comes from, as DescribeConfigs tells it. */
  public enum Source {
    TOPIC,
    BROKER,
    DEFAULT
  }

  /**
   * One of the values that could be in force.
   *
   * @param name the topic's setting or the node's
   * @param value its text, in its own unit
   */
  public record Candidate(String name, String value, Source source) {}

  // Kafka names the whole value if a number is out of range, and the member if a list holds a wrong
  // one.
  private record Check<T>(Function<T, Optional<?>> refused, String message) {}

  private record Synonym<T, B>(Setting<B> broker, Function<B, T> conversion) {
    boolean isGiven(Settings settings) {
      return settings.isGiven(broker);
    }

    T value(Settings settings) {
      return conversion.apply(settings.get(broker));
    }

    Candidate candidate(Settings settings, Source source) {
      return new Candidate(broker.name(), broker.write(settings.get(broker)), source);
    }
  }

  static <T> Builder<T> of(Setting.Builder<T> setting, T defaultValue) {
    return new Builder<>(setting, defaultValue);
  }

  public String name() {
    return setting.name();
  }

  /** The declaration: type, default, unit, range and documentation. */
  public Setting<T> setting() {
    return setting;
  }

  public T defaultValue() {
    return defaultValue;
  }

  /**
   * Reads and checks a value that somebody wants a topic to have.
   *
   * @throws WireException INVALID_CONFIG in Kafka's words
   */
  public T read(String text) {
    T value;
    try {
      value = setting.read(text, "topic");
    } catch (SettingsException e) {
      throw new WireException(ErrorCode.INVALID_CONFIG, refusal(text));
    }
    if (value instanceof List<?> members && members.contains("")) {
      throw new WireException(
          ErrorCode.INVALID_CONFIG,
          "Configuration '%s' values must not be empty.".formatted(name()));
    }
    for (Check<T> check : checks) {
      Optional<?> refused = check.refused().apply(value);
      if (refused.isPresent()) {
        throw new WireException(
            ErrorCode.INVALID_CONFIG,
            "Invalid value %s for configuration %s: %s"
                .formatted(refused.get(), name(), check.message()));
      }
    }
    return value;
  }

  /** The value in force for a topic: its own, else the node's, else the default. */
  public T inForce(Map<String, String> topic, Settings broker) {
    String own = topic.get(name());
    if (own != null) {
      return read(own);
    }
    return synonyms.stream()
        .filter(synonym -> synonym.isGiven(broker))
        .findFirst()
        .map(synonym -> synonym.value(broker))
        .orElse(defaultValue);
  }

  /**
   * Every value that could be in force, the one that is first: the topic's own, what the node was
   * given, and the node's default.
   */
  public List<Candidate> candidates(Map<String, String> topic, Settings broker) {
    List<Candidate> candidates = new ArrayList<>();
    String own = topic.get(name());
    if (own != null) {
      candidates.add(new Candidate(name(), own, Source.TOPIC));
    }
    for (Synonym<T, ?> synonym : synonyms) {
      if (synonym.isGiven(broker)) {
        candidates.add(synonym.candidate(broker, Source.BROKER));
      }
    }
    for (Synonym<T, ?> synonym : synonyms) {
      if (synonym.broker().defaultValue() != null) {
        candidates.add(synonym.candidate(Settings.defaults(), Source.DEFAULT));
      }
    }
    return candidates;
  }

  @Override
  public String toString() {
    return name();
  }

  private String refusal(String text) {
    String reason =
        setting.type() == Setting.Type.BOOLEAN
            ? "Expected value to be either true or false"
            : "Not a number of type " + setting.type();
    return "Invalid value %s for configuration %s: %s".formatted(text.trim(), name(), reason);
  }

  /** Collects what a topic's setting is. */
  static final class Builder<T> {
    private final Setting.Builder<T> setting;
    private final T defaultValue;
    private final List<Check<T>> checks = new ArrayList<>();
    private final List<Synonym<T, ?>> synonyms = new ArrayList<>();

    private Builder(Setting.Builder<T> setting, T defaultValue) {
      this.setting = setting.defaultValue(defaultValue);
      this.defaultValue = defaultValue;
    }

    Builder<T> documentation(String text) {
      setting.documentation(text);
      return this;
    }

    Builder<T> unit(String unit) {
      setting.unit(unit);
      return this;
    }

    Builder<T> atLeast(Comparable<? super T> lowest) {
      return check(value -> lowest.compareTo(value) <= 0, "Value must be at least " + lowest);
    }

    Builder<T> atMost(Comparable<? super T> highest) {
      return check(value -> highest.compareTo(value) >= 0, "Value must be no more than " + highest);
    }

    Builder<T> oneOf(String... allowed) {
      List<String> names = List.of(allowed);
      checks.add(
          new Check<>(
              value ->
                  (value instanceof List<?> members ? members : List.of(value))
                      .stream().filter(member -> !names.contains(member)).findFirst(),
              "String must be one of: " + String.join(", ", names)));
      return this;
    }

    Builder<T> check(Predicate<T> passes, String message) {
      checks.add(
          new Check<>(
              value -> passes.test(value) ? Optional.empty() : Optional.of(value), message));
      return this;
    }

    Builder<T> synonym(Setting<T> broker) {
      synonyms.add(new Synonym<>(broker, Function.identity()));
      return this;
    }

    <B> Builder<T> synonym(Setting<B> broker, Function<B, T> conversion) {
      synonyms.add(new Synonym<>(broker, conversion));
      return this;
    }

    TopicSetting<T> build() {
      return new TopicSetting<>(this);
    }
  }
}
