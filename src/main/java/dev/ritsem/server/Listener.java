package dev.ritsem.server;

import dev.ritsem.config.SettingsException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One place where clients come in, and what they are told of it.
 *
 * @param name in upper case; unique
 * @param securityProtocol what is spoken there
 * @param host the interface to bind; empty for every one
 * @param port 0 for one of the system's choice
 * @param advertised what clients are told, or null to tell each the address by which it came
 */
public record Listener(
    String name, String securityProtocol, String host, int port, @Nullable HostPort advertised) {
  private static final Pattern FORM =
      Pattern.compile("([A-Za-z0-9_.-]+)://(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^\\[\\]:/]*)):(\\d{1,5})");
  private static final Set<String> PROTOCOLS =
      Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
  private static final String SUPPORTED = "PLAINTEXT";
  private static final int PORT_MAX = 65_535;

  /** A host, without brackets, and a port; port 0 stands for the port that was bound. */
  public record HostPort(String host, int port) {}

  private record Named(String name, HostPort address) {}

  static boolean areWellFormed(List<String> texts) {
    return !texts.isEmpty() && texts.stream().allMatch(text -> read(text) != null);
  }

  static boolean areAdvertisable(List<String> texts) {
    return texts.stream().map(Listener::read).allMatch(Listener::isAdvertisable);
  }

  private static boolean isAdvertisable(@Nullable Named named) {
    return named != null && !isWildcard(named.address().host());
  }

  static boolean isProtocolMap(List<String> texts) {
    return texts.stream()
        .map(text -> text.split(":", -1))
        .allMatch(parts -> parts.length == 2 && PROTOCOLS.contains(upper(parts[1])));
  }

  private static boolean isWildcard(String host) {
    return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
  }

  /**
   * The listeners that the three settings together describe.
   *
   * @throws SettingsException if a name or a port comes twice, a name has no protocol, or a
   *     protocol is not spoken
   */
  static List<Listener> parse(
      List<String> listeners, List<String> advertised, List<String> protocolMap) {
    Map<String, String> protocols = new HashMap<>();
    protocolMap.stream()
        .map(text -> text.split(":", -1))
        .forEach(parts -> protocols.put(upper(parts[0]), upper(parts[1])));
    Map<String, HostPort> told = new LinkedHashMap<>();
    for (String text : advertised) {
      Named named = require("advertised.listeners", text);
      if (told.put(named.name(), named.address()) != null) {
        throw new SettingsException(
            "Listener %s comes twice in advertised.listeners".formatted(named.name()));
      }
    }
    List<Listener> result = new ArrayList<>();
    for (String text : listeners) {
      result.add(listener(require("listeners", text), protocols, told));
    }
    checkDistinct(result);
    for (String name : told.keySet()) {
      if (result.stream().noneMatch(listener -> listener.name().equals(name))) {
        throw new SettingsException(
            "advertised.listeners names %s, which is not among the listeners".formatted(name));
      }
    }
    return List.copyOf(result);
  }

  private static Listener listener(
      Named named, Map<String, String> protocols, Map<String, HostPort> told) {
    String protocol = protocols.get(named.name());
    if (protocol == null) {
      throw new SettingsException(
          "Listener %s has no protocol in listener.security.protocol.map".formatted(named.name()));
    }
    if (!protocol.equals(SUPPORTED)) {
      throw new SettingsException(
          "Listener %s asks for %s; this version speaks PLAINTEXT only"
              .formatted(named.name(), protocol));
    }
    return new Listener(
        named.name(),
        protocol,
        named.address().host(),
        named.address().port(),
        told.get(named.name()));
  }

  private static void checkDistinct(List<Listener> listeners) {
    for (int i = 0; i < listeners.size(); i++) {
      for (int j = 0; j < i; j++) {
        Listener one = listeners.get(i);
        Listener other = listeners.get(j);
        if (one.name().equals(other.name())) {
          throw new SettingsException("Listener %s comes twice in listeners".formatted(one.name()));
        }
        if (one.port() != 0 && one.port() == other.port() && one.host().equals(other.host())) {
          throw new SettingsException(
              "Listeners %s and %s have the same address".formatted(one.name(), other.name()));
        }
      }
    }
  }

  private static Named require(String setting, String text) {
    Named named = read(text);
    if (named == null) {
      throw new SettingsException(
          "Invalid value '%s' in %s: must be name://host:port".formatted(text, setting));
    }
    return named;
  }

  private static @Nullable Named read(String text) {
    Matcher matcher = FORM.matcher(text.trim());
    if (!matcher.matches()) {
      return null;
    }
    int port = Integer.parseInt(matcher.group(4));
    if (port > PORT_MAX) {
      return null;
    }
    String ipv6 = matcher.group(2);
    return new Named(
        upper(matcher.group(1)), new HostPort(ipv6 != null ? ipv6 : matcher.group(3), port));
  }

  private static String upper(String text) {
    return text.trim().toUpperCase(Locale.ROOT);
  }
}
