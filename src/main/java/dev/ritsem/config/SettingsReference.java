package dev.ritsem.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes the catalogue as a HOCON file for people: every setting with its sentence, type, range and
 * unit, and its default as a line that is commented out. {@code conf/ritsem.conf} is this text.
 */
public final class SettingsReference {
  private static final int WIDTH = 100;

  private static final List<String> PREAMBLE =
      List.of(
          "# The settings of a Ritsem node, all of them, each with its default in a comment.",
          "#",
          "# scripts/ritsem start reads this file unless --config names another one; --set key=value"
              + " goes",
          "# before both. Names are Kafka's; what is Ritsem's own lives under ritsem. A key that"
              + " does not",
          "# exist, or a value out of range, stops the start with file and line. Akka's own settings"
              + " may be",
          "# given under akka. A value with characters such as : / , goes in double quotes.",
          "# Rewritten by: scripts/ritsem settings > conf/ritsem.conf (a test compares the two).");

  private SettingsReference() {}

  /** The whole file, ending in a line break. */
  public static String render(SettingsCatalogue catalogue) {
    List<String> lines = new ArrayList<>(PREAMBLE);
    for (SettingsCatalogue.Section section : catalogue.sections()) {
      lines.add("");
      lines.add("");
      String rule = "# ==== " + section.title() + " ";
      lines.add(rule + "=".repeat(Math.max(4, WIDTH - rule.length())));
      lines.addAll(wrap(section.about()));
      for (Setting<?> setting : section.settings()) {
        lines.add("");
        lines.addAll(wrap(setting.documentation()));
        lines.addAll(wrap(describe(setting)));
        lines.add("#" + assignment(setting));
      }
    }
    lines.add("");
    return String.join("\n", lines);
  }

  private static String describe(Setting<?> setting) {
    String type = setting.type().name().toLowerCase(Locale.ROOT);
    String unit = setting.unit().isEmpty() ? "" : " in " + setting.unit();
    String range = setting.range().startsWith("any ") ? "" : "; " + setting.range();
    String absent = setting.defaultValue() == null ? "; not set by default" : "";
    return "(" + type + unit + range + absent + ")";
  }

  private static <T> String assignment(Setting<T> setting) {
    T value = setting.defaultValue();
    return value == null
        ? setting.name() + " ="
        : setting.name() + " = " + hocon(setting.type(), setting.write(value));
  }

  private static String hocon(Setting.Type type, String text) {
    return switch (type) {
      case STRING, LIST -> "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      case BOOLEAN, INT, LONG, DOUBLE -> text;
    };
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("#");
    for (String word : text.split(" ", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    if (line.length() > 1) {
      lines.add(line.toString());
    }
    return lines;
  }
}
