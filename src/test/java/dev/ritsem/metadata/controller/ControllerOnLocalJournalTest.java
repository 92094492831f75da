package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.config.Settings;
import dev.ritsem.log.Disk;
import dev.ritsem.log.NioDisk;
import dev.ritsem.log.SimulatedDisk;
import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.SystemClock;
import dev.ritsem.model.TopicId;
import dev.ritsem.replication.journal.LocalJournalSetup;
import dev.ritsem.testing.Seeds;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The controller with the journal and the snapshots that a node gives it. */
class ControllerOnLocalJournalTest {
  private static final BrokerId NODE = new BrokerId(1);
  private static final long ANSWER_MAX_S = 60;

  @TempDir Path directory;

  @Test
  void knows_everything_again_in_each_life_of_its_node() throws Exception {
    ClusterImage before = ClusterImage.EMPTY;
    for (int life = 1; life <= 4; life++) {
      try (Node node = new Node(NioDisk.INSTANCE, directory, life)) {
        BrokerRegistration self = node.register();
        assertThat(node.publisher.current().topics().size()).isEqualTo(before.topics().size());
        assertThat(node.publisher.current().controllerEpoch()).isEqualTo(life);
        assertThat(self.epoch()).isGreaterThan(before.version());
        for (int topic = 0; topic < 10; topic++) {
          node.create("topic-%d-%d".formatted(life, topic), 3);
        }
        node.answer(
            node.controller.alterTopicConfigs(
                List.of(
                    ConfigAlteration.incremental(
                        "topic-1-0",
                        List.of(ConfigOperation.set("retention.ms", Integer.toString(life))))),
                false));
        assertThat(node.answer(node.controller.nextProducerIdBlock()))
            .isEqualTo((life - 1) * 1_000L);
        before = node.publisher.current();
      }
    }
    assertThat(before.topics().size()).isEqualTo(40);
    PartitionRegistration oldest =
        before.topics().from("topic-1-0").iterator().next().partitions().get(0);
    assertThat(oldest.leader()).isEqualTo(NODE);
    assertThat(oldest.leaderEpoch())
        .as("each later life gave the leadership up and took it again")
        .isEqualTo(2 * 3);
  }

  @Test
  void keeps_the_largest_request_that_it_allows() throws Exception {
    try (Node node = new Node(NioDisk.INSTANCE, directory, 1)) {
      node.register();
      node.create("large", RequestLimits.PARTITIONS_MAX);
    }
    try (Node node = new Node(NioDisk.INSTANCE, directory, 2)) {
      node.register();
      assertThat(node.publisher.current().topics().from("large").iterator().next().partitions())
          .hasSize(RequestLimits.PARTITIONS_MAX)
          .allMatch(partition -> partition.isLedBy(NODE));
    }
  }

  @Test
  void loses_nothing_that_it_answered_when_power_goes() {
    Seeds.forEach(
        ControllerOnLocalJournalTest.class,
        4,
        seed -> {
          try {
            new PowerLoss(seed).run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Lives that end in the middle of their work, on a disk that forgets what was not forced. */
  private static final class PowerLoss {
    private static final Path DIRECTORY = Path.of("/node");
    private static final int LIVES = 3;
    private static final int REQUESTS = 60;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final Random random;
    private final Map<String, TopicId> answered = new ConcurrentHashMap<>();
    private final Set<String> asked = new HashSet<>();
    private final AtomicLong lastBlock = new AtomicLong(-1);

    PowerLoss(long seed) {
      this.random = Seeds.random(seed);
    }

    void run() throws Exception {
      for (int life = 1; life <= LIVES; life++) {
        AtomicBoolean powered = new AtomicBoolean(true);
        try (Node node = new Node(whilePowered(powered), DIRECTORY, life)) {
          node.register();
          check(node.publisher.current());
          long block = node.answer(node.controller.nextProducerIdBlock());
          assertThat(block).as("a block is given once").isGreaterThan(lastBlock.get());
          work(node, life);
          synchronized (disk) {
            powered.set(false);
            disk.crash(random);
          }
        }
      }
      try (Node node = new Node(disk, DIRECTORY, LIVES + 1)) {
        node.register();
        check(node.publisher.current());
      }
    }

    private void work(Node node, int life) throws Exception {
      int awaited = random.nextInt(REQUESTS);
      for (int request = 0; request < REQUESTS; request++) {
        String name = "topic-%d-%d".formatted(life, request);
        asked.add(name);
        CompletionStage<?> create =
            node.controller
                .createTopics(List.of(new NewTopic(name, 1, 1, Map.of())), false)
                .thenAccept(results -> answered.put(name, results.get(0).id()));
        CompletionStage<?> reserve =
            node.controller
                .nextProducerIdBlock()
                .thenAccept(block -> lastBlock.accumulateAndGet(block, Math::max));
        if (request == awaited) {
          node.answer(create);
          node.answer(reserve);
        }
      }
    }

    private void check(ClusterImage image) {
      answered.forEach(
          (name, id) ->
              assertThat(image.topics().find(name))
                  .as(name)
                  .isNotNull()
                  .extracting(TopicImage::id)
                  .isEqualTo(id));
      assertThat(image.topics().all()).extracting(TopicImage::name).isSubsetOf(asked);
    }

    /** The disk as a process sees it that ends with the power: afterwards it changes nothing. */
    private Disk whilePowered(AtomicBoolean powered) {
      InvocationHandler handler =
          (proxy, method, arguments) -> {
            synchronized (disk) {
              if (!powered.get()) {
                throw new IllegalStateException("the power is off");
              }
              try {
                return method.invoke(disk, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            }
          };
      return (Disk)
          Proxy.newProxyInstance(Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, handler);
    }
  }

  /** One life of a node: an actor system with a controller. */
  private static final class Node implements AutoCloseable {
    private final ImagePublisher publisher = new ImagePublisher();
    private final ActorSystem<Void> system;
    private final Controller controller;
    private final UUID incarnation;

    Node(Disk disk, Path directory, int life) {
      this.system =
          ActorSystem.create(
              Behaviors.empty(),
              "node",
              ActorSystemSetup.create(
                  BootstrapSetup.create(
                      MetadataSerializer.config()
                          .withFallback(
                              ConfigFactory.parseString(
                                  """
                                  akka.loglevel = WARNING
                                  akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                                  """))
                          .withFallback(ConfigFactory.parseResources("ritsem-akka.conf"))
                          .withFallback(ConfigFactory.defaultReference())
                          .resolve()),
                  new LocalJournalSetup(disk, directory, SystemClock.INSTANCE)));
      Random random = Seeds.random(life);
      this.incarnation = new UUID(life, life);
      ControllerSettings settings = new ControllerSettings(1, 1, true, 7);
      ControllerCore core =
          new ControllerCore(
              settings,
              new LogConfigRules(Settings.defaults()),
              registered -> registered.incarnation().equals(incarnation),
              IdSource.from(random),
              random);
      ActorRef<ControllerActor.Command> actor =
          system.systemActorOf(
              ControllerActor.create(
                  new ControllerDeployment(
                      ClusterFixture.CLUSTER_ID, NODE, "ritsem.journal", "ritsem.snapshots"),
                  settings,
                  core,
                  publisher),
              "controller",
              Props.empty());
      this.controller = new ControllerProxy(actor, system);
    }

    BrokerRegistration register() throws Exception {
      BrokerRegistration registered =
          answer(
              controller.registerBroker(
                  new BrokerRegistrationRequest(
                      NODE,
                      ClusterFixture.CLUSTER_ID,
                      incarnation,
                      List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "", 9092)),
                      null)));
      return answer(controller.unfenceBroker(NODE, registered.epoch()));
    }

    void create(String topic, int partitions) throws Exception {
      List<TopicResult> results =
          answer(
              controller.createTopics(
                  List.of(new NewTopic(topic, partitions, 1, Map.of())), false));
      assertThat(results).allMatch(TopicResult::succeeded);
    }

    <T> T answer(CompletionStage<T> stage) throws Exception {
      return stage.toCompletableFuture().get(ANSWER_MAX_S, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      ActorTestKit.shutdown(system, Duration.ofSeconds(ANSWER_MAX_S), true);
    }
  }
}
