package dev.ritsem.client;

import akka.actor.ActorSystem;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.app.RitsemNode;
import dev.ritsem.client.transport.Connector;
import dev.ritsem.client.transport.InProcessConnector;
import dev.ritsem.client.transport.TcpConnector;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What the tests of the API run against: a broker in memory and a real node, each to be reached
 * over TCP and in-process, and an actor system for the streams.
 */
final class TestCluster {
  private static final long WAIT_SECONDS = 60;

  /** A broker and the way to it. */
  enum Way {
    FAKE_TCP,
    FAKE_IN_PROCESS,
    NODE_TCP,
    NODE_IN_PROCESS;

    boolean isFake() {
      return this == FAKE_TCP || this == FAKE_IN_PROCESS;
    }
  }

  private final ActorSystem system;
  private final FakeBroker fake;
  private final RitsemNode node;
  private final AtomicInteger topics = new AtomicInteger();

  TestCluster(Path directory) throws Exception {
    system =
        ActorSystem.create(
            "streams",
            ConfigFactory.parseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
                .withFallback(ConfigFactory.load()));
    fake = new FakeBroker();
    node =
        get(
            RitsemNode.start(
                DeclaredSettings.of(
                    Map.of(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:0",
                        "log.dirs",
                        directory.toString(),
                        "auto.create.topics.enable",
                        "false"))));
  }

  ActorSystem system() {
    return system;
  }

  RitsemNode node() {
    return node;
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  /** A new topic at the broker of this way. */
  String createTopic(Way way, int partitions) throws Exception {
    String name = "t" + topics.incrementAndGet();
    if (way.isFake()) {
      synchronized (fake.cluster()) {
        fake.cluster().createTopic(name, partitions);
      }
    } else {
      try (Admin admin = admin(way)) {
        get(admin.createTopic(new NewTopic(name, partitions, (short) 1)));
      }
    }
    return name;
  }

  Admin admin(Way way) {
    return Admin.create(AdminSettings.create().withConnector(connector(way)), system);
  }

  Connector connector(Way way) {
    return switch (way) {
      case FAKE_TCP -> TcpConnector.plaintext(fake.servers());
      case FAKE_IN_PROCESS -> new InProcessConnector(fake);
      case NODE_TCP -> TcpConnector.plaintext(node.bootstrapServers());
      case NODE_IN_PROCESS -> node.inProcess();
    };
  }

  ProducerSettings<String, String> producing(Way way) {
    return ProducerSettings.create(new StringSerializer(), new StringSerializer())
        .withConnector(connector(way));
  }

  ConsumerSettings<String, String> consuming(Way way) {
    return ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
        .withConnector(connector(way));
  }

  /** Stops everything. */
  void close() throws Exception {
    fake.close();
    get(node.stop());
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
