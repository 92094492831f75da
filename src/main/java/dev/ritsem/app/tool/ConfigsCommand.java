package dev.ritsem.app.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows and changes settings of topics; option names are those of Kafka's tool. */
@Command(
    name = "configs",
    description = "Show and change the settings of a topic, and show those of a broker.",
    footer = {
      "",
      "Examples:",
      "  ritsem configs --describe --topic rides",
      "  ritsem configs --describe --entity-type brokers --entity-name 1 --all",
      "  ritsem configs --alter --topic rides --add-config retention.ms=3600000",
      "  ritsem configs --alter --topic rides --delete-config retention.ms",
      "",
      "Exit codes: 0 done; 1 refused; 2 wrong usage; 5 no broker answered."
    })
public final class ConfigsCommand extends RitsemCommand {
  private enum EntityType {
    TOPICS,
    BROKERS
  }

  @ArgGroup(multiplicity = "1", exclusive = true)
  private Action action = new Action();

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--entity-type",
      paramLabel = "topics|brokers",
      description = "What is meant (default: topics).")
  private EntityType entityType = EntityType.TOPICS;

  @Option(names = "--entity-name", paramLabel = "NAME", description = "The topic or broker id.")
  private @Nullable String entityName;

  @Option(names = "--topic", paramLabel = "NAME", description = "Short for a topic.")
  private @Nullable String topic;

  @Option(names = "--broker", paramLabel = "ID", description = "Short for a broker.")
  private @Nullable String broker;

  @Option(names = "--all", description = "With --describe: defaults too.")
  private boolean all;

  @Option(
      names = "--add-config",
      paramLabel = "KEY=VALUE",
      split = ",(?=[^,\\[\\]]*=)",
      description = "Set these values; a value with commas goes in square brackets.")
  private Map<String, String> additions = new LinkedHashMap<>();

  @Option(
      names = "--delete-config",
      paramLabel = "KEY",
      split = ",",
      description = "Go back to the default for these keys.")
  private List<String> deletions = new ArrayList<>();

  static final class Action {
    @Option(names = "--describe", description = "Show the settings.")
    private boolean describe;

    @Option(names = "--alter", description = "Change the settings.")
    private boolean alter;
  }

  @Override
  public Integer call() {
    ConfigResource resource = resource();
    try (ClientSession session = ClientSession.open(connection)) {
      if (action.alter) {
        alter(session, resource);
      } else if (action.describe) {
        describe(session, resource);
      }
    }
    return ExitCode.OK;
  }

  private ConfigResource resource() {
    String topicName = topic == null && entityType == EntityType.TOPICS ? entityName : topic;
    String brokerName = broker == null && entityType == EntityType.BROKERS ? entityName : broker;
    if ((topicName == null) == (brokerName == null)) {
      throw new ToolException(ExitCode.USAGE, "name one topic (--topic) or one broker (--broker)");
    }
    return topicName != null
        ? new ConfigResource(ConfigResource.Type.TOPIC, topicName)
        : new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(brokerName));
  }

  private void alter(ClientSession session, ConfigResource resource) {
    List<AlterConfigOp> operations = new ArrayList<>();
    additions.forEach(
        (key, value) ->
            operations.add(
                new AlterConfigOp(
                    new ConfigEntry(key, unbracketed(value)), AlterConfigOp.OpType.SET)));
    deletions.forEach(
        key ->
            operations.add(
                new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE)));
    if (operations.isEmpty()) {
      throw new ToolException(ExitCode.USAGE, "--alter needs --add-config or --delete-config");
    }
    session.await(session.admin().incrementalAlterConfig(resource, operations));
    out().printf("Changed the settings of %s.%n", resource.name());
  }

  private static String unbracketed(String value) {
    return value.startsWith("[") && value.endsWith("]")
        ? value.substring(1, value.length() - 1)
        : value;
  }

  private void describe(ClientSession session, ConfigResource resource) {
    Config config = session.await(session.admin().describeConfig(resource));
    List<ConfigEntry> entries =
        config.entries().stream()
            .filter(entry -> all || !entry.isDefault())
            .sorted(Comparator.comparing(ConfigEntry::name))
            .toList();
    if (format.json()) {
      JsonOutput.writeArray(
          out(),
          json -> {
            for (ConfigEntry entry : entries) {
              json.writeStartObject();
              json.writeStringField("name", entry.name());
              json.writeStringField("value", entry.value());
              json.writeStringField("source", entry.source().name());
              json.writeBooleanField("readOnly", entry.isReadOnly());
              json.writeEndObject();
            }
          });
      return;
    }
    if (entries.isEmpty()) {
      out().printf("%s sets nothing of its own; --all shows the defaults.%n", resource.name());
    }
    entries.forEach(
        entry -> out().printf("%s=%s (%s)%n", entry.name(), entry.value(), entry.source()));
  }
}
