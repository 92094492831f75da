package dev.ritsem.app.tool;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The actor system that a command's streams run in: small, silent, and gone with the command. */
public final class ToolActorSystem {
  private static final long STOP_SECONDS = 10;

  private ToolActorSystem() {}

  /** What goes before Akka's own defaults, which the actor system adds. */
  public static Config config() {
    return ConfigFactory.parseString(
        """
            akka.actor.provider = local
            akka.loggers = ["akka.event.slf4j.Slf4jLogger"]
            akka.logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
            akka.loglevel = WARNING
            akka.stdout-loglevel = OFF
            akka.log-dead-letters = off
            akka.log-dead-letters-during-shutdown = off
            akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            akka.coordinated-shutdown.run-by-actor-system-terminate = off
            """);
  }

  /** Terminates it and waits for that. */
  public static void stop(ActorSystem<?> system) {
    system.terminate();
    try {
      system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new ToolException(
          ExitCode.FAILED, "streams have not ended within " + STOP_SECONDS + " s", e);
    }
  }
}
