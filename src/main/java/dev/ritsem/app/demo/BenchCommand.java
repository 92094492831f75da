package dev.ritsem.app.demo;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import ch.qos.logback.classic.Level;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.FormatOption;
import dev.ritsem.app.tool.JsonOutput;
import dev.ritsem.app.tool.Latencies;
import dev.ritsem.app.tool.LogOutput;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.app.tool.ToolActorSystem;
import dev.ritsem.app.tool.ToolException;
import dev.ritsem.client.Consumer;
import dev.ritsem.client.ConsumerSettings;
import dev.ritsem.client.Producer;
import dev.ritsem.client.ProducerMessage;
import dev.ritsem.client.ProducerSettings;
import dev.ritsem.client.StartAt;
import dev.ritsem.client.StopAt;
import dev.ritsem.client.Subscriptions;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures one node through the streams API: first writing, then reading the same records. */
@Command(
    name = "bench",
    description = "Write records as fast as they are taken, read them again, and tell the rates.",
    footer = {
      "",
      "Without --bootstrap-server it runs a node of its own in the same process, on a free port,",
      "with temporary data.",
      "",
      "More of it:",
      "  ritsem bench compare [ARGUMENTS]   this node beside Apache Kafka, in turns",
      "  ritsem bench jmh [ARGUMENTS]       the microbenchmarks",
      "",
      "Examples:",
      "  ritsem bench --records 500000 --record-size 1024",
      "  ritsem bench --bootstrap-server localhost:9092 --acks 1 --compression-type lz4",
      "",
      "Exit codes: 0 every record was acknowledged and read; 1 one was not; 5 no broker answered."
    })
public final class BenchCommand extends RitsemCommand {
  private static final double MB = 1024 * 1024;
  private static final long LATENCY_MAX_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int LATENCY_DIGITS = 3;

  /** Enough to keep every partition busy; more would only let records wait before they are sent. */
  private static final long WRITER_BUFFER_BYTES = 4L << 20;

  private static final long PAYLOAD_SEED = 20_261_120L;
  private static final int PAYLOADS = 256;

  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "Measure this cluster instead of a node of its own.")
  private @Nullable String servers;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      defaultValue = DemoNode.TOPIC,
      description = "The topic; it should be new, for everything in it is read (default: demo).")
  private String topic = DemoNode.TOPIC;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "500000",
      description = "How many records (default: 500000).")
  private int records = 500_000;

  @Option(
      names = "--record-size",
      paramLabel = "BYTES",
      defaultValue = "1024",
      description = "Bytes of a value (default: 1024).")
  private int recordBytes = 1024;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "6",
      description = "Partitions, of a node of its own (default: 6).")
  private int partitions = 6;

  @Option(
      names = "--acks",
      paramLabel = "all|1",
      defaultValue = "all",
      description = "Who has to have a record before it counts (default: all).")
  private String acks = "all";

  @Option(
      names = "--compression-type",
      paramLabel = "none|gzip|snappy|lz4|zstd",
      defaultValue = "none",
      description = "How batches are compressed (default: none).")
  private String compression = "none";

  /** What one direction came to. */
  private record Pass(long records, long nanos, Histogram latency) {}

  @Override
  public Integer call() throws Exception {
    if (records < 1 || recordBytes < 0 || recordBytes > DemoNode.CHUNK_BYTES_MAX) {
      throw new ToolException(
          ExitCode.USAGE,
          "--records must be at least 1, and --record-size at most " + DemoNode.CHUNK_BYTES_MAX);
    }
    LogOutput.toConsole(Level.WARN);
    String named = servers;
    if (named != null) {
      return run(named);
    }
    try (DemoNode node = DemoNode.start(null, partitions)) {
      return run(node.bootstrap());
    }
  }

  private int run(String bootstrap) throws InterruptedException, ExecutionException {
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "bench", ToolActorSystem.config());
    try {
      Pass written = write(system, bootstrap);
      tell("written", written);
      Pass read = read(system, bootstrap);
      tell("read", read);
      if (format.json()) {
        writeJson(written, read);
      }
      return read.records() == records ? ExitCode.OK : ExitCode.FAILED;
    } finally {
      ToolActorSystem.stop(system);
    }
  }

  private Pass write(ActorSystem<Void> system, String bootstrap)
      throws InterruptedException, ExecutionException {
    byte[][] payloads = payloads();
    Histogram latency = new Histogram(LATENCY_MAX_NANOS, LATENCY_DIGITS);
    ProducerSettings<byte[], byte[]> settings =
        ProducerSettings.create(new ByteArraySerializer(), new ByteArraySerializer())
            .withBootstrapServers(bootstrap)
            .withBufferMemory(WRITER_BUFFER_BYTES)
            .withAcks(acks)
            .withCompressionType(compression);
    long start = System.nanoTime();
    Source.range(1, records)
        .map(
            number ->
                ProducerMessage.of(
                    new ProducerRecord<byte[], byte[]>(topic, payloads[number % PAYLOADS]),
                    System.nanoTime()))
        .via(Producer.flow(settings))
        .toMat(
            Sink.foreach(
                result ->
                    latency.recordValue(
                        Math.min(System.nanoTime() - result.passThrough(), LATENCY_MAX_NANOS))),
            Keep.right())
        .run(system)
        .toCompletableFuture()
        .get();
    return new Pass(latency.getTotalCount(), System.nanoTime() - start, latency);
  }

  private Pass read(ActorSystem<Void> system, String bootstrap)
      throws InterruptedException, ExecutionException {
    ConsumerSettings<byte[], byte[]> settings =
        ConsumerSettings.create(new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .withBootstrapServers(bootstrap);
    long start = System.nanoTime();
    long count =
        Consumer.plainSource(
                settings,
                Subscriptions.topics(topic)
                    .startingAt(StartAt.earliest())
                    .stoppingAt(StopAt.endAsOfNow()))
            .runWith(Sink.fold(0L, (seen, record) -> seen + 1), system)
            .toCompletableFuture()
            .get();
    return new Pass(
        count, System.nanoTime() - start, new Histogram(LATENCY_MAX_NANOS, LATENCY_DIGITS));
  }

  private void tell(String what, Pass pass) {
    if (format.json()) {
      return;
    }
    out()
        .printf(
            Locale.ROOT,
            "%-8s %,d records in %.2f s: %,.0f records/s, %.1f MB/s%s%n",
            what,
            pass.records(),
            pass.nanos() / 1e9,
            rate(pass),
            rate(pass) * recordBytes / MB,
            pass.latency().getTotalCount() == 0
                ? ""
                : "; to the acknowledgement " + Latencies.line(pass.latency()));
    out().flush();
  }

  private void writeJson(Pass written, Pass read) {
    JsonOutput.writeObject(
        out(),
        json -> {
          json.writeNumberField("records", records);
          json.writeNumberField("recordBytes", recordBytes);
          json.writeNumberField("writtenPerSecond", Math.round(rate(written)));
          json.writeNumberField("ackP50Micros", written.latency().getValueAtPercentile(50) / 1000);
          json.writeNumberField("ackP99Micros", written.latency().getValueAtPercentile(99) / 1000);
          json.writeNumberField("read", read.records());
          json.writeNumberField("readPerSecond", Math.round(rate(read)));
        });
  }

  private static double rate(Pass pass) {
    return pass.records() / (Math.max(1, pass.nanos()) / 1e9);
  }

  // Half random, half text-like, so that compression has something to do and is not flattered.
  private byte[][] payloads() {
    Random random = new Random(PAYLOAD_SEED);
    byte[][] payloads = new byte[PAYLOADS][recordBytes];
    for (byte[] payload : payloads) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] = (byte) (i % 2 == 0 ? random.nextInt() : 'a' + i % 16);
      }
    }
    return payloads;
  }
}
