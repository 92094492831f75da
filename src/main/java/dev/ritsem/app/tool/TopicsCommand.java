package dev.ritsem.app.tool;

import dev.ritsem.client.Admin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Creates, lists, describes, extends and deletes topics; option names are those of Kafka's tool.
 */
@Command(
    name = "topics",
    description = "Create, list, describe, extend and delete topics.",
    footer = {
      "",
      "Examples:",
      "  ritsem topics --list",
      "  ritsem topics --create --topic rides --partitions 3 --config retention.ms=86400000",
      "  ritsem topics --describe --topic rides --format json",
      "  ritsem topics --alter --topic rides --partitions 6",
      "  ritsem topics --delete --topic rides",
      "",
      "Exit codes: 0 done; 1 refused; 2 wrong usage; 5 no broker answered."
    })
public final class TopicsCommand extends RitsemCommand {
  @ArgGroup(multiplicity = "1", exclusive = true)
  private Action action = new Action();

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private FormatOption format = new FormatOption();

  @Option(names = "--topic", paramLabel = "NAME", description = "The topic; for --list: only it.")
  private @Nullable String topic;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "How many partitions it gets, or with --alter, has then.")
  private @Nullable Integer partitions;

  @Option(
      names = "--replication-factor",
      paramLabel = "N",
      description = "How many replicas each partition gets.")
  private @Nullable Short replicationFactor;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "A setting of the new topic. May be repeated.")
  private Map<String, String> configs = new LinkedHashMap<>();

  @Option(names = "--if-not-exists", description = "With --create: it may exist already.")
  private boolean ifNotExists;

  @Option(
      names = "--if-exists",
      description = "With --alter, --delete and --describe: it need not exist.")
  private boolean ifExists;

  @Option(names = "--exclude-internal", description = "Leave out internal topics.")
  private boolean excludeInternal;

  static final class Action {
    @Option(names = "--create", description = "Create the topic.")
    private boolean create;

    @Option(names = "--list", description = "List the topics' names.")
    private boolean list;

    @Option(names = "--describe", description = "Show partitions, leaders, replicas and settings.")
    private boolean describe;

    @Option(names = "--alter", description = "Add partitions.")
    private boolean alter;

    @Option(names = "--delete", description = "Delete the topic and all that is in it.")
    private boolean delete;
  }

  @Override
  public Integer call() {
    try (ClientSession session = ClientSession.open(connection)) {
      if (action.create) {
        create(session);
      } else if (action.list) {
        list(session);
      } else if (action.describe) {
        describe(session);
      } else if (action.alter) {
        alter(session);
      } else if (action.delete) {
        delete(session);
      }
    }
    return ExitCode.OK;
  }

  private void create(ClientSession session) {
    NewTopic wanted =
        new NewTopic(
            named(), Optional.ofNullable(partitions), Optional.ofNullable(replicationFactor));
    wanted.configs(configs);
    try {
      session.await(session.admin().createTopic(wanted));
      out().printf("Created topic %s.%n", named());
    } catch (TopicExistsException e) {
      if (!ifNotExists) {
        throw e;
      }
      out().printf("Topic %s exists already.%n", named());
    }
  }

  private void list(ClientSession session) {
    List<TopicListing> topics = listings(session);
    if (format.json()) {
      JsonOutput.writeArray(
          out(),
          json -> {
            for (TopicListing listing : topics) {
              json.writeStartObject();
              json.writeStringField("topic", listing.name());
              json.writeStringField("topicId", listing.topicId().toString());
              json.writeBooleanField("internal", listing.isInternal());
              json.writeEndObject();
            }
          });
    } else {
      topics.forEach(listing -> out().println(listing.name()));
    }
  }

  private List<TopicListing> listings(ClientSession session) {
    return session.await(session.admin().listTopics()).stream()
        .filter(listing -> topic == null || listing.name().equals(topic))
        .filter(listing -> !excludeInternal || !listing.isInternal())
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .toList();
  }

  private void describe(ClientSession session) {
    Admin admin = session.admin();
    List<String> names =
        topic == null
            ? listings(session).stream().map(TopicListing::name).toList()
            : List.of(topic);
    List<TopicReport> reports = new ArrayList<>();
    for (String name : names) {
      try {
        reports.add(
            TopicReport.of(
                session.await(admin.describeTopic(name)),
                session.await(admin.describeConfig(TopicReport.resource(name)))));
      } catch (UnknownTopicOrPartitionException e) {
        if (!ifExists) {
          throw unknown(name, e);
        }
      }
    }
    if (format.json()) {
      JsonOutput.writeArray(
          out(),
          json -> {
            for (TopicReport report : reports) {
              report.write(json);
            }
          });
    } else {
      reports.forEach(report -> report.print(out()));
    }
  }

  private void alter(ClientSession session) {
    Integer total = partitions;
    if (total == null) {
      throw new ToolException(
          ExitCode.USAGE,
          "--alter needs --partitions; settings of a topic are changed by: ritsem configs");
    }
    try {
      session.await(session.admin().createPartitions(named(), total));
      out().printf("Topic %s has %d partitions.%n", named(), total);
    } catch (UnknownTopicOrPartitionException e) {
      if (!ifExists) {
        throw unknown(named(), e);
      }
    }
  }

  private void delete(ClientSession session) {
    try {
      session.await(session.admin().deleteTopic(named()));
      out().printf("Deleted topic %s.%n", named());
    } catch (UnknownTopicOrPartitionException e) {
      if (!ifExists) {
        throw unknown(named(), e);
      }
    }
  }

  private String named() {
    if (topic == null) {
      throw new ToolException(ExitCode.USAGE, "--topic is needed");
    }
    return topic;
  }

  private static ToolException unknown(String topic, Exception cause) {
    return new ToolException(ExitCode.FAILED, "there is no topic '" + topic + "'", cause);
  }
}
