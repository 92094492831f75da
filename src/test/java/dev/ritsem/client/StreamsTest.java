package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.client.transport.InProcessConnector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The streams API over each transport, against a broker in memory. */
class StreamsTest {
  private static final long WAIT_SECONDS = 20;

  private ActorSystem system;
  private FakeBroker broker;

  /** The ways to reach a broker. */
  enum Way {
    TCP,
    IN_PROCESS
  }

  @BeforeEach
  void start() throws IOException {
    system =
        ActorSystem.create(
            "streams",
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

  private ProducerSettings<String, String> producing(Way way) {
    ProducerSettings<String, String> settings =
        ProducerSettings.create(new StringSerializer(), new StringSerializer());
    return way == Way.TCP
        ? settings.withBootstrapServers(broker.servers())
        : settings.withConnector(new InProcessConnector(broker));
  }

  private ConsumerSettings<String, String> consuming(Way way) {
    ConsumerSettings<String, String> settings =
        ConsumerSettings.create(new StringDeserializer(), new StringDeserializer());
    return way == Way.TCP
        ? settings.withBootstrapServers(broker.servers())
        : settings.withConnector(new InProcessConnector(broker));
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private static List<ProducerRecord<String, String>> records(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ProducerRecord<>("t", "k" + i % 17, "v" + i))
        .toList();
  }

  private void produce(Way way, int count) throws Exception {
    get(Source.from(records(count)).runWith(Producer.sink(producing(way)), system));
  }

  private Subscription wholeTopic() {
    return Subscriptions.topics("t").startingAt(StartAt.earliest()).stoppingAt(StopAt.endAsOfNow());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void what_a_sink_sent_a_source_reads_in_order_per_key(Way way) throws Exception {
    produce(way, 5_000);

    List<ConsumerRecord<String, String>> read =
        get(
            Consumer.plainSource(consuming(way), wholeTopic())
                .runWith(Sink.<ConsumerRecord<String, String>>seq(), system));

    assertThat(read).hasSize(5_000);
    Map<String, List<Integer>> perKey = new java.util.TreeMap<>();
    read.forEach(
        record ->
            perKey
                .computeIfAbsent(record.key(), any -> new ArrayList<>())
                .add(Integer.parseInt(record.value().substring(1))));
    assertThat(perKey).hasSize(17);
    assertThat(perKey.values()).allSatisfy(numbers -> assertThat(numbers).isSorted());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_flow_tells_partition_and_offset_of_each_record_in_the_order_of_records(Way way)
      throws Exception {
    List<ProducerResult<String, String, Integer>> results =
        get(
            Source.range(0, 999)
                .map(i -> ProducerMessage.of(new ProducerRecord<>("t", "k" + i, "v" + i), i))
                .via(Producer.flow(producing(way)))
                .runWith(Sink.seq(), system));

    assertThat(results)
        .extracting(ProducerResult::passThrough)
        .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    Map<String, String> placed = new java.util.HashMap<>();
    get(
        Consumer.plainSource(consuming(way), wholeTopic())
            .runForeach(
                record -> placed.put(record.partition() + "@" + record.offset(), record.value()),
                system));
    results.forEach(
        result ->
            assertThat(placed)
                .containsEntry(
                    result.partition() + "@" + result.offset(), result.record().value()));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_live_source_from_latest_sees_only_what_comes_later(Way way) throws Exception {
    produce(way, 100);
    var running =
        Consumer.plainSource(consuming(way), Subscriptions.topics("t"))
            .map(ConsumerRecord::value)
            .take(50)
            .toMat(Sink.<String>seq(), Keep.both())
            .run(system);
    get(running.first().positions());

    get(
        Source.range(1, 50)
            .map(i -> new ProducerRecord<String, String>("t", "later" + i))
            .runWith(Producer.sink(producing(way)), system));

    assertThat(get(running.second())).hasSize(50).allMatch(value -> value.startsWith("later"));
    get(running.first().isShutdown());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_source_starts_and_stops_where_it_is_told(Way way) throws Exception {
    TopicPartition first = new TopicPartition("t", 0);
    get(
        Source.range(0, 99)
            .map(i -> new ProducerRecord<String, String>("t", 0, 1_000L + i, null, "v" + i))
            .runWith(Producer.sink(producing(way)), system));

    assertThat(
            values(
                way,
                Subscriptions.assignmentWithOffset(first, 40)
                    .stoppingAt(StopAt.beforeOffsets(Map.of(first, 60L)))))
        .containsExactlyElementsOf(IntStream.range(40, 60).mapToObj(i -> "v" + i).toList());
    assertThat(
            values(
                way,
                Subscriptions.assignmentOffsetsForTimes(first, 1_090)
                    .stoppingAt(StopAt.endAsOfNow())))
        .containsExactlyElementsOf(IntStream.range(90, 100).mapToObj(i -> "v" + i).toList());
    assertThat(
            values(
                way,
                Subscriptions.assignmentWithOffset(first, 0)
                    .stoppingAt(StopAt.beforeTimestamp(1_003))))
        .containsExactly("v0", "v1", "v2");
  }

  private List<String> values(Way way, Subscription subscription) throws Exception {
    return get(
        Consumer.plainSource(consuming(way), subscription)
            .map(ConsumerRecord::value)
            .runWith(Sink.seq(), system));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void draining_gives_the_streams_result_and_ends_the_source(Way way) throws Exception {
    produce(way, 1_000);
    DrainingControl<Integer> control =
        Consumer.plainSource(
                consuming(way), Subscriptions.topics("t").startingAt(StartAt.earliest()))
            .toMat(Sink.fold(0, (sum, record) -> sum + 1), DrainingControl::create)
            .run(system);
    while (get(control.metrics()).records() < 1_000) {
      Thread.onSpinWait();
    }

    assertThat(get(control.drainAndShutdown(system.dispatcher()))).isEqualTo(1_000);
    assertThat(get(control.isShutdown())).isEqualTo(Done.getInstance());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_record_that_cannot_be_deserialised_fails_the_stream_and_is_named(Way way)
      throws Exception {
    TopicPartition first = new TopicPartition("t", 0);
    get(
        Source.single(new ProducerRecord<String, String>("t", 0, null, "not a number"))
            .runWith(Producer.sink(producing(way)), system));
    ConsumerSettings<String, Integer> settings =
        ConsumerSettings.create(new StringDeserializer(), new IntegerDeserializer())
            .withConnector(consuming(way).connector());

    assertThatThrownBy(
            () ->
                get(
                    Consumer.plainSource(settings, Subscriptions.assignmentWithOffset(first, 0))
                        .runWith(Sink.ignore(), system)))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RecordDeserializationException.class)
        .hasMessageContaining("t-0 at offset 0");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_record_that_is_too_large_fails_the_sink(Way way) {
    String large = "x".repeat(2_000_000);

    assertThatThrownBy(
            () ->
                get(
                    Source.single(new ProducerRecord<String, String>("t", large))
                        .runWith(Producer.sink(producing(way)), system)))
        .cause()
        .isInstanceOf(RecordTooLargeException.class);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_topic_that_does_not_exist_fails_the_sink_in_time(Way way) {
    assertThatThrownBy(
            () ->
                get(
                    Source.single(new ProducerRecord<String, String>("missing", "v"))
                        .runWith(
                            Producer.sink(producing(way).with(ProducerKeys.MAX_BLOCK_MS, 200L)),
                            system)))
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("missing");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void records_keep_their_headers_timestamps_and_nulls(Way way) throws Exception {
    ProducerRecord<String, String> sent = new ProducerRecord<>("t", 1, 42L, null, (String) null);
    sent.headers().add("h", "x".getBytes(StandardCharsets.UTF_8)).add("n", null);
    get(Source.single(sent).runWith(Producer.sink(producing(way)), system));

    ConsumerRecord<String, String> read =
        get(
            Consumer.plainSource(consuming(way), wholeTopic())
                .runWith(Sink.<ConsumerRecord<String, String>>head(), system));

    assertThat(read.timestamp()).isEqualTo(42L);
    assertThat(read.key()).isNull();
    assertThat(read.value()).isNull();
    assertThat(read.headers()).isEqualTo(sent.headers());
  }
}
