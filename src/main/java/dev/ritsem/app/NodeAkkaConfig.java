package dev.ritsem.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.metadata.controller.MetadataSerializer;
import dev.ritsem.replication.ActorDispatchers;
import dev.ritsem.replication.ReplicaEventSerializer;

/** The configuration of a node's actor system, put together from what its parts need. */
final class NodeAkkaConfig {
  private NodeAkkaConfig() {}

  /**
   * The configuration above Akka's own defaults, which the actor system adds. System properties and
   * application.conf are no part of it: an embedded node must not change with what else its program
   * configures.
   *
   * @param overrides goes before everything
   */
  static Config of(Config overrides, int eventLoops, int blockingIoThreads) {
    return overrides
        .withFallback(
            ConfigFactory.parseString(
                """
                akka {
                  actor.provider = local
                  loggers = ["akka.event.slf4j.Slf4jLogger"]
                  logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
                  loglevel = INFO
                  stdout-loglevel = OFF
                  log-dead-letters = off
                  coordinated-shutdown {
                    run-by-jvm-shutdown-hook = off
                    exit-jvm = off
                    phases {
                      service-requests-done.timeout = 15 s
                      service-stop.timeout = 120 s
                      actor-system-terminate.timeout = 30 s
                    }
                  }
                  # What is left for these is rare: decisions, not records.
                  actor {
                    default-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-max = 4 }
                    internal-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-max = 2 }
                  }
                }
                """))
        .withFallback(ActorDispatchers.config(eventLoops, blockingIoThreads))
        .withFallback(MetadataSerializer.config())
        .withFallback(ReplicaEventSerializer.config())
        .withFallback(ConfigFactory.parseResources("ritsem-akka.conf"));
  }

  /**
   * Begins to read Akka's own defaults, which is a large part of starting an actor system, on a
   * thread of its own; whoever needs them first waits for it.
   */
  static void preload() {
    Thread reader = new Thread(ConfigFactory::defaultReference, "ritsem-defaults");
    reader.setDaemon(true);
    reader.start();
  }
}
