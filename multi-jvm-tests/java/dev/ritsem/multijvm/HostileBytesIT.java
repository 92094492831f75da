package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a stranger may send must not crash, hang or fatten a node, must not get a bad batch into its
 * log, and must not keep it from serving an honest client.
 *
 * <p>{@code -Dritsem.hostile.inputs=N} sends N inputs; {@code -Dritsem.hostile.only=N} sends input
 * N alone.
 */
class HostileBytesIT {
  private static final long INPUTS = Long.getLong("ritsem.hostile.inputs", 100_000);
  private static final long ONLY = Long.getLong("ritsem.hostile.only", -1);
  private static final long SEED = Seed.chosen();
  private static final int SENDERS = 4;
  private static final long MEMORY_GROWTH_MAX = 160L << 20;
  private static final int ANNOUNCING_CLIENTS = 100;
  private static final int ANNOUNCED_BYTES = 95_000_000;
  private static final long ANNOUNCEMENT_COST_MAX = 48L << 20;

  /**
   * All of the heap is touched at the start, so growth of memory is growth outside of it. Apache
   * Kafka needs much more heap here: it reserves what a length prefix announces.
   */
  private static final NodeOptions FIXED_HEAP =
      NodeOptions.defaults()
          .with("auto.create.topics.enable", "false")
          .withHeap(NodeLauncher.isKafka() ? "2g" : "256m")
          .withJvmOptions("-XX:+AlwaysPreTouch");

  @RegisterExtension final RealNodes nodes = new RealNodes();

  @Test
  void everyVersionOfEveryServedApiIsAnswered(@TempDir Path directory) throws IOException {
    RealNode node = nodes.start(directory, FIXED_HEAP);
    RequestCorpus corpus = corpus(node);
    List<String> unanswered = new ArrayList<>();
    for (ApiKeys api : HostileInputs.SERVED) {
      for (short version : releasedVersions(api)) {
        Random random = new Random(SEED);
        byte[] batch = new HostileBatches().valid(random);
        byte[] request;
        do {
          request = corpus.request(api, version, 77, batch, random);
        } while (expectsNoAnswer(api, request));
        try (Socket socket = new Socket()) {
          socket.connect(node.address());
          socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
          DataOutputStream out = new DataOutputStream(socket.getOutputStream());
          out.writeInt(request.length);
          out.write(request);
          out.flush();
          DataInputStream in = new DataInputStream(socket.getInputStream());
          if (in.readInt() < 4 || in.readInt() != 77) {
            unanswered.add(api + " v" + version + ": wrong answer");
          }
        } catch (IOException e) {
          unanswered.add(api + " v" + version + ": " + e);
        }
      }
    }
    assertThat(unanswered).isEmpty();
  }

  @Test
  void aHundredThousandHostileInputsChangeNothing(@TempDir Path directory) throws Exception {
    System.out.println("HostileBytesIT: " + INPUTS + " inputs, " + Seed.replay(getClass(), SEED));
    RealNode node = nodes.start(directory, FIXED_HEAP);
    RequestCorpus corpus = corpus(node);
    long answeredBytes;
    try (HonestClient honest = new HonestClient(node, "honest");
        SlowSenders slow = new SlowSenders(node.address())) {
      sendAll(node, corpus, 0, ONLY >= 0 ? 0 : INPUTS / 5);
      long before = node.residentBytes();
      answeredBytes = sendAll(node, corpus, ONLY >= 0 ? 0 : INPUTS / 5, INPUTS);
      long after = node.residentBytes();

      assertThat(node.isRunning()).as("the node still runs").isTrue();
      honest.stopAndCheck();
      System.out.printf(
          "HostileBytesIT: memory %d -> %d MB; %d honest records served meanwhile, the slowest in"
              + " %d ms; %d slow requests answered%n",
          before >> 20, after >> 20, honest.served(), honest.slowestMs(), slow.answered());
      assertThat(honest.served()).isPositive();
      assertThat(slow.answered()).isPositive();
      assertThat(slow.refused()).isZero();
      if (!NodeLauncher.isKafka()) {
        assertThat(after - before).as("growth of resident memory").isLessThan(MEMORY_GROWTH_MAX);
      }
    }
    assertThat(answeredBytes).as("answers to what was valid").isPositive();
    assertThat(node.log()).doesNotContain("OutOfMemoryError").doesNotContain("StackOverflowError");
    TopicPartition partition = new TopicPartition("written", 0);
    List<ConsumerRecord<byte[], byte[]>> stored = Clients.readAll(node, partition);
    assertThat(committedEnd(node, partition))
        .as("no transaction is open")
        .isEqualTo(end(node, partition));
    node.stop();
    // Apache Kafka takes an uncompressed batch whose records do not count up from its base offset.
    if (!NodeLauncher.isKafka()) {
      assertThat(SegmentDump.check(node.logDirectory().resolve("written-0")))
          .isEqualTo(stored.size())
          .isPositive();
    }
  }

  @Test
  void aHundredClientsThatAnnounce95MegabytesCostNextToNothing(@TempDir Path directory)
      throws IOException {
    assumeFalse(NodeLauncher.isKafka(), "Apache Kafka reserves what is announced");
    RealNode node = nodes.start(directory, FIXED_HEAP);
    corpus(node);
    List<Socket> sockets = new ArrayList<>();
    try (HonestClient honest = new HonestClient(node, "honest")) {
      Deadline.in(Duration.ofSeconds(30)).await("first records", () -> honest.served() > 100);
      long before = node.residentBytes();
      for (int i = 0; i < ANNOUNCING_CLIENTS; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(node.address());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(ANNOUNCED_BYTES);
        out.write(new byte[20]);
        out.flush();
      }
      int served = honest.served();
      Deadline.in(Duration.ofSeconds(30))
          .await("the honest client goes on", () -> honest.served() > served + 100);
      assertThat(node.residentBytes() - before).isLessThan(ANNOUNCEMENT_COST_MAX);
      honest.stopAndCheck();
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** The newest version of an API may be one that is still being worked on: nobody serves it. */
  private static List<Short> releasedVersions(ApiKeys api) {
    short newest = api.messageType.highestSupportedVersion(false);
    return api.allVersions().stream().filter(version -> version <= newest).toList();
  }

  private static RequestCorpus corpus(RealNode node) {
    // The timestamps of the inputs come from the seed, not from the clock.
    Clients.createTopic(node, "written", 1, Map.of("retention.ms", "-1"));
    Clients.createTopic(node, "sacrificed", 1, Map.of());
    try (Admin admin = Clients.admin(node)) {
      return new RequestCorpus(topic(admin, "written"), topic(admin, "sacrificed"));
    }
  }

  private static RequestCorpus.Topic topic(Admin admin, String name) {
    return new RequestCorpus.Topic(
        name,
        Clients.answerFor(name, admin.describeTopics(List.of(name)).allTopicNames()).topicId());
  }

  /** A produce request with acks=0 has no answer. Acks follow the (null) transactional id. */
  private static boolean expectsNoAnswer(ApiKeys api, byte[] request) {
    if (api != ApiKeys.PRODUCE) {
      return false;
    }
    int header = 2 + 2 + 4 + 2 + "hostile".length();
    boolean isFlexible = api.requestHeaderVersion(request[3]) >= 2;
    int acksAt = header + (isFlexible ? 1 + 1 : 2);
    return request[acksAt] == 0 && request[acksAt + 1] == 0;
  }

  /** Sends the inputs of that range from several threads; returns the bytes answered. */
  private static long sendAll(RealNode node, RequestCorpus corpus, long from, long to)
      throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
    AtomicLong answered = new AtomicLong();
    List<Future<?>> senders = new ArrayList<>();
    for (int t = 0; t < SENDERS; t++) {
      long first = from + t;
      senders.add(
          threads.submit(
              () -> {
                HostileInputs inputs = new HostileInputs(SEED, corpus);
                try (HostileClient client = new HostileClient(node.address())) {
                  for (long i = first; i < to; i += SENDERS) {
                    if (ONLY < 0 || ONLY == i) {
                      client.send(inputs.at(i));
                    }
                  }
                  answered.addAndGet(client.answeredBytes());
                }
                return null;
              }));
    }
    threads.shutdown();
    for (Future<?> sender : senders) {
      try {
        sender.get();
      } catch (ExecutionException e) {
        throw new AssertionError(
            e.getCause() + "; " + Seed.replay(HostileBytesIT.class, SEED), e.getCause());
      }
    }
    return answered.get();
  }

  private static long end(RealNode node, TopicPartition partition) {
    try (Admin admin = Clients.admin(node)) {
      return Clients.answerFor(
              partition, admin.listOffsets(Map.of(partition, OffsetSpec.latest())).all())
          .offset();
    }
  }

  private static long committedEnd(RealNode node, TopicPartition partition) {
    try (var consumer = Clients.consumer(node, Map.of("isolation.level", "read_committed"))) {
      return Clients.at(partition, consumer.endOffsets(List.of(partition)));
    }
  }
}
