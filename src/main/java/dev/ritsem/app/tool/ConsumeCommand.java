package dev.ritsem.app.tool;

import akka.Done;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.ritsem.client.Consumer;
import dev.ritsem.client.ConsumerSettings;
import dev.ritsem.client.Control;
import dev.ritsem.client.StartAt;
import dev.ritsem.client.StopAt;
import dev.ritsem.client.Subscription;
import dev.ritsem.client.Subscriptions;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints records; option names are those of Kafka's console consumer. */
@Command(
    name = "consume",
    description = "Print the records of a topic, from now on or from where you say.",
    footer = {
      "",
      "Properties: print.key, print.value, print.timestamp, print.partition, print.offset,",
      "print.headers (true or false), key.separator, line.separator, headers.separator,",
      "null.literal. Ctrl-C ends a consumer that has no other end.",
      "",
      "Examples:",
      "  ritsem consume --topic rides --from-beginning --max-messages 10",
      "  ritsem consume --topic rides --partition 0 --offset 42 --property print.key=true",
      "  ritsem consume --topic rides --from-time 2026-11-20T08:00:00Z --until-end --format json",
      "",
      "Exit codes: 0 as many as asked for were read; 1 failed; 5 no broker answered."
    })
public final class ConsumeCommand extends RitsemCommand {
  private final Console console;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Mixin private FormatOption format = new FormatOption();

  @Option(names = "--topic", paramLabel = "NAME", required = true, description = "From where.")
  private String topic = "";

  @Option(names = "--from-beginning", description = "Start with the oldest record.")
  private boolean fromBeginning;

  @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
  private @Nullable Integer partition;

  @Option(
      names = "--offset",
      paramLabel = "N|earliest|latest",
      description = "Start there; a number needs --partition.")
  private @Nullable String offset;

  @Option(
      names = "--from-time",
      paramLabel = "TIME",
      description = "Start with the first record not older: 2026-11-20T08:00:00Z or milliseconds.")
  private @Nullable String fromTime;

  @Option(names = "--until-end", description = "Stop at the end that there is at the start.")
  private boolean untilEnd;

  @Option(names = "--max-messages", paramLabel = "N", description = "Stop after so many records.")
  private @Nullable Long maxMessages;

  @Option(
      names = "--timeout-ms",
      paramLabel = "MS",
      description = "Stop when no record has come for so long.")
  private @Nullable Long idleTimeoutMs;

  @Option(
      names = {"--property", "--formatter-property"},
      paramLabel = "KEY=VALUE",
      description = "How records are printed; see below.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = {"--consumer-property", "--command-property"},
      paramLabel = "KEY=VALUE",
      description = "A setting of the consumer, for instance fetch.max.wait.ms=100.")
  private Map<String, String> consumerProperties = new LinkedHashMap<>();

  public ConsumeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RecordFormat recordFormat = new RecordFormat(properties, format.json());
    Subscription subscription = subscription();
    OutputStream out = console.out();
    long[] records = {0};
    try (ClientSession session = ClientSession.open(connection)) {
      Source<ConsumerRecord<byte[], byte[]>, Control> source =
          Consumer.plainSource(settings(session), subscription);
      if (maxMessages != null) {
        source = source.take(maxMessages);
      }
      if (idleTimeoutMs != null) {
        source =
            source
                .idleTimeout(Duration.ofMillis(idleTimeoutMs))
                .recoverWithRetries(1, TimeoutException.class, Source::empty);
      }
      CompletionStage<Done> done =
          source
              .toMat(
                  Sink.foreach(
                      record -> {
                        recordFormat.write(record, out);
                        records[0]++;
                        if (maxMessages == null && !untilEnd) {
                          out.flush();
                        }
                      }),
                  Keep.right())
              .run(session.system());
      session.awaitStream(done);
      out.flush();
    } catch (IOException e) {
      throw new ToolException(ExitCode.FAILED, "cannot write the records: " + e.getMessage(), e);
    }
    err().printf("Processed a total of %d messages%n", records[0]);
    return ExitCode.OK;
  }

  private ConsumerSettings<byte[], byte[]> settings(ClientSession session) {
    Map<String, String> values = new LinkedHashMap<>(session.properties());
    values.putAll(consumerProperties);
    return ConsumerSettings.create(
        values, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private Subscription subscription() {
    Integer only = partition;
    Subscription all =
        only == null
            ? Subscriptions.topics(topic)
            : Subscriptions.assignment(new TopicPartition(topic, only));
    Subscription started = all.startingAt(start());
    return untilEnd ? started.stoppingAt(StopAt.endAsOfNow()) : started;
  }

  private StartAt start() {
    String from = offset;
    if (from != null) {
      return switch (from) {
        case "earliest" -> StartAt.earliest();
        case "latest" -> StartAt.latest();
        default -> StartAt.offset(number(from));
      };
    }
    if (fromTime != null) {
      return StartAt.timestamp(time(fromTime));
    }
    return fromBeginning ? StartAt.earliest() : StartAt.latest();
  }

  private long number(String text) {
    if (partition == null) {
      throw new ToolException(ExitCode.USAGE, "--offset with a number needs --partition");
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ToolException(
          ExitCode.USAGE, "--offset is a number, earliest or latest, and not '" + text + "'", e);
    }
  }

  private static long time(String text) {
    try {
      return text.chars().allMatch(Character::isDigit)
          ? Long.parseLong(text)
          : Instant.parse(text).toEpochMilli();
    } catch (NumberFormatException | DateTimeParseException e) {
      throw new ToolException(
          ExitCode.USAGE,
          "--from-time is like 2026-11-20T08:00:00Z or milliseconds, and not '" + text + "'",
          e);
    }
  }
}
