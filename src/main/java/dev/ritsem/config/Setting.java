package dev.ritsem.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of one setting: its name (Kafka's where Kafka has it), how its text is read, what
 * is allowed, its default, its unit and a sentence for people. Two settings are the same only if
 * they are the same object.
 *
 * @param <T> the type of a value: String, Integer, Long, Double, Boolean or a list of strings
 */
public final class Setting<T> {
  /** The kinds of values, as Kafka's DescribeConfigs names them. */
  public enum Type {
    BOOLEAN,
    STRING,
    INT,
    LONG,
    DOUBLE,
    LIST
  }

  private final String name;
  private final Type type;
  private final Function<String, T> reader;
  private final List<Rule<T>> rules;
  private final @Nullable T defaultValue;
  private final String unit;
  private final String documentation;

  private Setting(Builder<T> builder) {
    this.name = builder.name;
    this.type = builder.type;
    this.reader = builder.reader;
    this.rules = List.copyOf(builder.rules);
    this.defaultValue = builder.defaultValue;
    this.unit = builder.unit;
    this.documentation = builder.documentation;
  }

  public static Builder<Integer> ofInt(String name) {
    return new Builder<>(name, Type.INT, text -> Integer.parseInt(text.trim()));
  }

  public static Builder<Long> ofLong(String name) {
    return new Builder<>(name, Type.LONG, text -> Long.parseLong(text.trim()));
  }

  public static Builder<Double> ofDouble(String name) {
    return new Builder<>(name, Type.DOUBLE, text -> Double.parseDouble(text.trim()));
  }

  public static Builder<Boolean> ofBoolean(String name) {
    return new Builder<>(name, Type.BOOLEAN, Setting::readBoolean);
  }

  public static Builder<String> ofString(String name) {
    return new Builder<>(name, Type.STRING, String::trim);
  }

  /**
   * A list written with commas; blanks around the members do not count, and an empty text is the
   * empty list.
   */
  public static Builder<List<String>> ofList(String name) {
    return new Builder<>(name, Type.LIST, Setting::readList);
  }

  public String name() {
    return name;
  }

  public Type type() {
    return type;
  }

  /**
   * The default, or null if the setting has none: it is then either optional or has to be given.
   */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** The unit of the value ("ms", "bytes"), or an empty text. */
  public String unit() {
    return unit;
  }

  public String documentation() {
    return documentation;
  }

  /** What is allowed, for people: for example "at least 0" or "one of [delete, compact]". */
  public String range() {
    if (rules.isEmpty()) {
      return type == Type.BOOLEAN
          ? "one of [true, false]"
          : "any " + type.name().toLowerCase(Locale.ROOT);
    }
    return String.join(" and ", rules.stream().map(Rule::text).toList());
  }

  /**
   * Reads and checks a value.
   *
   * @param text the value as written
   * @param source where it was written (a file and line, "command line", a request), for the
   *     message
   * @throws SettingsException if it is not of this setting's type or not allowed
   */
  public T read(String text, String source) {
    T value;
    try {
      value = reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new SettingsException(
          "Invalid value '%s' for %s (%s): not a %s; allowed: %s"
              .formatted(text, name, source, type.name().toLowerCase(Locale.ROOT), range()),
          e);
    }
    for (Rule<T> rule : rules) {
      if (!rule.test().test(value)) {
        throw new SettingsException(
            "Invalid value '%s' for %s (%s): must be %s"
                .formatted(text, name, source, rule.text()));
      }
    }
    return value;
  }

  /** The text from which {@link #read} makes this value again. */
  public String write(T value) {
    return value instanceof List<?> list
        ? String.join(",", list.stream().map(String::valueOf).toList())
        : String.valueOf(value);
  }

  @Override
  public String toString() {
    return name;
  }

  private static Boolean readBoolean(String text) {
    return switch (text.trim().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static List<String> readList(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::trim).toList();
  }

  private record Rule<T>(String text, Predicate<T> test) {}

  /** Collects what a setting is. */
  public static final class Builder<T> {
    private final String name;
    private final Type type;
    private final Function<String, T> reader;
    private final List<Rule<T>> rules = new ArrayList<>();
    private @Nullable T defaultValue;
    private String unit = "";
    private String documentation = "";

    private Builder(String name, Type type, Function<String, T> reader) {
      this.name = name;
      this.type = type;
      this.reader = reader;
    }

    public Builder<T> defaultValue(T value) {
      this.defaultValue = value;
      return this;
    }

    public Builder<T> unit(String unit) {
      this.unit = unit;
      return this;
    }

    public Builder<T> documentation(String text) {
      this.documentation = text;
      return this;
    }

    /** Allows only values that are not below this one; for numbers. */
    public Builder<T> atLeast(Comparable<? super T> lowest) {
      return rule("at least " + lowest, value -> lowest.compareTo(value) <= 0);
    }

    /** Allows only values that are not above this one; for numbers. */
    public Builder<T> atMost(Comparable<? super T> highest) {
      return rule("at most " + highest, value -> highest.compareTo(value) >= 0);
    }

    /** Allows only these values; of a list, only these members. */
    public Builder<T> oneOf(String... allowed) {
      List<String> names = List.of(allowed);
      return rule(
          (type == Type.LIST ? "made of " : "one of ") + names,
          value ->
              value instanceof List<?> members
                  ? names.containsAll(members)
                  : names.contains(String.valueOf(value)));
    }

    /**
     * Allows only what passes the test, which the text describes: "must be" plus the text is the
     * message.
     */
    public Builder<T> rule(String text, Predicate<T> test) {
      rules.add(new Rule<>(text, test));
      return this;
    }

    public Setting<T> build() {
      return new Setting<>(this);
    }
  }
}
