package dev.ritsem.app.tool;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import dev.ritsem.client.Producer;
import dev.ritsem.client.ProducerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends lines as records; option names are those of Kafka's console producer. */
@Command(
    name = "produce",
    description = "Send each line of standard input, or of a file, as a record.",
    footer = {
      "",
      "The lines' bytes are sent as they are. Properties: parse.key=true takes the key from before",
      "key.separator (default: a tab); null.marker=TEXT stands for no key or no value;",
      "parse.headers=true takes headers (a:1,b:2) from before headers.delimiter (default: a tab).",
      "",
      "Examples:",
      "  echo 42:hello | ritsem produce --topic rides --property parse.key=true \\",
      "      --property key.separator=:",
      "  ritsem produce --topic lines --file access.log --compression-type zstd",
      "",
      "Exit codes: 0 all records are acknowledged; 1 a record was refused; 5 no broker answered."
    })
public final class ProduceCommand extends RitsemCommand {
  private final Console console;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  @Option(names = "--topic", paramLabel = "NAME", required = true, description = "Where to.")
  private String topic = "";

  @Option(names = "--file", paramLabel = "FILE", description = "Send this file's lines.")
  private @Nullable Path file;

  @Option(names = "--partition", paramLabel = "N", description = "Always this partition.")
  private @Nullable Integer partition;

  @Option(
      names = {"--acks", "--request-required-acks"},
      paramLabel = "all|1|0",
      description = "Who has to have the record before it counts (default: all).")
  private @Nullable String acks;

  @Option(
      names = {"--compression-type", "--compression-codec"},
      paramLabel = "none|gzip|snappy|lz4|zstd",
      description = "How batches are compressed (default: none).")
  private @Nullable String compression;

  @Option(
      names = {"--property", "--reader-property"},
      paramLabel = "KEY=VALUE",
      description = "How lines are read; see below.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = {"--producer-property", "--command-property"},
      paramLabel = "KEY=VALUE",
      description = "A setting of the producer, for instance linger.ms=20.")
  private Map<String, String> producerProperties = new LinkedHashMap<>();

  @Option(names = "--quiet", description = "Do not show progress.")
  private boolean quiet;

  public ProduceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LineFormat format = LineFormat.of(properties);
    try (InputStream input = file == null ? console.in() : Files.newInputStream(file);
        ClientSession session = ClientSession.open(connection);
        Progress progress = progress()) {
      LineReader lines = new LineReader(input);
      LongAdder records = new LongAdder();
      Source<ProducerRecord<byte[], byte[]>, NotUsed> source =
          Source.unfoldResource(() -> lines, LineReader::read, reader -> {})
              .map(
                  line -> {
                    records.increment();
                    progress.add(1, line.length);
                    return format.record(topic, partition, line);
                  });
      CompletionStage<Done> done =
          source.runWith(Producer.sink(settings(session)), session.system());
      session.awaitStream(done);
      progress.finish(records.sum() + " records acknowledged");
    }
    return ExitCode.OK;
  }

  private Progress progress() throws IOException {
    return file == null || quiet ? Progress.silent() : Progress.of(err(), "sent", Files.size(file));
  }

  private ProducerSettings<byte[], byte[]> settings(ClientSession session) {
    Map<String, String> values = new LinkedHashMap<>(session.properties());
    if (acks != null) {
      values.put("acks", acks.equals("-1") ? "all" : acks);
    }
    if (compression != null) {
      values.put("compression.type", compression);
    }
    values.putAll(producerProperties);
    return ProducerSettings.create(values, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
