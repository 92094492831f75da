package dev.ritsem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.ritsem.client.Consumer;
import dev.ritsem.client.ConsumerSettings;
import dev.ritsem.client.Producer;
import dev.ritsem.client.ProducerSettings;
import dev.ritsem.client.StartAt;
import dev.ritsem.client.StopAt;
import dev.ritsem.client.Subscriptions;
import dev.ritsem.config.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node as a program embeds it, used by Kafka's own clients. */
@Timeout(120)
class RitsemNodeTest {
  private static final String TOPIC = "rides";
  private static final int RECORDS = 500;

  @TempDir Path data;

  @Test
  void kafkasClientsWriteAndReadAndTheRecordsSurviveARestart() throws Exception {
    RitsemNode first = start(Map.of());
    produce(first);
    assertThat(consume(first)).isEqualTo(expected());
    stop(first);

    RitsemNode second = start(Map.of());
    assertThat(consume(second)).isEqualTo(expected());
    assertThat(second.clusterId()).isEqualTo(first.clusterId());
    stop(second);
  }

  @Test
  void nothingIsLeftAfterAStop() throws Exception {
    RitsemNode node = start(Map.of());
    int port = node.boundEndpoints().get(0).port();
    produce(node);
    assertThat(nodeThreads()).isNotEmpty();

    stop(node);

    assertNoNodeThreads();
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
    assertThat(data.resolve(".kafka_cleanshutdown")).exists();
    stop(start(Map.of()));
  }

  @Test
  void clientsAreToldTheRackOfTheNode() throws Exception {
    RitsemNode node = start(Map.of("broker.rack", "north"));

    try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.bootstrapServers()))) {
      assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
          .extracting(Node::rack)
          .containsExactly("north");
    }
    stop(node);
  }

  @Test
  void stoppingTwiceIsStoppingOnce() throws Exception {
    RitsemNode node = start(Map.of());

    stop(node);
    stop(node);

    assertThat(node.stopped().toCompletableFuture()).isCompleted();
  }

  @Test
  void twoNodesLiveInOneJvm(@TempDir Path otherData) throws Exception {
    RitsemNode one = start(Map.of());
    RitsemNode other = start(Map.of("log.dirs", otherData.toString(), "node.id", "2"));

    produce(one);
    assertThat(other.clusterId()).isNotEqualTo(one.clusterId());
    assertThat(consume(one)).isEqualTo(expected());
    stop(one);
    produce(other);
    assertThat(consume(other)).isEqualTo(expected());
    stop(other);
  }

  @Test
  void aDataDirectoryInUseIsRefusedByName() throws Exception {
    RitsemNode node = start(Map.of());

    assertThatThrownBy(() -> start(Map.of()))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining(data.toString());

    stop(node);
  }

  @Test
  void aPortInUseIsRefusedByNameAndLeavesNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> start(Map.of("listeners", "PLAINTEXT://127.0.0.1:" + taken.getLocalPort())))
          .isInstanceOf(NodeStartException.class)
          .hasMessageContaining(Integer.toString(taken.getLocalPort()));
    }

    assertNoNodeThreads();
    stop(start(Map.of()));
  }

  @Test
  void theDirectoriesOfAnotherNodeAreRefused() throws Exception {
    stop(start(Map.of("node.id", "7")));

    assertThatThrownBy(() -> start(Map.of("node.id", "8")))
        .isInstanceOf(NodeStartException.class)
        .hasMessageContaining("7")
        .hasMessageContaining("8");
  }

  @Test
  void contradictingSettingsStopTheStart() {
    assertThatThrownBy(() -> start(Map.of("node.id", "1", "broker.id", "2")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("broker.id");
    assertNoNodeThreads();
  }

  @Test
  void streamsOfTheSameJvmNeedNoSocket() throws Exception {
    RitsemNode node = start(Map.of());
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "streams");
    try {
      Source.from(expected())
          .map(value -> new ProducerRecord<String, String>(TOPIC, value))
          .runWith(
              Producer.sink(
                  ProducerSettings.create(new StringSerializer(), new StringSerializer())
                      .withConnector(node.inProcess())),
              system)
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
      List<String> values =
          Consumer.plainSource(
                  ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                      .withConnector(node.inProcess()),
                  Subscriptions.topics(TOPIC)
                      .startingAt(StartAt.earliest())
                      .stoppingAt(StopAt.endAsOfNow()))
              .map(ConsumerRecord::value)
              .runWith(Sink.seq(), system)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);

      assertThat(values).isEqualTo(expected());
      assertThat(consume(node)).as("Kafka's own client sees the same").isEqualTo(expected());
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
      stop(node);
    }
  }

  @Test
  void everyListenerGetsAPortAndAnswers() throws Exception {
    RitsemNode node =
        start(
            Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:0,INSIDE://127.0.0.1:0",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT"));

    assertThat(node.boundEndpoints())
        .extracting(RitsemNode.BoundEndpoint::listenerName)
        .containsExactly("PLAINTEXT", "INSIDE");
    for (RitsemNode.BoundEndpoint endpoint : node.boundEndpoints()) {
      try (Socket socket = new Socket(endpoint.host(), endpoint.port())) {
        assertThat(socket.isConnected()).isTrue();
      }
    }
    stop(node);
  }

  @Test
  void aRestartAfterAKillReadsWhatWasFlushed(@TempDir Path copy) throws Exception {
    RitsemNode node = start(Map.of());
    produce(node);
    // A copy of the directory of a running node is what a kill would leave.
    copyTree(data, copy);
    stop(node);

    RitsemNode recovered = start(Map.of("log.dirs", copy.toString()));
    assertThat(consume(recovered)).isEqualTo(expected());
    stop(recovered);
  }

  private RitsemNode start(Map<String, String> values) throws Exception {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("listeners", "PLAINTEXT://127.0.0.1:0");
    all.put("log.dirs", data.toString());
    all.putAll(values);
    try {
      return RitsemNode.start(DeclaredSettings.of(all))
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (ExecutionException | CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void stop(RitsemNode node) throws Exception {
    node.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static List<String> expected() {
    return IntStream.range(0, RECORDS).mapToObj(number -> "ride " + number).toList();
  }

  private static void produce(RitsemNode node) throws Exception {
    Map<String, Object> config =
        Map.of("bootstrap.servers", node.bootstrapServers(), "linger.ms", 1);
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      expected().forEach(value -> sent.add(producer.send(new ProducerRecord<>(TOPIC, value))));
      for (Future<RecordMetadata> acknowledged : sent) {
        acknowledged.get();
      }
    }
  }

  private static List<String> consume(RitsemNode node) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", node.bootstrapServers(), "auto.offset.reset", "earliest");
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
      long end = ends.values().iterator().next();
      List<String> values = new ArrayList<>();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
          values.add(record.value());
        }
      }
      return values;
    }
  }

  // A thread that has told of its end may need a moment more to be gone.
  private static void assertNoNodeThreads() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!nodeThreads().isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(nodeThreads()).isEmpty();
  }

  /** Threads that belong to nodes; those of Kafka's clients and of the JVM do not count. */
  private static Set<String> nodeThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("ritsem"))
        .collect(Collectors.toSet());
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
