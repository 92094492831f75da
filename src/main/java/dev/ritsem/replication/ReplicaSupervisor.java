package dev.ritsem.replication;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ritsem.config.Settings;
import dev.ritsem.log.BrokenLogException;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogIoException;
import dev.ritsem.log.LogSettings;
import dev.ritsem.log.PartitionDirectory;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.replication.ReplicaState.Assignment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this broker's replicas as the metadata image says: starts, reassigns, deletes them; takes
 * those of a failed log directory offline; hands out periodic work; stops all in order.
 */
final class ReplicaSupervisor extends AbstractBehavior<ReplicaSupervisor.Command> {
  private static final Logger logger = LoggerFactory.getLogger(ReplicaSupervisor.class);

  sealed interface Command {}

  /** The cluster's metadata have changed. */
  record ImageChanged(ClusterImage image) implements Command {}

  /** Complete when all replicas have the roles of an image of at least this version. */
  record AwaitImage(long version, CompletableFuture<Done> done) implements Command {}

  /** From a replica: it has done what it was last assigned. */
  record ReplicaSettled(LocalPartition partition) implements Command {}

  /** From a replica: it is offline until the node starts again. */
  record ReplicaFailed(LocalPartition partition, String what, @Nullable Throwable fault)
      implements Command {}

  /** Stop everything; complete when that is done. */
  record Shutdown(CompletableFuture<Done> done) implements Command {}

  private record ReplicaClosed(PartitionLog.Closed closed) implements Command {}

  private record ReplicaStopped(LocalPartition partition) implements Command {}

  private record MaintenanceDue(PartitionLog.Maintenance task) implements Command {}

  /** What the supervisor is built with. */
  record Parts(
      BrokerId self,
      Settings settings,
      Clock clock,
      ReplicaPlacement placement,
      ReplicaRegistry registry,
      Executor blockingIo,
      int eventLoops,
      CompletableFuture<Done> ready) {}

  private record Replica(LocalPartition partition, ActorRef<PartitionReplica.Command> actor) {}

  private final Parts parts;
  private final TimerScheduler<Command> timers;
  private final Map<TopicIdPartition, Replica> replicas = new HashMap<>();

  /** Topics as they were last looked at, with the configuration made from them. */
  private final Map<TopicId, KnownTopic> topics = new HashMap<>();

  /** How many assignments of a replica it has not settled yet; at least 1. */
  private final Map<LocalPartition, Integer> settling = new HashMap<>();

  private final List<AwaitImage> awaiting = new ArrayList<>();

  /** Told to delete themselves; no replica of the same name is started before they are gone. */
  private final Map<TopicPartition, Replica> deleting = new HashMap<>();

  /** Where a replica was stopped by a fault. */
  private final Set<TopicPartition> dead = new HashSet<>();

  private final Set<LocalPartition> closedCleanly = new HashSet<>();
  private final ActorRef<DirectoryKeeper.Command> keeper;
  private ClusterImage image = ClusterImage.EMPTY;
  private int started;
  private @Nullable CompletableFuture<Done> shutdown;
  private boolean closingDirectories;

  private record KnownTopic(TopicImage image, LogConfig config) {}

  private ReplicaSupervisor(
      ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    super(context);
    this.timers = timers;
    this.parts = parts;
    Settings settings = parts.settings();
    every(
        settings.get(LogSettings.RETENTION_CHECK_INTERVAL_MS),
        new MaintenanceDue(PartitionLog.Maintenance.RETENTION));
    every(
        settings.get(LogSettings.FLUSH_SCHEDULER_INTERVAL_MS),
        new MaintenanceDue(PartitionLog.Maintenance.FLUSH));
    every(
        settings.get(LogSettings.PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS),
        new MaintenanceDue(PartitionLog.Maintenance.PRODUCER_EXPIRATION));
    this.keeper =
        context.spawn(
            DirectoryKeeper.create(
                new DirectoryKeeper.Parts(
                    settings,
                    parts.placement().directories(),
                    parts.registry(),
                    parts.blockingIo())),
            "directories");
  }

  /** Not restarted: without it nobody follows the metadata, so the node must not go on. */
  static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new ReplicaSupervisor(context, timers, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(ImageChanged.class, this::onImageChanged)
        .onMessage(AwaitImage.class, this::onAwaitImage)
        .onMessage(ReplicaSettled.class, this::onReplicaSettled)
        .onMessage(ReplicaFailed.class, this::onReplicaFailed)
        .onMessage(ReplicaClosed.class, this::onReplicaClosed)
        .onMessage(ReplicaStopped.class, this::onReplicaStopped)
        .onMessage(MaintenanceDue.class, this::onMaintenanceDue)
        .onMessage(Shutdown.class, this::onShutdown)
        .build();
  }

  private Behavior<Command> onImageChanged(ImageChanged changed) {
    if (shutdown != null) {
      return this;
    }
    boolean first = image.version() == 0;
    image = changed.image();
    List<TopicId> gone =
        topics.keySet().stream().filter(id -> image.topics().find(id) == null).toList();
    gone.forEach(this::forget);
    image.topics().all().forEach(this::follow);
    if (first) {
      clearStrays();
    }
    completeWhenSettled();
    return this;
  }

  private void clearStrays() {
    for (ReplicaDirectory directory : parts.placement().directories()) {
      for (PartitionDirectory stray : parts.placement().strays(directory, image)) {
        directory
            .clearLater(stray)
            .exceptionally(
                fault -> {
                  logger.warn("cannot remove {}, whose topic is gone", stray.path(), fault);
                  return null;
                });
      }
    }
  }

  private void forget(TopicId id) {
    KnownTopic known = topics.remove(id);
    if (known != null) {
      for (int partition = 0; partition < known.image().partitions().size(); partition++) {
        delete(new TopicIdPartition(id, known.image().name(), partition));
      }
    }
  }

  private void follow(TopicImage topic) {
    KnownTopic known = topics.get(topic.id());
    if (known != null && Objects.equals(known.image(), topic)) {
      return;
    }
    LogConfig config =
        known != null && known.image().configs().equals(topic.configs())
            ? known.config()
            : LogConfig.of(topic.configs(), parts.settings());
    topics.put(topic.id(), new KnownTopic(topic, config));
    for (int partition = 0; partition < topic.partitions().size(); partition++) {
      PartitionRegistration registration = topic.partitions().get(partition);
      TopicIdPartition id = new TopicIdPartition(topic.id(), topic.name(), partition);
      if (registration.hasReplica(parts.self())) {
        assign(id, registration, config);
      } else {
        delete(id);
      }
    }
  }

  private void assign(TopicIdPartition id, PartitionRegistration registration, LogConfig config) {
    // While one of the same name is being deleted, the directory has not the name that this one
    // needs; see onReplicaStopped. And where one died none is started until the node starts again.
    if (deleting.containsKey(id.topicPartition()) || dead.contains(id.topicPartition())) {
      return;
    }
    Replica replica = replicas.computeIfAbsent(id, missing -> start(id, config));
    Assignment assignment =
        new Assignment(
            registration.leader(),
            new LeaderEpoch(registration.leaderEpoch()),
            registration.partitionEpoch(),
            registration.isr());
    settling.merge(replica.partition(), 1, Integer::sum);
    replica.actor().tell(new PartitionReplica.Assign(assignment, config));
  }

  private Replica start(TopicIdPartition id, LogConfig config) {
    LocalPartition partition = new LocalPartition(id, config, parts.placement().place(id));
    PartitionReplica.Parts replicaParts =
        new PartitionReplica.Parts(
            partition,
            parts.self(),
            parts.clock(),
            parts.blockingIo(),
            ActorDispatchers.eventLoop(started % parts.eventLoops()),
            getContext().getSelf());
    // The number keeps names apart when a topic comes back while its old replica still stops.
    started++;
    ActorRef<PartitionReplica.Command> actor =
        getContext().spawn(PartitionReplica.create(replicaParts), "replica-" + started);
    getContext().watchWith(actor, new ReplicaStopped(partition));
    parts.registry().add(partition);
    return new Replica(partition, actor);
  }

  private void delete(TopicIdPartition id) {
    Replica replica = replicas.remove(id);
    LocalPartition partition = parts.registry().find(id.topicId(), id.partition());
    if (partition != null) {
      parts.registry().remove(partition);
    }
    if (replica != null) {
      deleting.put(id.topicPartition(), replica);
      settling.remove(replica.partition());
      parts.placement().forget(id);
      replica.actor().tell(new PartitionReplica.Delete());
    }
  }

  private Behavior<Command> onAwaitImage(AwaitImage request) {
    awaiting.add(request);
    completeWhenSettled();
    return this;
  }

  private Behavior<Command> onReplicaSettled(ReplicaSettled settled) {
    settling.computeIfPresent(
        settled.partition(), (partition, open) -> open == 1 ? null : open - 1);
    completeWhenSettled();
    return this;
  }

  private void completeWhenSettled() {
    if (settling.isEmpty() && image.version() > 0) {
      parts.ready().complete(Done.getInstance());
      awaiting.stream()
          .filter(request -> request.version() <= image.version())
          .forEach(request -> request.done().complete(Done.getInstance()));
      awaiting.removeIf(request -> request.done().isDone());
    }
  }

  private Behavior<Command> onReplicaFailed(ReplicaFailed failed) {
    settling.remove(failed.partition());
    completeWhenSettled();
    Throwable fault = unwrapped(failed.fault());
    if (fault instanceof LogIoException || fault instanceof BrokenLogException) {
      takeDirectoryOffline(failed, fault);
    } else {
      dead.add(failed.partition().id().topicPartition());
      logger.error(
          "{}: {}; this replica is offline until the node starts again",
          failed.partition().id(),
          failed.what(),
          fault);
    }
    return this;
  }

  /** A disk that failed once is not trusted with its other partitions either. Said once. */
  private void takeDirectoryOffline(ReplicaFailed failed, Throwable fault) {
    LogHome home = failed.partition().home();
    if (!(home instanceof ReplicaDirectory directory) || directory.hasFailed()) {
      return;
    }
    directory.fail();
    List<Replica> others =
        replicas.values().stream().filter(one -> one.partition().home() == directory).toList();
    logger.error(
        "log directory {} has failed ({}: {}); its {} partitions are offline until the node starts"
            + " again",
        directory.path(),
        failed.partition().id().topicPartition(),
        failed.what(),
        others.size(),
        fault);
    for (Replica other : others) {
      settling.remove(other.partition());
      other.actor().tell(new PartitionReplica.GoOffline("The log directory has failed"));
    }
    completeWhenSettled();
  }

  private Behavior<Command> onReplicaClosed(ReplicaClosed closed) {
    if (closed.closed().clean()) {
      closedCleanly.add(closed.closed().partition());
    }
    return this;
  }

  private Behavior<Command> onReplicaStopped(ReplicaStopped stopped) {
    LocalPartition partition = stopped.partition();
    TopicIdPartition id = partition.id();
    Replica deleted = deleting.get(id.topicPartition());
    if (deleted != null && deleted.partition() == partition) {
      deleting.remove(id.topicPartition());
      followAgain(id.topic());
    } else {
      replicas.remove(id);
      dead.add(id.topicPartition());
      settling.remove(partition);
      completeWhenSettled();
      if (shutdown == null) {
        logger.error("{}: the replica stopped; it is offline until the node starts again", id);
      }
    }
    closeDirectoriesWhenAllAreGone();
    return this;
  }

  /** Starts what had to wait for a replica of the same name to be gone. */
  private void followAgain(String name) {
    TopicImage topic = image.topics().find(name);
    if (topic != null && shutdown == null) {
      topics.remove(topic.id());
      follow(topic);
    }
  }

  private Behavior<Command> onMaintenanceDue(MaintenanceDue due) {
    replicas.values().forEach(replica -> replica.partition().maintain(due.task()));
    return this;
  }

  private Behavior<Command> onShutdown(Shutdown request) {
    if (shutdown != null) {
      // The node was told to stop twice; both wait for the same end.
      return this;
    }
    shutdown = request.done();
    awaiting.forEach(
        one -> one.done().completeExceptionally(new IllegalStateException("the node stops")));
    timers.cancelAll();
    ActorRef<PartitionLog.Closed> closed =
        getContext().messageAdapter(PartitionLog.Closed.class, ReplicaClosed::new);
    for (Replica replica : new ArrayList<>(replicas.values())) {
      replica.actor().tell(new PartitionReplica.Close(ErrorCode.NOT_LEADER_OR_FOLLOWER, closed));
    }
    closeDirectoriesWhenAllAreGone();
    return this;
  }

  private void closeDirectoriesWhenAllAreGone() {
    CompletableFuture<Done> done = shutdown;
    if (done != null && !closingDirectories && replicas.isEmpty() && deleting.isEmpty()) {
      closingDirectories = true;
      keeper.tell(new DirectoryKeeper.Close(closedCleanly, done));
    }
  }

  private void every(long intervalMs, Command command) {
    // Kafka's way to say "never" is the largest number.
    if (intervalMs < Duration.ofDays(365).toMillis()) {
      timers.startTimerWithFixedDelay(command, Duration.ofMillis(intervalMs));
    }
  }

  private static @Nullable Throwable unwrapped(@Nullable Throwable fault) {
    return fault instanceof CompletionException && fault.getCause() != null
        ? fault.getCause()
        : fault;
  }
}
