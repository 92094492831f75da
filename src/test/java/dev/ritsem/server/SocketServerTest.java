package dev.ritsem.server;

import static dev.ritsem.server.ServerFixture.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.config.SettingsException;
import dev.ritsem.model.SystemClock;
import dev.ritsem.protocol.RequestEncoder;
import dev.ritsem.protocol.ResponseDecoder;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.MemoryRecordsSlice;
import dev.ritsem.record.RecordsSlice;
import dev.ritsem.server.HeldHandler.Held;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

class SocketServerTest {
  private static final int METADATA_VERSION = 12;
  private static final int PRODUCE_VERSION = 9;
  private static final int FETCH_VERSION = 12;

  @Test
  void answersLeaveInTheOrderOfTheRequestsWhateverTheOrderOfTheReplies() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      List<Held<MetadataRequestData>> held = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
        held.add(handler.next());
      }
      Collections.shuffle(held, Seeds.random(1));
      held.forEach(request -> request.reply().send(new MetadataResponseData()));
      for (int i = 1; i <= 30; i++) {
        assertThat(client.receive(ApiKeys.METADATA, METADATA_VERSION).correlationId()).isEqualTo(i);
      }
    }
  }

  @Test
  void moreRequestsThanMayBeUnansweredAreReadOnlyAsAnswersLeave() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of("ritsem.connection.requests.max", "5"), handler);
        RawClient client = fixture.connect()) {
      for (int i = 0; i < 200; i++) {
        client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      }
      for (int i = 1; i <= 200; i++) {
        Held<MetadataRequestData> next = handler.next();
        assertThat(handler.waiting()).isLessThan(5);
        next.reply().send(new MetadataResponseData());
        assertThat(client.receive(ApiKeys.METADATA, METADATA_VERSION).correlationId()).isEqualTo(i);
      }
      eventually("all memory is given back", () -> fixture.server.requestBytes() == 0);
    }
  }

  @Test
  void framesArriveWholeHoweverTheirBytesAreCut() throws Exception {
    HeldHandler<ProduceRequestData> handler = new HeldHandler<>(ApiKeys.PRODUCE);
    try (ServerFixture fixture = fixture(Map.of(), handler)) {
      Seeds.forEach(
          SocketServerTest.class,
          12,
          seed -> {
            try (RawClient client = fixture.connect()) {
              sendAndCompareFrames(client, handler, Seeds.random(seed));
            } catch (IOException | InterruptedException e) {
              throw new AssertionError(e);
            }
          });
      eventually("all memory is given back", () -> fixture.server.requestBytes() == 0);
    }
  }

  private static void sendAndCompareFrames(
      RawClient client, HeldHandler<ProduceRequestData> handler, Random random)
      throws IOException, InterruptedException {
    List<ByteBuffer> sent = new ArrayList<>();
    ByteBuffer stream = ByteBuffer.allocate(6_000_000);
    for (int i = 0; i < 8; i++) {
      byte[] records = new byte[random.nextInt(random.nextBoolean() ? 200 : 600_000)];
      random.nextBytes(records);
      sent.add(ByteBuffer.wrap(records));
      stream.put(
          RequestEncoder.encode(
              ApiKeys.PRODUCE, (short) PRODUCE_VERSION, i, "c", produce(records)));
    }
    stream.flip();
    while (stream.hasRemaining()) {
      int count =
          Math.min(stream.remaining(), 1 + random.nextInt(random.nextBoolean() ? 5 : 99_999));
      client.sendBytes(stream.duplicate().limit(stream.position() + count));
      stream.position(stream.position() + count);
    }
    for (ByteBuffer records : sent) {
      Held<ProduceRequestData> held = handler.next();
      assertThat(recordsOf(held.request()).compareTo(records)).isZero();
      held.reply().send(new ProduceResponseData());
      client.receive(ApiKeys.PRODUCE, PRODUCE_VERSION);
    }
  }

  @Test
  void aLengthThatIsOnlyAnnouncedReservesNextToNothing() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    List<RawClient> liars = new ArrayList<>();
    try (ServerFixture fixture = fixture(Map.of(), handler)) {
      for (int i = 0; i < 100; i++) {
        RawClient liar = fixture.connect();
        liars.add(liar);
        liar.sendBytes(ByteBuffer.allocate(24).putInt(95_000_000).rewind());
      }
      eventually("all hundred have begun", () -> fixture.server.requestBytes() >= 100 * 20);
      assertThat(fixture.server.requestBytes()).isLessThan(7_000_000);
      try (RawClient honest = fixture.connect()) {
        honest.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
        handler.next().reply().send(new MetadataResponseData());
        honest.receive(ApiKeys.METADATA, METADATA_VERSION);
      }
    } finally {
      for (RawClient liar : liars) {
        liar.close();
      }
    }
  }

  @Test
  void framesThatAreTogetherLargerThanTheMemoryComeThroughOneAfterTheOther() throws Exception {
    HeldHandler<ProduceRequestData> handler =
        HeldHandler.answering(
            ApiKeys.PRODUCE, (request, reply) -> reply.send(new ProduceResponseData()));
    try (ServerFixture fixture = fixture(Map.of("queued.max.request.bytes", "100000"), handler)) {
      List<RawClient> clients = new ArrayList<>();
      List<Thread> senders = new ArrayList<>();
      AtomicInteger answered = new AtomicInteger();
      for (int i = 0; i < 6; i++) {
        RawClient client = fixture.connect();
        clients.add(client);
        Thread sender =
            new Thread(
                () -> {
                  try {
                    for (int n = 0; n < 5; n++) {
                      client.ask(ApiKeys.PRODUCE, PRODUCE_VERSION, produce(new byte[3_000_000]));
                      answered.incrementAndGet();
                    }
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
        sender.start();
        senders.add(sender);
      }
      for (Thread sender : senders) {
        sender.join(TimeUnit.SECONDS.toMillis(60));
      }
      assertThat(answered).hasValue(30);
      eventually("all memory is given back", () -> fixture.server.requestBytes() == 0);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  @Test
  void badLengthsCloseTheConnectionAndNoOther() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of("socket.request.max.bytes", "1000"), handler);
        RawClient honest = fixture.connect()) {
      for (int length : new int[] {-1, Integer.MIN_VALUE, 1001, Integer.MAX_VALUE}) {
        try (RawClient liar = fixture.connect()) {
          liar.sendBytes(ByteBuffer.allocate(8).putInt(length).rewind());
          assertThat(liar.isClosedByServer()).isTrue();
        }
      }
      assertThat(fixture.server.counters().connectionsClosedFaulty()).isEqualTo(4);
      honest.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      handler.next().reply().send(new MetadataResponseData());
      honest.receive(ApiKeys.METADATA, METADATA_VERSION);
    }
  }

  @Test
  void framesThatAreNoRequestsCloseTheConnection() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of(), handler)) {
      Seeds.forEach(
          SocketServerTest.class,
          50,
          seed -> {
            Random random = Seeds.random(seed);
            byte[] noise = new byte[random.nextInt(100)];
            random.nextBytes(noise);
            try (RawClient client = fixture.connect()) {
              client.sendBytes(
                  ByteBuffer.allocate(4 + noise.length).putInt(noise.length).put(noise).flip());
              assertThat(client.isClosedByServer()).isTrue();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
      assertThat(
              fixture.server.counters().malformedRequests()
                  + fixture.server.counters().unsupportedRequests())
          .isEqualTo(50);
      eventually("no connection is left", () -> fixture.server.connectionCount() == 0);
      assertThat(fixture.server.requestBytes()).isZero();
    }
  }

  @Test
  void aHandlerThatFailsClosesItsConnectionOnly() throws Exception {
    HeldHandler<MetadataRequestData> handler =
        HeldHandler.answering(
            ApiKeys.METADATA,
            (request, reply) -> {
              throw new IllegalStateException("on purpose");
            });
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      assertThat(client.isClosedByServer()).isTrue();
      fixture.connect().close();
    }
  }

  @Test
  void aConnectionThatBeginsAFrameAndStallsIsClosed() throws Exception {
    ManualClock clock = new ManualClock(1_000);
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture =
            new ServerFixture(clock, Map.of("connections.max.idle.ms", "-1"), handler);
        RawClient stalled = fixture.connect();
        RawClient silent = fixture.connect()) {
      stalled.sendBytes(ByteBuffer.allocate(10).putInt(1000).rewind());
      eventually("the frame has begun", () -> fixture.server.requestBytes() > 0);
      eventually(
          "the stalled one is closed",
          () -> {
            clock.advanceMs(31_000);
            return fixture.server.counters().connectionsClosedFaulty() == 1;
          });
      assertThat(stalled.isClosedByServer()).isTrue();
      silent.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      handler.next().reply().send(new MetadataResponseData());
      silent.receive(ApiKeys.METADATA, METADATA_VERSION);
    }
  }

  @Test
  void anIdleConnectionIsClosedAndOneThatWaitsForAnAnswerIsNot() throws Exception {
    ManualClock clock = new ManualClock(1_000);
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = new ServerFixture(clock, Map.of(), handler);
        RawClient idle = fixture.connect();
        RawClient waiting = fixture.connect()) {
      waiting.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      Held<MetadataRequestData> held = handler.next();
      eventually(
          "the idle one is closed",
          () -> {
            clock.advanceMs(601_000);
            return fixture.server.counters().connectionsClosedIdle() == 1;
          });
      assertThat(idle.isClosedByServer()).isTrue();
      held.reply().send(new MetadataResponseData());
      waiting.receive(ApiKeys.METADATA, METADATA_VERSION);
      assertThat(fixture.server.counters().connectionsClosedIdle()).isEqualTo(1);
    }
  }

  @Test
  void connectionsBeyondTheLimitOfAnAddressAreRefused() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture =
        fixture(
            Map.of(
                "max.connections.per.ip", "0", "max.connections.per.ip.overrides", "127.0.0.1:2"),
            handler)) {
      RawClient first = fixture.connect();
      try (RawClient second = fixture.connect();
          RawClient third = fixture.connect()) {
        assertThat(second).isNotSameAs(third);
        assertThat(third.isClosedByServer()).isTrue();
        first.close();
        eventually("the first is gone", () -> fixture.server.connectionCount() == 1);
        try (RawClient fourth = fixture.connect()) {
          fourth.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
          handler.next().reply().send(new MetadataResponseData());
          fourth.receive(ApiKeys.METADATA, METADATA_VERSION);
        }
      }
    }
  }

  @Test
  void recordSlicesGoOutInTheirPlacesAndAreReleasedOnce() throws Exception {
    AtomicInteger released = new AtomicInteger();
    byte[] records = new byte[3_000_000];
    Seeds.random(7).nextBytes(records);
    HeldHandler<FetchRequestData> handler =
        HeldHandler.answering(
            ApiKeys.FETCH, (request, reply) -> reply.send(fetchResponse(3, records, released)));
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      for (int i = 0; i < 4; i++) {
        client.send(ApiKeys.FETCH, FETCH_VERSION, new FetchRequestData());
      }
      for (int i = 0; i < 4; i++) {
        ResponseDecoder.Decoded read = client.receive(ApiKeys.FETCH, FETCH_VERSION);
        assertThat(read.correlationId()).isEqualTo(i + 1);
        FetchResponseData response = (FetchResponseData) read.body();
        assertThat(response.responses().get(0).partitions())
            .hasSize(3)
            .allMatch(
                partition ->
                    WireRecords.bytesOf(partition.records()).equals(ByteBuffer.wrap(records)));
      }
      eventually("each slice was released once", () -> released.get() == 12);
    }
  }

  @Test
  void aClientThatDoesNotTakeItsAnswersIsNotReadFromAndItsSlicesAreReleased() throws Exception {
    AtomicInteger released = new AtomicInteger();
    AtomicInteger handled = new AtomicInteger();
    byte[] records = new byte[8_000_000];
    HeldHandler<FetchRequestData> handler =
        HeldHandler.answering(
            ApiKeys.FETCH,
            (request, reply) -> {
              handled.incrementAndGet();
              reply.send(fetchResponse(1, records, released));
            });
    try (ServerFixture fixture = fixture(Map.of(), handler)) {
      try (RawClient client = fixture.connect()) {
        for (int i = 0; i < 50; i++) {
          client.send(ApiKeys.FETCH, FETCH_VERSION, new FetchRequestData());
        }
        eventually("the first is handled", () -> handled.get() > 0);
        client.receive(ApiKeys.FETCH, FETCH_VERSION);
        assertThat(handled.get()).isLessThan(10);
      }
      eventually("no connection is left", () -> fixture.server.connectionCount() == 0);
      eventually("each slice was released once", () -> released.get() == handled.get());
    }
  }

  @Test
  void aFileThatHasBecomeTooShortClosesTheConnection() throws Exception {
    HeldHandler<FetchRequestData> handler =
        HeldHandler.answering(
            ApiKeys.FETCH,
            (request, reply) ->
                reply.send(
                    fetchResponse(
                        new RecordsSlice() {
                          @Override
                          public int sizeInBytes() {
                            return 1000;
                          }

                          @Override
                          public long transferTo(WritableByteChannel channel, long position)
                              throws IOException {
                            throw new java.io.EOFException("truncated");
                          }

                          @Override
                          public ByteBuffer toByteBuffer() {
                            throw new UnsupportedOperationException();
                          }

                          @Override
                          public void release() {}
                        })));
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      client.send(ApiKeys.FETCH, FETCH_VERSION, new FetchRequestData());
      assertThatThrownBy(client::receiveFrame).isInstanceOf(IOException.class);
    }
  }

  @Test
  void stoppingAnswersWhatCameAndTakesNoMore() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect();
        RawClient idle = fixture.connect()) {
      client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      Held<MetadataRequestData> held = handler.next();
      CompletionStage<Void> stopped = fixture.server.stop(Duration.ofSeconds(10));
      assertThat(idle.isClosedByServer()).isTrue();
      assertThat(stopped.toCompletableFuture()).isNotDone();
      held.reply().send(new MetadataResponseData());
      client.receive(ApiKeys.METADATA, METADATA_VERSION);
      assertThat(client.isClosedByServer()).isTrue();
      stopped.toCompletableFuture().get(10, TimeUnit.SECONDS);
      assertThatThrownBy(fixture::connect).isInstanceOf(IOException.class);
    }
  }

  @Test
  void stoppingGivesUpRequestsThatOnlyWait() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      Held<MetadataRequestData> waiting = handler.next();
      client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      Held<MetadataRequestData> working = handler.next();
      waiting
          .context()
          .connection()
          .eventLoop()
          .execute(() -> waiting.context().connection().onClose(waiting.reply()::sendNothing));
      CompletionStage<Void> stopped = fixture.server.stop(Duration.ofSeconds(60));
      working.reply().send(new MetadataResponseData());
      assertThat(client.receive(ApiKeys.METADATA, METADATA_VERSION).correlationId()).isEqualTo(2);
      stopped.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void stoppingDoesNotWaitForAnAnswerLongerThanItsTimeout() throws Exception {
    HeldHandler<MetadataRequestData> handler = new HeldHandler<>(ApiKeys.METADATA);
    try (ServerFixture fixture = fixture(Map.of(), handler);
        RawClient client = fixture.connect()) {
      client.send(ApiKeys.METADATA, METADATA_VERSION, new MetadataRequestData());
      Held<MetadataRequestData> held = handler.next();
      fixture.server.stop(Duration.ofMillis(50)).toCompletableFuture().get(10, TimeUnit.SECONDS);
      held.reply().send(new MetadataResponseData());
      eventually("the late reply is dropped", () -> fixture.server.requestBytes() == 0);
    }
  }

  @Test
  void listenersAreCheckedAgainstEachOther() {
    List<String> map = List.of("PLAINTEXT:PLAINTEXT", "INSIDE:PLAINTEXT", "SSL:SSL");
    assertThat(
            Listener.parse(
                List.of("PLAINTEXT://:9092", "inside://[::1]:0"),
                List.of("INSIDE://node-1.example:19092"),
                map))
        .containsExactly(
            new Listener("PLAINTEXT", "PLAINTEXT", "", 9092, null),
            new Listener(
                "INSIDE", "PLAINTEXT", "::1", 0, new Listener.HostPort("node-1.example", 19092)));
    for (List<String> wrong :
        List.of(
            List.of("A://:1"),
            List.of("SSL://:1"),
            List.of("PLAINTEXT://:1", "PLAINTEXT://:2"),
            List.of("PLAINTEXT://:1", "INSIDE://:1"))) {
      assertThatThrownBy(() -> Listener.parse(wrong, List.of(), map))
          .isInstanceOf(SettingsException.class);
    }
    assertThatThrownBy(
            () -> Listener.parse(List.of("PLAINTEXT://:1"), List.of("INSIDE://h:1"), map))
        .isInstanceOf(SettingsException.class);
    assertThat(Listener.areAdvertisable(List.of("PLAINTEXT://0.0.0.0:1"))).isFalse();
    assertThat(Listener.areWellFormed(List.of("PLAINTEXT://h:70000"))).isFalse();
    assertThat(Listener.areWellFormed(List.of("localhost:9092"))).isFalse();
  }

  private static ServerFixture fixture(Map<String, String> settings, RequestHandler<?> handler)
      throws IOException {
    return new ServerFixture(SystemClock.INSTANCE, settings, handler);
  }

  private static ProduceRequestData produce(byte[] records) {
    return new ProduceRequestData()
        .setTopicData(
            new ProduceRequestData.TopicProduceDataCollection(
                List.of(
                        new ProduceRequestData.TopicProduceData()
                            .setName("topic")
                            .setPartitionData(
                                List.of(
                                    new ProduceRequestData.PartitionProduceData()
                                        .setRecords(
                                            new WireRecords(
                                                new MemoryRecordsSlice(
                                                    ByteBuffer.wrap(records)))))))
                    .iterator()));
  }

  private static ByteBuffer recordsOf(ProduceRequestData request) {
    return WireRecords.bytesOf(
        request.topicData().iterator().next().partitionData().get(0).records());
  }

  private static FetchResponseData fetchResponse(
      int partitions, byte[] records, AtomicInteger released) {
    RecordsSlice[] slices = new RecordsSlice[partitions];
    for (int i = 0; i < partitions; i++) {
      slices[i] = new CountedSlice(new MemoryRecordsSlice(ByteBuffer.wrap(records)), released);
    }
    return fetchResponse(slices);
  }

  private static FetchResponseData fetchResponse(RecordsSlice... slices) {
    List<FetchResponseData.PartitionData> partitions = new ArrayList<>();
    for (RecordsSlice slice : slices) {
      partitions.add(
          new FetchResponseData.PartitionData()
              .setPartitionIndex(partitions.size())
              .setRecords(new WireRecords(slice)));
    }
    return new FetchResponseData()
        .setResponses(
            List.of(
                new FetchResponseData.FetchableTopicResponse()
                    .setTopic("topic")
                    .setPartitions(partitions)));
  }

  /** Counts its release. */
  private record CountedSlice(RecordsSlice slice, AtomicInteger released) implements RecordsSlice {
    @Override
    public int sizeInBytes() {
      return slice.sizeInBytes();
    }

    @Override
    public long transferTo(WritableByteChannel channel, long position) throws IOException {
      return slice.transferTo(channel, position);
    }

    @Override
    public ByteBuffer toByteBuffer() throws IOException {
      return slice.toByteBuffer();
    }

    @Override
    public void release() {
      released.incrementAndGet();
      slice.release();
    }
  }
}
