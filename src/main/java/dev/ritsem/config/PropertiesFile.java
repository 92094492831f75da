package dev.ritsem.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the text of a Java properties file as {@link java.util.Properties} does (comments with # or
 * !, values continued by a backslash, escapes), and keeps what that class loses: the line on which
 * each key stands.
 */
final class PropertiesFile {
  private final String name;
  private final List<String> lines;
  private final Map<String, Settings.Given> values = new LinkedHashMap<>();

  private PropertiesFile(String name, List<String> lines) {
    this.name = name;
    this.lines = lines;
  }

  /** The values by key; of a key that is given twice the last one counts. */
  static Map<String, Settings.Given> read(String name, List<String> lines) {
    PropertiesFile file = new PropertiesFile(name, lines);
    file.readAll();
    return file.values;
  }

  private void readAll() {
    for (int next = 0; next < lines.size(); ) {
      int first = next;
      String line = lines.get(next++).stripLeading();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("!")) {
        continue;
      }
      StringBuilder logical = new StringBuilder(line);
      while (endsInOpenBackslash(logical)) {
        logical.setLength(logical.length() - 1);
        if (next < lines.size()) {
          logical.append(lines.get(next++).stripLeading());
        }
      }
      accept(logical.toString(), first + 1);
    }
  }

  private void accept(String line, int number) {
    int keyEnd = 0;
    while (keyEnd < line.length() && !isSeparator(line.charAt(keyEnd))) {
      keyEnd += line.charAt(keyEnd) == '\\' ? 2 : 1;
    }
    keyEnd = Math.min(keyEnd, line.length());
    String rest = line.substring(keyEnd).stripLeading();
    if (rest.startsWith("=") || rest.startsWith(":")) {
      rest = rest.substring(1).stripLeading();
    }
    String source = name + ":" + number;
    values.put(
        unescape(line.substring(0, keyEnd), source),
        new Settings.Given(unescape(rest, source), source));
  }

  private static boolean isSeparator(char character) {
    return character == '=' || character == ':' || Character.isWhitespace(character);
  }

  private static boolean endsInOpenBackslash(CharSequence line) {
    int backslashes = 0;
    for (int i = line.length() - 1; i >= 0 && line.charAt(i) == '\\'; i--) {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }

  private static String unescape(String text, String source) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (character != '\\' || i + 1 == text.length()) {
        plain.append(character);
        continue;
      }
      char escaped = text.charAt(++i);
      switch (escaped) {
        case 't' -> plain.append('\t');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 'f' -> plain.append('\f');
        case 'u' -> {
          plain.append(unicode(text, i + 1, source));
          i += 4;
        }
        default -> plain.append(escaped);
      }
    }
    return plain.toString();
  }

  private static char unicode(String text, int start, String source) {
    try {
      return (char) Integer.parseInt(text.substring(start, start + 4), 16);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new SettingsException(
          "A backslash and u need four hexadecimal digits after them, in '%s' (%s)"
              .formatted(text, source),
          e);
    }
  }
}
