package dev.ritsem.replication;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import dev.ritsem.config.Settings;
import dev.ritsem.log.Disk;
import dev.ritsem.log.LogDirectory;
import dev.ritsem.log.LogSettings;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The replicas of a running node. */
public final class LocalReplicas implements Replicas {
  private final ReplicaRegistry registry;
  private final ActorRef<ReplicaSupervisor.Command> supervisor;
  private final CompletableFuture<Done> ready;
  private final CompletableFuture<Done> closed = new CompletableFuture<>();
  private final ImagePublisher.Subscription subscription;

  private LocalReplicas(
      ReplicaRegistry registry,
      ActorRef<ReplicaSupervisor.Command> supervisor,
      CompletableFuture<Done> ready,
      ImagePublisher images) {
    this.registry = registry;
    this.supervisor = supervisor;
    this.ready = ready;
    this.subscription =
        images.subscribe(image -> supervisor.tell(new ReplicaSupervisor.ImageChanged(image)));
  }

  /**
   * What a node gives its replicas.
   *
   * @param self this broker
   * @param settings the node's settings
   * @param disk on which the directories lie
   * @param directories open and locked; closed by {@link Replicas#close}
   * @param images tells what this broker has to hold
   * @param eventLoops how many loops the system's {@link EventLoopsSetup} has; replicas are spread
   *     over them
   */
  public record Parts(
      BrokerId self,
      Settings settings,
      Clock clock,
      Disk disk,
      List<LogDirectory> directories,
      ImagePublisher images,
      int eventLoops) {
    public Parts {
      directories = List.copyOf(directories);
    }
  }

  /**
   * Starts following the images. The system must have been started with {@link
   * ActorDispatchers#config}, {@link ReplicaEventSerializer#config}, an {@link EventLoopsSetup} and
   * the plugins {@code ritsem.journal} and {@code ritsem.snapshots}.
   */
  public static Replicas start(ActorSystem<?> system, Parts parts) {
    Executor blockingIo = system.dispatchers().lookup(ActorDispatchers.blockingIo());
    ReplicaRegistry registry = new ReplicaRegistry();
    CompletableFuture<Done> ready = new CompletableFuture<>();
    system.systemActorOf(UndeliveredAppends.create(), "undelivered-appends", Props.empty());
    ActorRef<ReplicaSupervisor.Command> supervisor =
        system.systemActorOf(
            ReplicaSupervisor.create(
                new ReplicaSupervisor.Parts(
                    parts.self(),
                    parts.settings(),
                    parts.clock(),
                    placement(parts, blockingIo),
                    registry,
                    blockingIo,
                    parts.eventLoops(),
                    ready)),
            "replicas",
            Props.empty());
    return new LocalReplicas(registry, supervisor, ready, parts.images());
  }

  private static ReplicaPlacement placement(Parts parts, Executor blockingIo) {
    int openersMax = parts.settings().get(LogSettings.RECOVERY_THREADS_PER_DATA_DIR);
    List<ReplicaDirectory> homes =
        parts.directories().stream()
            .map(
                directory ->
                    new ReplicaDirectory(
                        directory,
                        parts.disk(),
                        parts.clock(),
                        new BoundedExecutor(blockingIo, openersMax)))
            .toList();
    return new ReplicaPlacement(parts.self(), homes);
  }

  @Override
  public @Nullable Partition find(TopicPartition topicPartition) {
    return registry.find(topicPartition);
  }

  @Override
  public @Nullable Partition find(TopicId topicId, int partition) {
    return registry.find(topicId, partition);
  }

  @Override
  public Collection<Partition> all() {
    return Collections.unmodifiableCollection(registry.all());
  }

  @Override
  public CompletionStage<Done> ready() {
    return ready.copy();
  }

  @Override
  public CompletionStage<Done> following(long imageVersion) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    supervisor.tell(new ReplicaSupervisor.AwaitImage(imageVersion, done));
    return done;
  }

  @Override
  public CompletionStage<Done> close() {
    subscription.cancel();
    supervisor.tell(new ReplicaSupervisor.Shutdown(closed));
    return closed.copy();
  }
}
