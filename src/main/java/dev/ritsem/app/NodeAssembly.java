package dev.ritsem.app;

import akka.Done;
import akka.actor.BootstrapSetup;
import akka.actor.setup.ActorSystemSetup;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import dev.ritsem.app.RitsemNode.BoundEndpoint;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.InProcessConnector;
import dev.ritsem.client.transport.LocalBroker;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsException;
import dev.ritsem.log.Disk;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.log.LogDirectoryException;
import dev.ritsem.log.LogIoException;
import dev.ritsem.log.NioDisk;
import dev.ritsem.metadata.controller.BrokerRegistrationRequest;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.ControllerActor;
import dev.ritsem.metadata.controller.ControllerCore;
import dev.ritsem.metadata.controller.ControllerDeployment;
import dev.ritsem.metadata.controller.ControllerProxy;
import dev.ritsem.metadata.controller.ControllerSettings;
import dev.ritsem.metadata.controller.LogConfigRules;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.SystemClock;
import dev.ritsem.replication.ActorDispatchers;
import dev.ritsem.replication.EventLoopsSetup;
import dev.ritsem.replication.LocalReplicas;
import dev.ritsem.replication.Replicas;
import dev.ritsem.replication.ReplicationSettings;
import dev.ritsem.replication.journal.LocalJournalSetup;
import dev.ritsem.server.EventLoops;
import dev.ritsem.server.RequestDispatcher;
import dev.ritsem.server.SocketServer;
import dev.ritsem.server.SocketServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Builds a node out of its layers, from the bottom to the top, and takes down what stands if a
 * later step fails. Used once, on a thread that may block.
 *
 * <p>The order: data directories (locked, formatted, checked); event loops and actor system;
 * controller; sockets bound, so that their ports are known, but not served; registration with the
 * controller; logs opened and recovered; leadership taken; then clients are served.
 */
final class NodeAssembly {
  /** Where the decisions of actors are kept, inside of the first data directory. */
  private static final String DECISIONS = "ritsem-decisions";

  private static final String JOURNAL = "ritsem.journal";
  private static final String SNAPSHOTS = "ritsem.snapshots";
  private static final String ACTOR_SYSTEM = "ritsem";

  private static final Set<String> ANY_ADDRESS = Set.of("", "0.0.0.0", "::");

  /** For requests that have arrived when the node is told to stop. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

  private final Settings settings;
  private final Config akka;
  private final Clock clock = SystemClock.INSTANCE;
  private final SecureRandom random = new SecureRandom();
  private final IdSource ids = IdSource.from(random);
  private final Disk disk = NioDisk.INSTANCE;
  private final ImagePublisher images = new ImagePublisher();

  NodeAssembly(Settings settings, Config akka) {
    this.settings = settings;
    this.akka = akka;
  }

  RitsemNode start() {
    BrokerId nodeId = NodeSettings.nodeId(settings);
    SocketServerSettings sockets = SocketServerSettings.of(settings);
    List<LogDirectory> directories = openDirectories(nodeId);
    @Nullable NodeShutdown shutdown = null;
    try {
      EventLoops loops = EventLoops.of(settings);
      ActorSystem<Void> system = actorSystem(loops, directories.get(0).path());
      shutdown = new NodeShutdown(system, loops, directories);
      return assemble(nodeId, sockets, directories, loops, system, shutdown);
    } catch (RuntimeException | Error failure) {
      if (shutdown == null) {
        directories.forEach(LogDirectory::close);
      } else {
        shutdown.run().toCompletableFuture().join();
      }
      throw explained(failure);
    }
  }

  private List<LogDirectory> openDirectories(BrokerId nodeId) {
    try {
      return LogDirectory.openAll(disk, NodeSettings.logDirectories(settings), nodeId, ids, clock);
    } catch (LogDirectoryException | LogIoException e) {
      throw new NodeStartException(String.valueOf(e.getMessage()), e);
    }
  }

  private ActorSystem<Void> actorSystem(EventLoops loops, Path firstDirectory) {
    Config config =
        NodeAkkaConfig.of(
            akka, loops.executors().size(), settings.get(ReplicationSettings.BACKGROUND_THREADS));
    return ActorSystem.create(
        Behaviors.empty(),
        ACTOR_SYSTEM,
        ActorSystemSetup.create(
            BootstrapSetup.create(config),
            new EventLoopsSetup(loops.executors()),
            new LocalJournalSetup(disk, firstDirectory.resolve(DECISIONS), clock)));
  }

  private RitsemNode assemble(
      BrokerId nodeId,
      SocketServerSettings sockets,
      List<LogDirectory> directories,
      EventLoops loops,
      ActorSystem<Void> system,
      NodeShutdown shutdown) {
    String clusterId = directories.get(0).clusterId();
    Controller controller = controller(system, nodeId, clusterId);
    Replicas replicas =
        LocalReplicas.start(
            system,
            new LocalReplicas.Parts(
                nodeId, settings, clock, disk, directories, images, loops.executors().size()));
    shutdown.onServiceStop("replicas", replicas::close);
    RequestDispatcher dispatcher =
        new RequestDispatcher(
            new NodeHandlers(
                    nodeId,
                    settings,
                    new FollowedController(controller, images, replicas),
                    images,
                    replicas,
                    system
                        .dispatchers()
                        .lookup(DispatcherSelector.fromConfig(ActorDispatchers.BLOCKING_IO)),
                    clock,
                    random)
                .all());
    SocketServer server = bind(sockets, loops, dispatcher, clock);
    shutdown.onUnbind("sockets", () -> done(server.stop(ANSWER_LIMIT)));
    BrokerRegistration registration =
        await(
            controller.registerBroker(
                new BrokerRegistrationRequest(
                    nodeId,
                    clusterId,
                    ids.nextUuid(),
                    server.endpoints(),
                    settings.optional(NodeSettings.BROKER_RACK).orElse(null))));
    await(replicas.ready());
    await(controller.unfenceBroker(nodeId, registration.epoch()));
    // Being unfenced makes this broker the leader of what it leads; serve when it is.
    await(replicas.following(images.current().version()));
    server.serve();
    List<BoundEndpoint> endpoints = boundEndpoints(sockets, server);
    return new RitsemNode(
        nodeId,
        clusterId,
        endpoints,
        directories.stream().map(LogDirectory::path).toList(),
        new InProcessConnector(localBroker(nodeId, endpoints.get(0), dispatcher, loops)),
        shutdown);
  }

  private static LocalBroker localBroker(
      BrokerId nodeId, BoundEndpoint first, RequestDispatcher dispatcher, EventLoops loops) {
    return new NodeLocalBroker(
        new BrokerAddress(nodeId.value(), first.host(), first.port()),
        first.listenerName(),
        dispatcher,
        loops.executors());
  }

  private Controller controller(ActorSystem<Void> system, BrokerId nodeId, String clusterId) {
    ControllerSettings controllerSettings = ControllerSettings.of(settings);
    ControllerCore core =
        new ControllerCore(
            controllerSettings,
            new LogConfigRules(settings),
            // A single node is the only one to ask about, and it asks about its earlier lives.
            registered -> false,
            ids,
            random);
    ActorRef<ControllerActor.Command> actor =
        system.systemActorOf(
            ControllerActor.create(
                new ControllerDeployment(clusterId, nodeId, JOURNAL, SNAPSHOTS),
                controllerSettings,
                core,
                images),
            "controller",
            Props.empty());
    return new ControllerProxy(actor, system);
  }

  private static SocketServer bind(
      SocketServerSettings sockets, EventLoops loops, RequestDispatcher dispatcher, Clock clock) {
    SocketServer server = new SocketServer(sockets, loops, dispatcher, clock);
    try {
      server.bind();
    } catch (IOException e) {
      throw new NodeStartException(String.valueOf(e.getMessage()), e);
    }
    return server;
  }

  // Of all interfaces a client in the same machine reaches the loopback one.
  private static List<BoundEndpoint> boundEndpoints(
      SocketServerSettings sockets, SocketServer server) {
    return sockets.listeners().stream()
        .map(
            listener ->
                new BoundEndpoint(
                    listener.name(),
                    ANY_ADDRESS.contains(listener.host()) ? "localhost" : listener.host(),
                    server.port(listener.name())))
        .toList();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static CompletionStage<Done> done(CompletionStage<Void> stage) {
    return stage.thenApply(nothing -> Done.getInstance());
  }

  /** What the operator is told: known reasons as they are, and of the others the cause. */
  private static RuntimeException explained(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof NodeStartException || cause instanceof SettingsException) {
      return (RuntimeException) cause;
    }
    String message = cause.getMessage();
    return new NodeStartException(
        "the node cannot start: " + (message == null ? cause.toString() : message), cause);
  }
}
