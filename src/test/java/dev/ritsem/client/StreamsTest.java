package dev.ritsem.client;

import static dev.ritsem.client.TestCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.ritsem.client.TestCluster.Way;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The streams API over each transport, against a broker in memory and against a real node. */
class StreamsTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = new TestCluster(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  private static void produce(Way way, String topic, int count) throws Exception {
    get(
        Source.range(0, count - 1)
            .map(i -> new ProducerRecord<>(topic, "k" + i % 17, "v" + i))
            .runWith(Producer.sink(cluster.producing(way)), cluster.system()));
  }

  private static Subscription whole(String topic) {
    return Subscriptions.topics(topic)
        .startingAt(StartAt.earliest())
        .stoppingAt(StopAt.endAsOfNow());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void what_a_sink_sent_a_source_reads_in_order_per_key(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    produce(way, topic, 5_000);

    List<ConsumerRecord<String, String>> read =
        get(
            Consumer.plainSource(cluster.consuming(way), whole(topic))
                .runWith(Sink.<ConsumerRecord<String, String>>seq(), cluster.system()));

    assertThat(read).hasSize(5_000);
    Map<String, List<Integer>> perKey = new TreeMap<>();
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
    String topic = cluster.createTopic(way, 3);
    List<ProducerResult<String, String, Integer>> results =
        get(
            Source.range(0, 999)
                .map(i -> ProducerMessage.of(new ProducerRecord<>(topic, "k" + i, "v" + i), i))
                .via(Producer.flow(cluster.producing(way)))
                .runWith(Sink.seq(), cluster.system()));

    assertThat(results)
        .extracting(ProducerResult::passThrough)
        .containsExactlyElementsOf(IntStream.range(0, 1_000).boxed().toList());
    Map<String, String> placed = new HashMap<>();
    get(
        Consumer.plainSource(cluster.consuming(way), whole(topic))
            .runForeach(
                record -> placed.put(record.partition() + "@" + record.offset(), record.value()),
                cluster.system()));
    results.forEach(
        result ->
            assertThat(placed)
                .containsEntry(
                    result.partition() + "@" + result.offset(), result.record().value()));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_live_source_from_latest_sees_only_what_comes_later(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    produce(way, topic, 100);
    var running =
        Consumer.plainSource(cluster.consuming(way), Subscriptions.topics(topic))
            .map(ConsumerRecord::value)
            .take(50)
            .toMat(Sink.<String>seq(), Keep.both())
            .run(cluster.system());
    get(running.first().positions());

    get(
        Source.range(1, 50)
            .map(i -> new ProducerRecord<String, String>(topic, "later" + i))
            .runWith(Producer.sink(cluster.producing(way)), cluster.system()));

    assertThat(get(running.second())).hasSize(50).allMatch(value -> value.startsWith("later"));
    get(running.first().isShutdown());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_source_starts_and_stops_where_it_is_told(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    TopicPartition first = new TopicPartition(topic, 0);
    get(
        Source.range(0, 99)
            .map(i -> new ProducerRecord<String, String>(topic, 0, 1_000L + i, null, "v" + i))
            .runWith(Producer.sink(cluster.producing(way)), cluster.system()));

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

  private static List<String> values(Way way, Subscription subscription) throws Exception {
    return get(
        Consumer.plainSource(cluster.consuming(way), subscription)
            .map(ConsumerRecord::value)
            .runWith(Sink.seq(), cluster.system()));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void draining_gives_the_streams_result_and_ends_the_source(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    produce(way, topic, 1_000);
    DrainingControl<Integer> control =
        Consumer.plainSource(
                cluster.consuming(way), Subscriptions.topics(topic).startingAt(StartAt.earliest()))
            .toMat(Sink.fold(0, (sum, record) -> sum + 1), DrainingControl::create)
            .run(cluster.system());
    while (get(control.metrics()).records() < 1_000) {
      Thread.onSpinWait();
    }

    assertThat(get(control.drainAndShutdown(cluster.system().dispatcher()))).isEqualTo(1_000);
    assertThat(get(control.isShutdown())).isEqualTo(Done.getInstance());
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_record_that_cannot_be_deserialised_fails_the_stream_and_is_named(Way way)
      throws Exception {
    String topic = cluster.createTopic(way, 3);
    TopicPartition first = new TopicPartition(topic, 0);
    get(
        Source.single(new ProducerRecord<String, String>(topic, 0, null, "not a number"))
            .runWith(Producer.sink(cluster.producing(way)), cluster.system()));
    ConsumerSettings<String, Integer> settings =
        ConsumerSettings.create(new StringDeserializer(), new IntegerDeserializer())
            .withConnector(cluster.connector(way));

    assertThatThrownBy(
            () ->
                get(
                    Consumer.plainSource(settings, Subscriptions.assignmentWithOffset(first, 0))
                        .runWith(Sink.ignore(), cluster.system())))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(RecordDeserializationException.class)
        .hasMessageContaining(topic + "-0 at offset 0");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void a_record_that_is_too_large_fails_the_sink(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    String large = "x".repeat(2_000_000);

    assertThatThrownBy(
            () ->
                get(
                    Source.single(new ProducerRecord<String, String>(topic, large))
                        .runWith(Producer.sink(cluster.producing(way)), cluster.system())))
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
                            Producer.sink(
                                cluster.producing(way).with(ProducerKeys.MAX_BLOCK_MS, 200L)),
                            cluster.system())))
        .cause()
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("missing");
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void records_keep_their_headers_timestamps_and_nulls(Way way) throws Exception {
    String topic = cluster.createTopic(way, 3);
    ProducerRecord<String, String> sent = new ProducerRecord<>(topic, 1, 42L, null, (String) null);
    sent.headers().add("h", "x".getBytes(StandardCharsets.UTF_8)).add("n", null);
    get(Source.single(sent).runWith(Producer.sink(cluster.producing(way)), cluster.system()));

    ConsumerRecord<String, String> read =
        get(
            Consumer.plainSource(cluster.consuming(way), whole(topic))
                .runWith(Sink.<ConsumerRecord<String, String>>head(), cluster.system()));

    assertThat(read.timestamp()).isEqualTo(42L);
    assertThat(read.key()).isNull();
    assertThat(read.value()).isNull();
    assertThat(read.headers()).isEqualTo(sent.headers());
  }
}
