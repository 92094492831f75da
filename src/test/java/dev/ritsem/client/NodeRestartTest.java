package dev.ritsem.client;

import static dev.ritsem.client.TestCluster.get;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.app.DeclaredSettings;
import dev.ritsem.app.RitsemNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams that run on while their node stops and starts again. */
@Timeout(180)
class NodeRestartTest {
  private static final int RECORDS = 10_000;
  private static final int RESTART_AT = 4_000;

  @TempDir Path directory;

  private CompletionStage<RitsemNode> start(int port) {
    return RitsemNode.start(
        DeclaredSettings.of(
            Map.of(
                "listeners", "PLAINTEXT://127.0.0.1:" + port, "log.dirs", directory.toString())));
  }

  @Test
  void a_restart_of_the_node_loses_and_repeats_nothing_and_ends_no_stream() throws Exception {
    ActorSystem system =
        ActorSystem.create(
            "restart",
            ConfigFactory.parseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
                .withFallback(ConfigFactory.load()));
    RitsemNode node = get(start(0));
    String servers = node.bootstrapServers();
    try (Admin admin = Admin.create(AdminSettings.create().withBootstrapServers(servers), system)) {
      get(admin.createTopic(new NewTopic("t", 1, (short) 1)));
    }
    CountDownLatch reached = new CountDownLatch(1);
    var sent =
        Source.range(0, RECORDS - 1)
            .map(
                i -> {
                  if (i == RESTART_AT) {
                    reached.countDown();
                  }
                  return new ProducerRecord<String, String>("t", "v" + i);
                })
            .throttle(RECORDS / 5, Duration.ofSeconds(1))
            .runWith(
                Producer.sink(
                    ProducerSettings.create(new StringSerializer(), new StringSerializer())
                        .withBootstrapServers(servers)),
                system);
    var read =
        Consumer.plainSource(
                ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
                    .withBootstrapServers(servers),
                Subscriptions.topics("t").startingAt(StartAt.earliest()))
            .map(ConsumerRecord::value)
            .take(RECORDS)
            .toMat(Sink.<String>seq(), Keep.right())
            .run(system);

    assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    int port = node.boundEndpoints().get(0).port();
    get(node.stop());
    RitsemNode again = get(start(port));

    get(sent);
    List<String> values = get(read);
    assertThat(values)
        .containsExactlyElementsOf(IntStream.range(0, RECORDS).mapToObj(i -> "v" + i).toList());
    get(again.stop());
    system.terminate();
    get(system.getWhenTerminated());
  }
}
