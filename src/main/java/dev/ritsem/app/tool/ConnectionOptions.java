package dev.ritsem.app.tool;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cluster a command talks to. */
final class ConnectionOptions {
  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "Brokers to ask first, with commas (default: localhost:9092).")
  private @Nullable String servers;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "A properties file with settings of the client.")
  private @Nullable Path config;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for an answer (default: 30).")
  private int timeoutSeconds = 30;

  int timeoutSeconds() {
    return timeoutSeconds;
  }

  /** The client's properties by name. */
  Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    if (config != null) {
      try (Reader reader = Files.newBufferedReader(config, StandardCharsets.UTF_8)) {
        Properties file = new Properties();
        file.load(reader);
        file.stringPropertyNames().forEach(name -> properties.put(name, file.getProperty(name)));
      } catch (IOException e) {
        throw new ToolException(ExitCode.USAGE, "cannot read " + config + ": " + e, e);
      }
    }
    if (servers != null) {
      properties.put("bootstrap.servers", servers);
    }
    return properties;
  }
}
