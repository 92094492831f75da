package dev.ritsem.testing;

import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.setup.Setup;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An actor system for one test, stopped after it. Use as a field with {@code @RegisterExtension};
 * the field must not be static.
 */
public final class TestActors implements AfterEachCallback {
  private static final Duration STOPPING_MAX = Duration.ofSeconds(20);

  private final ActorTestKit kit;

  private TestActors(ActorTestKit kit) {
    this.kit = kit;
  }

  /** A system with the given configuration before the libraries' defaults. */
  public static TestActors with(Config config, Setup... setups) {
    Config quiet =
        ConfigFactory.parseString(
            """
            akka.loglevel = WARNING
            akka.stdout-loglevel = OFF
            akka.log-dead-letters = off
            akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
            akka.loggers = ["akka.event.slf4j.Slf4jLogger"]
            akka.logging-filter = "akka.event.slf4j.Slf4jLoggingFilter"
            """);
    ActorSystemSetup setup =
        ActorSystemSetup.create(setups)
            .and(
                BootstrapSetup.create(
                    config.withFallback(quiet).withFallback(ConfigFactory.load())));
    return new TestActors(
        ActorTestKit.create(ActorSystem.create(Behaviors.empty(), "test", setup)));
  }

  public static TestActors plain() {
    return with(ConfigFactory.empty());
  }

  public ActorTestKit kit() {
    return kit;
  }

  public ActorSystem<Void> system() {
    return kit.system();
  }

  public <M> ActorRef<M> spawn(Behavior<M> behavior, String name, Props props) {
    return kit.spawn(behavior, name, props);
  }

  public <M> TestProbe<M> probe(Class<M> type) {
    return kit.createTestProbe(type);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ActorTestKit.shutdown(kit.system(), STOPPING_MAX, true);
  }
}
