package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.client.cluster.BrokersUnavailableException;
import dev.ritsem.client.transport.ConnectionEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What streams do when connections break, hang or cannot be made. */
class ConnectionTroubleTest {
  private static final long WAIT_SECONDS = 30;

  private ActorSystem system;
  private FakeBroker broker;

  @BeforeEach
  void start() throws IOException {
    system =
        ActorSystem.create(
            "trouble",
            ConfigFactory.parseString("akka.loglevel = OFF, akka.stdout-loglevel = OFF")
                .withFallback(ConfigFactory.load()));
    broker = new FakeBroker();
    broker.cluster().createTopic("t", 3);
  }

  @AfterEach
  void stop() throws Exception {
    broker.close();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private ProducerSettings<String, String> producing() {
    return ProducerSettings.create(new StringSerializer(), new StringSerializer())
        .withBootstrapServers(broker.servers())
        .with(ProducerKeys.BATCH_SIZE, 500);
  }

  private ConsumerSettings<String, String> consuming() {
    return ConsumerSettings.create(new StringDeserializer(), new StringDeserializer())
        .withBootstrapServers(broker.servers());
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void cut_connections_lose_and_repeat_nothing() throws Exception {
    int count = 20_000;
    var sent =
        Source.range(0, count - 1)
            .map(i -> new ProducerRecord<String, String>("t", 0, null, "v" + i))
            .wireTap(
                record -> {
                  if (record.value().endsWith("777")) {
                    broker.cutConnections();
                  }
                })
            .runWith(Producer.sink(producing()), system);
    var read =
        Consumer.plainSource(consuming(), Subscriptions.topics("t").startingAt(StartAt.earliest()))
            .map(ConsumerRecord::value)
            .take(count)
            .runWith(Sink.<String>seq(), system);

    get(sent);
    List<String> values = get(read);
    assertThat(new HashSet<>(values)).hasSize(count);
    assertThat(values)
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> "v" + i).toList());
  }

  @Test
  void a_broker_that_stops_answering_is_left_and_asked_again() throws Exception {
    broker.silent(true);
    Queue<ConnectionEvent> events = new ConcurrentLinkedQueue<>();
    var sent =
        Source.single(new ProducerRecord<String, String>("t", "v"))
            .runWith(
                Producer.sink(
                    producing()
                        .with(ConnectionKeys.REQUEST_TIMEOUT_MS, 200)
                        .withConnectionListener(events::add)),
                system);
    while (events.stream().noneMatch(ConnectionEvent.ConnectFailed.class::isInstance)) {
      Thread.onSpinWait();
    }
    broker.silent(false);

    get(sent);
    assertThat(events).anyMatch(ConnectionEvent.Connected.class::isInstance);
  }

  @Test
  void streams_without_a_broker_fail_in_time_and_name_what_was_tried() throws Exception {
    int port;
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = nobody.getLocalPort();
    }
    String nowhere = "127.0.0.1:" + port;

    assertThatThrownBy(
            () ->
                get(
                    Source.single(new ProducerRecord<String, String>("t", "v"))
                        .runWith(
                            Producer.sink(
                                producing()
                                    .withBootstrapServers(nowhere)
                                    .with(ConnectionKeys.BROKER_UNAVAILABLE_MAX_MS, 300L)),
                            system)))
        .cause()
        .isInstanceOf(BrokersUnavailableException.class)
        .hasMessageContaining(nowhere)
        .hasMessageContaining("refused");
    assertThatThrownBy(
            () ->
                get(
                    Consumer.plainSource(
                            consuming()
                                .withBootstrapServers(nowhere)
                                .with(ConnectionKeys.BROKER_UNAVAILABLE_MAX_MS, 300L),
                            Subscriptions.topics("t"))
                        .runWith(Sink.ignore(), system)))
        .cause()
        .isInstanceOf(BrokersUnavailableException.class)
        .hasMessageContaining(nowhere);
  }

  @Test
  void a_damaged_batch_fails_the_stream_and_is_named() throws Exception {
    TopicPartition partition = new TopicPartition("t", 1);
    get(
        Source.single(new ProducerRecord<String, String>("t", 1, null, "v"))
            .runWith(Producer.sink(producing()), system));
    ByteBuffer stored = broker.cluster().partition(partition).batches.get(0);
    int last = stored.limit() - 1;
    stored.put(last, (byte) ~stored.get(last));

    assertThatThrownBy(
            () ->
                get(
                    Consumer.plainSource(
                            consuming(), Subscriptions.assignmentWithOffset(partition, 0))
                        .runWith(Sink.ignore(), system)))
        .cause()
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("t-1 at offset 0")
        .hasMessageContaining("checksum");
  }

  @Test
  void a_stalled_stream_holds_no_more_than_its_credit() throws Exception {
    String value = "x".repeat(1_000);
    get(
        Source.range(0, 4_999)
            .map(i -> new ProducerRecord<String, String>("t", i % 3, null, value))
            .runWith(Producer.sink(producing().withBatchSize(16_384)), system));
    long credit = 500_000;
    var running =
        Consumer.plainSource(
                consuming().withPrefetchBytes(credit),
                Subscriptions.topics("t").startingAt(StartAt.earliest()))
            .toMat(Sink.<ConsumerRecord<String, String>>queue(), Keep.both())
            .run(system);
    assertThat(get(running.second().pull())).isPresent();
    long before = -1;
    ConsumerMetrics now = get(running.first().metrics());
    while (now.fetches() != before) {
      before = now.fetches();
      now =
          get(
              akka.pattern.Patterns.after(
                  java.time.Duration.ofMillis(100),
                  system.scheduler(),
                  system.dispatcher(),
                  () -> running.first().metrics()));
    }

    assertThat(now.bytesBuffered()).isBetween(1L, credit + 20_000);
    for (int i = 1; i < 5_000; i++) {
      assertThat(get(running.second().pull())).isPresent();
    }
    get(running.first().shutdown());
  }
}
