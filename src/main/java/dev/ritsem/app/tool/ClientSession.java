package dev.ritsem.app.tool;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import dev.ritsem.client.Admin;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A command's connection to a cluster: streams can run in it, and answers be waited for. */
final class ClientSession implements AutoCloseable {
  private final ActorSystem<Void> system;
  private final Map<String, String> properties;
  private final int timeoutSeconds;
  private @Nullable Admin admin;

  private ClientSession(Map<String, String> properties, int timeoutSeconds) {
    this.system = ActorSystem.create(Behaviors.empty(), "ritsem-tool", ToolActorSystem.config());
    this.properties = Map.copyOf(properties);
    this.timeoutSeconds = timeoutSeconds;
  }

  static ClientSession open(ConnectionOptions options) {
    LogOutput.toConsole(Level.ERROR);
    return new ClientSession(options.properties(), options.timeoutSeconds());
  }

  ActorSystem<Void> system() {
    return system;
  }

  /** What the command line says about the client, by Kafka's names. */
  Map<String, String> properties() {
    return properties;
  }

  Admin admin() {
    if (admin == null) {
      admin = Admin.create(properties, system);
    }
    return admin;
  }

  /**
   * Waits for an answer, as long as the command line allows.
   *
   * @throws RuntimeException what the call failed with, as it is if it is unchecked
   */
  <T> T await(CompletionStage<T> answer) {
    return get(answer, timeoutSeconds);
  }

  /** Waits for the end of a stream, however long it takes. */
  <T> T awaitStream(CompletionStage<T> end) {
    return get(end, Long.MAX_VALUE);
  }

  private static <T> T get(CompletionStage<T> stage, long seconds) {
    try {
      return stage.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new ToolException(ExitCode.FAILED, String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new ToolException(
          ExitCode.UNREACHABLE, "no answer within %d s (--timeout)".formatted(seconds), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException(ExitCode.FAILED, "interrupted", e);
    }
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    ToolActorSystem.stop(system);
  }
}
