package dev.ritsem.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.ChildFailed;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.ritsem.log.LogConfig;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.replication.ReplicaState.Assignment;
import dev.ritsem.replication.ReplicaState.Follower;
import dev.ritsem.replication.ReplicaState.Leader;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One replica: journals its decisions, and supervises the owner of its log. Slow and careful where
 * {@link PartitionLog} is fast, so that a decision on its way to the journal holds up no append.
 *
 * <p>On start: replay the decisions, open the log with what they say, then take the role that the
 * metadata image says. The role that was journaled is not taken by itself: the controller may have
 * decided otherwise meanwhile.
 */
final class PartitionReplica
    extends EventSourcedBehavior<PartitionReplica.Command, ReplicaEvent, ReplicaState> {
  /** Part of the configuration: which journal and snapshot store keep the decisions. */
  static final String JOURNAL = "ritsem.journal";

  static final String SNAPSHOTS = "ritsem.snapshots";

  private static final int EVENTS_PER_SNAPSHOT = 100;
  private static final int SNAPSHOTS_KEPT = 1;

  sealed interface Command {}

  /** From the supervisor: what the image says about this replica now. */
  record Assign(Assignment assignment, LogConfig config) implements Command {}

  /** From the supervisor: the log directory has failed. */
  record GoOffline(String reason) implements Command {}

  /** From the supervisor: flush, close, stop. */
  record Close(ErrorCode reason, ActorRef<PartitionLog.Closed> replyTo) implements Command {}

  /** From the supervisor: the topic, or this replica of it, is gone. */
  record Delete() implements Command {}

  /** From the log's owner, once for each role that it was told: it has taken it, or cannot. */
  record RoleSettled() implements Command {}

  /** From the log's owner: it is offline until the node starts again. */
  record LogFailed(String what, @Nullable Throwable fault) implements Command {}

  /** From the log's owner: the start has been moved; answer when that is journaled. */
  record LogStartMoved(long logStartOffset, CompletableFuture<DeleteRecordsResult> reply)
      implements Command {}

  private record OwnerStopped() implements Command {}

  /** What a replica is built with. */
  record Parts(
      LocalPartition partition,
      BrokerId self,
      Clock clock,
      Executor blockingIo,
      DispatcherSelector loop,
      ActorRef<ReplicaSupervisor.Command> supervisor) {}

  private final ActorContext<Command> context;
  private final Parts parts;
  private final LocalPartition partition;
  private final ReplicaCore core;
  private final ActorRef<PartitionLog.Command> owner;
  private LogConfig config;
  private boolean ownerFailed;

  private PartitionReplica(ActorContext<Command> context, Parts parts) {
    super(persistenceId(parts));
    this.context = context;
    this.parts = parts;
    this.partition = parts.partition();
    this.core = new ReplicaCore(parts.self());
    this.config = partition.status().config();
    PartitionLog.Parts ownerParts =
        new PartitionLog.Parts(
            partition, parts.self(), parts.clock(), parts.blockingIo(), context.getSelf());
    // Stops on any fault: a log that was found broken must not be opened again by a restart.
    this.owner = context.spawn(PartitionLog.create(ownerParts), "log", parts.loop());
    context.watch(owner);
    partition.attach(owner);
  }

  static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(context -> new PartitionReplica(context, parts));
  }

  private static PersistenceId persistenceId(Parts parts) {
    return PersistenceId.ofUniqueId(
        "%s:%d@%s"
            .formatted(
                parts.partition().id().topicId(),
                parts.partition().id().partition(),
                parts.self()));
  }

  @Override
  public String journalPluginId() {
    return JOURNAL;
  }

  @Override
  public String snapshotPluginId() {
    return SNAPSHOTS;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(EVENTS_PER_SNAPSHOT, SNAPSHOTS_KEPT)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public ReplicaState emptyState() {
    return ReplicaState.INITIAL;
  }

  @Override
  public EventHandler<ReplicaState, ReplicaEvent> eventHandler() {
    return core::replay;
  }

  @Override
  public SignalHandler<ReplicaState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecoveryCompleted)
        .onSignal(RecoveryFailed.class, (state, failed) -> onRecoveryFailed(failed))
        .onSignal(ChildFailed.class, (state, failed) -> onOwnerFailed(failed.getCause()))
        .onSignal(Terminated.class, (state, stopped) -> context.getSelf().tell(new OwnerStopped()))
        .build();
  }

  @Override
  public CommandHandler<Command, ReplicaEvent, ReplicaState> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Assign.class, this::onAssign)
        .onCommand(LogStartMoved.class, this::onLogStartMoved)
        .onCommand(RoleSettled.class, command -> onRoleSettled())
        .onCommand(LogFailed.class, this::onLogFailed)
        .onCommand(GoOffline.class, this::onGoOffline)
        .onCommand(Close.class, this::onClose)
        .onCommand(Delete.class, command -> onDelete())
        .onCommand(OwnerStopped.class, command -> onOwnerStopped())
        .build();
  }

  private void onRecoveryCompleted(ReplicaState state) {
    owner.tell(new PartitionLog.Open(partition.home().open(partition, state)));
  }

  private void onRecoveryFailed(RecoveryFailed failed) {
    owner.tell(new PartitionLog.GoOffline("The decisions of the replica cannot be read"));
    report("cannot read the replica's decisions", failed.getFailure());
  }

  private Effect<ReplicaEvent, ReplicaState> onAssign(ReplicaState state, Assign assign) {
    if (!assign.config().equals(config)) {
      config = assign.config();
      owner.tell(new PartitionLog.Reconfigure(config));
    }
    Optional<ReplicaEvent> decision;
    try {
      decision = core.follow(state, assign.assignment());
    } catch (IllegalStateException broken) {
      owner.tell(new PartitionLog.GoOffline("The replica's metadata contradicts itself"));
      report("the controller's decisions contradict each other", broken);
      return Effect().none();
    }
    return decision
        .<Effect<ReplicaEvent, ReplicaState>>map(
            event -> Effect().persist(event).thenRun(this::enterRole))
        .orElseGet(() -> Effect().none().thenRun(this::enterRole));
  }

  /** Tells the owner the role in force; the same role again changes nothing there. */
  private void enterRole(ReplicaState state) {
    if (ownerFailed) {
      parts.supervisor().tell(new ReplicaSupervisor.ReplicaSettled(partition));
      return;
    }
    owner.tell(
        state.role() instanceof Leader leader
            ? new PartitionLog.Lead(leader.leaderEpoch(), leader.isr())
            : state.role() instanceof Follower follower
                ? new PartitionLog.Follow(follower.leaderEpoch(), follower.leader())
                : new PartitionLog.StandDown(state.leaderEpoch()));
  }

  private Effect<ReplicaEvent, ReplicaState> onLogStartMoved(
      ReplicaState state, LogStartMoved moved) {
    DeleteRecordsResult result = DeleteRecordsResult.deleted(moved.logStartOffset());
    return core.logStartMoved(state, moved.logStartOffset())
        .<Effect<ReplicaEvent, ReplicaState>>map(
            event -> Effect().persist(event).thenRun(next -> moved.reply().complete(result)))
        .orElseGet(() -> Effect().none().thenRun(next -> moved.reply().complete(result)));
  }

  private Effect<ReplicaEvent, ReplicaState> onRoleSettled() {
    parts.supervisor().tell(new ReplicaSupervisor.ReplicaSettled(partition));
    return Effect().none();
  }

  private Effect<ReplicaEvent, ReplicaState> onLogFailed(LogFailed failed) {
    report(failed.what(), failed.fault());
    return Effect().none();
  }

  private Effect<ReplicaEvent, ReplicaState> onGoOffline(GoOffline offline) {
    owner.tell(new PartitionLog.GoOffline(offline.reason()));
    return Effect().none();
  }

  private Effect<ReplicaEvent, ReplicaState> onClose(Close close) {
    if (ownerFailed) {
      close.replyTo().tell(new PartitionLog.Closed(partition, /* clean= */ false));
      return Effect().stop();
    }
    owner.tell(new PartitionLog.Close(close.reason(), close.replyTo()));
    return Effect().none();
  }

  private Effect<ReplicaEvent, ReplicaState> onDelete() {
    if (ownerFailed) {
      // The files are cleared away when the node starts again.
      return Effect().persist(new ReplicaEvent.Deleted()).thenStop();
    }
    return Effect()
        .persist(new ReplicaEvent.Deleted())
        .thenRun(state -> owner.tell(new PartitionLog.Delete()));
  }

  /** The owner has done its last work: after Close or Delete there is nothing left to do. */
  private Effect<ReplicaEvent, ReplicaState> onOwnerStopped() {
    return Effect().stop();
  }

  /** The replica stays, offline, so that whoever asks about the partition gets an answer. */
  private void onOwnerFailed(Throwable fault) {
    ownerFailed = true;
    report("the owner of the log stopped", fault);
  }

  private void report(String what, @Nullable Throwable fault) {
    parts.supervisor().tell(new ReplicaSupervisor.ReplicaFailed(partition, what, fault));
  }
}
