package dev.ritsem.replication.journal;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.persistence.Persistence;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.log.Disk;
import dev.ritsem.log.NioDisk;
import dev.ritsem.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;

/** An actor system with the plugins of this package, as a node configures it. */
final class JournalSystem implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final ActorSystem system;

  private JournalSystem(ActorSystem system) {
    this.system = system;
  }

  static JournalSystem start(Path directory) {
    return start(NioDisk.INSTANCE, directory, ConfigFactory.empty());
  }

  static JournalSystem start(Disk disk, Path directory, Config own) {
    Config config =
        own.withFallback(
                ConfigFactory.parseString(
                    """
                    akka.loglevel = WARNING
                    akka.loggers = ["akka.event.slf4j.Slf4jLogger"]
                    akka.logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
                    """))
            .withFallback(ConfigFactory.parseResources("ritsem-akka.conf"))
            .withFallback(ConfigFactory.defaultReference())
            .resolve();
    return new JournalSystem(
        ActorSystem.create(
            "journal",
            ActorSystemSetup.create(
                BootstrapSetup.create(config),
                new LocalJournalSetup(disk, directory, new ManualClock(1_800_000_000_000L)))));
  }

  ActorSystem system() {
    return system;
  }

  TestKit probe() {
    return new TestKit(system);
  }

  ActorRef journal() {
    return Persistence.get(system).journalFor(null, ConfigFactory.empty());
  }

  ActorRef snapshots() {
    return Persistence.get(system).snapshotStoreFor(null, ConfigFactory.empty());
  }

  @Override
  public void close() {
    TestKit.shutdownActorSystem(system);
  }
}
