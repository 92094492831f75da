package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.config.Settings;
import dev.ritsem.log.Disk;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.log.NioDisk;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.replication.journal.LocalJournalSetup;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The replicas of a node as it runs, with a real journal and real files, and without sockets and
 * controller: a test publishes the images.
 */
final class TestNode implements AutoCloseable {
  static final BrokerId SELF = new BrokerId(1);

  /** What a new directory is formatted with: ids come from the same seed each time. */
  static final String CLUSTER_ID = IdSource.from(Seeds.random(1)).nextTopicId().toString();

  private static final Duration STOPPING_MAX = Duration.ofSeconds(20);
  private static final int LOOPS = 2;

  private final TestLoops loops = TestLoops.of(LOOPS);
  private final ActorSystem<Void> system;
  private final List<LogDirectory> directories;
  private final Replicas replicas;
  private final ImagePublisher images = new ImagePublisher();
  private ClusterImage image;

  private TestNode(
      ClusterImage image, Disk disk, Path home, List<Path> logDirs, ManualClock clock) {
    this.image = image;
    this.system = start(disk, home, clock);
    directories = LogDirectory.openAll(disk, logDirs, SELF, IdSource.from(Seeds.random(1)), clock);
    if (image.version() > 0) {
      images.publish(image);
    }
    this.replicas =
        LocalReplicas.start(
            system,
            new LocalReplicas.Parts(
                SELF, Settings.defaults(), clock, disk, directories, images, LOOPS));
  }

  /** A node whose cluster's image is this one. */
  static TestNode start(ClusterImage image, Disk disk, Path home, ManualClock clock) {
    return new TestNode(image, disk, home, List.of(home.resolve("data")), clock);
  }

  static TestNode withLogDirs(
      ClusterImage image, Disk disk, Path home, List<Path> logDirs, ManualClock clock) {
    return new TestNode(image, disk, home, logDirs, clock);
  }

  static TestNode start(ClusterImage image, Path home) {
    return start(image, NioDisk.INSTANCE, home, new ManualClock(1_700_000_000_000L));
  }

  private ActorSystem<Void> start(Disk disk, Path home, ManualClock clock) {
    Config config =
        ActorDispatchers.config(LOOPS, 4)
            .withFallback(ReplicaEventSerializer.config())
            .withFallback(ConfigFactory.parseResources("ritsem-akka.conf"))
            .withFallback(
                ConfigFactory.parseString(
                    """
                    akka.loglevel = ERROR
                    akka.stdout-loglevel = OFF
                    akka.loggers = ["akka.event.slf4j.Slf4jLogger"]
                    akka.logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
                    akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                    """))
            .withFallback(ConfigFactory.load());
    return ActorSystem.create(
        Behaviors.empty(),
        "node",
        ActorSystemSetup.create(
                loops.setup(), new LocalJournalSetup(disk, home.resolve("journal"), clock))
            .and(BootstrapSetup.create(config)));
  }

  Replicas replicas() {
    return replicas;
  }

  /** What the controller has decided: published as one image per event. */
  void publish(MetadataEvent... events) {
    for (MetadataEvent event : events) {
      image = image.apply(event);
      images.publish(image);
    }
  }

  ClusterImage image() {
    return image;
  }

  void awaitReady() {
    await(replicas.ready());
  }

  /** Waits until the replicas do what was published last. */
  void awaitPublished() {
    await(replicas.following(image.version()));
  }

  /** The partition, once it leads. */
  Partition leader(String topic, int partition) {
    Polling.until(
        "partition " + topic + "-" + partition + " leads",
        () -> {
          Partition found = replicas.find(new TopicPartition(topic, partition));
          return found != null && found.view().role() == Role.LEADER;
        });
    return Objects.requireNonNull(replicas.find(new TopicPartition(topic, partition)));
  }

  /** Stops the replicas in order, and the rest. */
  @Override
  public void close() {
    await(replicas.close());
    terminate();
  }

  /** Stops as a process does that is killed: nothing is closed in order. */
  void terminate() {
    ActorTestKit.shutdown(system, STOPPING_MAX, true);
    loops.stop();
    // The end of a process gives its locks back.
    directories.forEach(LogDirectory::close);
  }

  private static void await(CompletionStage<Done> stage) {
    try {
      assertThat(stage.toCompletableFuture().get(20, TimeUnit.SECONDS)).isNotNull();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
