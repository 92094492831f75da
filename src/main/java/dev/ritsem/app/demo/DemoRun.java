package dev.ritsem.app.demo;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import dev.ritsem.app.tool.ToolActorSystem;
import dev.ritsem.client.Consumer;
import dev.ritsem.client.ConsumerSettings;
import dev.ritsem.client.Producer;
import dev.ritsem.client.ProducerMessage;
import dev.ritsem.client.ProducerSettings;
import dev.ritsem.client.StartAt;
import dev.ritsem.client.Subscriptions;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Streams the files in, and at the same time out again. */
final class DemoRun {
  private static final long LATENCY_MAX_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final int LATENCY_DIGITS = 3;

  /** Enough to keep every partition busy; more would only let records wait before they are sent. */
  private static final long WRITER_BUFFER_BYTES = 1L << 20;

  private final DemoNode node;
  private final FileChunks chunks;

  DemoRun(DemoNode node, FileChunks chunks) {
    this.node = node;
    this.chunks = chunks;
  }

  /**
   * What happened.
   *
   * @param records pieces and ends of files, as read back
   * @param bytes of the files, as read back
   * @param writeNanos from the first record to the last acknowledgement
   * @param readNanos from the first record's sending to the last one's reading
   * @param ackLatency from handing a record to the sink to its acknowledgement, in ns
   * @param readLatency from handing a record to the sink to its reading, in ns
   * @param faults what is wrong; empty if all came back as it was
   */
  record Result(
      long records,
      long bytes,
      long writeNanos,
      long readNanos,
      Histogram ackLatency,
      Histogram readLatency,
      List<String> faults) {}

  Result stream() throws InterruptedException, ExecutionException, TimeoutException {
    Histogram ackLatency = new Histogram(LATENCY_MAX_NANOS, LATENCY_DIGITS);
    Histogram readLatency = new Histogram(LATENCY_MAX_NANOS, LATENCY_DIGITS);
    FileReassembly reassembly = new FileReassembly(readLatency);
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "demo", ToolActorSystem.config());
    try {
      long start = System.nanoTime();
      CompletionStage<Long> written = write(system, ackLatency);
      CompletionStage<Long> read = read(system, reassembly);
      long writtenAt = written.toCompletableFuture().get();
      long readAt = read.toCompletableFuture().get();
      return new Result(
          reassembly.records(),
          reassembly.bytes(),
          writtenAt - start,
          readAt - start,
          ackLatency,
          readLatency,
          reassembly.faults(chunks.digests()));
    } finally {
      ToolActorSystem.stop(system);
    }
  }

  /** Completes with the time of the last acknowledgement. */
  private CompletionStage<Long> write(ActorSystem<Void> system, Histogram latency) {
    ProducerSettings<byte[], byte[]> settings =
        ProducerSettings.create(new ByteArraySerializer(), new ByteArraySerializer())
            .withBootstrapServers(node.bootstrap())
            .withBufferMemory(WRITER_BUFFER_BYTES)
            .withClientId("demo-writer");
    return chunks
        .source()
        .map(piece -> ProducerMessage.of(piece.toRecord(DemoNode.TOPIC), piece.sentNanos()))
        .via(Producer.flow(settings))
        .toMat(
            Sink.foreach(
                result -> latency.recordValue(bounded(System.nanoTime() - result.passThrough()))),
            Keep.right())
        .run(system)
        .thenApply(done -> System.nanoTime());
  }

  /** Completes with the time at which the last file was whole again. */
  private CompletionStage<Long> read(ActorSystem<Void> system, FileReassembly reassembly) {
    ConsumerSettings<byte[], byte[]> settings =
        ConsumerSettings.create(new ByteArrayDeserializer(), new ByteArrayDeserializer())
            .withBootstrapServers(node.bootstrap())
            .withClientId("demo-reader");
    return Consumer.plainSource(
            settings, Subscriptions.topics(DemoNode.TOPIC).startingAt(StartAt.earliest()))
        .map(
            record -> {
              reassembly.accept(ChunkRecord.of(record), System.nanoTime());
              return reassembly.completed();
            })
        .takeWhile(completed -> completed < chunks.count(), true)
        .runWith(Sink.ignore(), system)
        .thenApply(done -> System.nanoTime());
  }

  private static long bounded(long nanos) {
    return Math.min(Math.max(0, nanos), LATENCY_MAX_NANOS);
  }
}
