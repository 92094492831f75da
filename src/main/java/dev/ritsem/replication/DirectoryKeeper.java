package dev.ritsem.replication;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.log.Log;
import dev.ritsem.log.LogSettings;
import dev.ritsem.replication.ReplicaDirectory.Checkpoint;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after log directories as a whole: writes offsets of all their logs down from time to time,
 * removes what was deleted, and closes them at the end. One piece of work at a time, on the
 * blocking-I/O dispatcher.
 */
final class DirectoryKeeper extends AbstractBehavior<DirectoryKeeper.Command> {
  private static final Logger logger = LoggerFactory.getLogger(DirectoryKeeper.class);

  /** How late a deleted file may go after its time has come. */
  private static final Duration REMOVAL_INTERVAL = Duration.ofSeconds(15);

  sealed interface Command {}

  /** From the supervisor, when no replica is left: close all directories, then stop. */
  record Close(Set<LocalPartition> closedCleanly, CompletableFuture<Done> done)
      implements Command {}

  private record WorkDue(Work work) implements Command {}

  private record WorkDone(Work work, @Nullable Throwable fault) implements Command {}

  /** In order of urgency. */
  private enum Work {
    HIGH_WATERMARKS,
    RECOVERY_POINTS,
    LOG_START_OFFSETS,
    REMOVAL,
    CLOSE
  }

  /** What the keeper is built with. */
  record Parts(
      Settings settings,
      List<ReplicaDirectory> directories,
      ReplicaRegistry registry,
      Executor blockingIo) {}

  private final Parts parts;
  private final TimerScheduler<Command> timers;
  private final Set<Work> due = EnumSet.noneOf(Work.class);
  private @Nullable Work running;
  private @Nullable Close closing;

  private DirectoryKeeper(
      ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
    super(context);
    this.parts = parts;
    this.timers = timers;
    every(ReplicationSettings.HIGH_WATERMARK_CHECKPOINT_INTERVAL_MS, Work.HIGH_WATERMARKS);
    every(LogSettings.FLUSH_OFFSET_CHECKPOINT_INTERVAL_MS, Work.RECOVERY_POINTS);
    every(LogSettings.FLUSH_START_OFFSET_CHECKPOINT_INTERVAL_MS, Work.LOG_START_OFFSETS);
    every(REMOVAL_INTERVAL, Work.REMOVAL);
  }

  /** A fault of its own would be a broken invariant; it is not restarted. */
  static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new DirectoryKeeper(context, timers, parts)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(WorkDue.class, this::onWorkDue)
        .onMessage(WorkDone.class, this::onWorkDone)
        .onMessage(Close.class, this::onClose)
        .build();
  }

  private Behavior<Command> onWorkDue(WorkDue message) {
    due.add(message.work());
    workOn();
    return this;
  }

  private Behavior<Command> onClose(Close close) {
    closing = close;
    timers.cancelAll();
    due.clear();
    due.add(Work.CLOSE);
    workOn();
    return this;
  }

  private void workOn() {
    if (running == null && !due.isEmpty()) {
      Work next = due.iterator().next();
      due.remove(next);
      running = next;
      Close last = closing;
      getContext()
          .pipeToSelf(
              CompletableFuture.runAsync(() -> work(next, last), parts.blockingIo()),
              (nothing, fault) -> new WorkDone(next, fault));
    }
  }

  private Behavior<Command> onWorkDone(WorkDone done) {
    running = null;
    if (done.work() == Work.CLOSE && closing != null) {
      return closed(closing.done(), done.fault());
    }
    if (done.fault() != null) {
      // The next time tries again; until then a restart reads more of the logs than it had to.
      logger.warn("{} of the log directories failed", done.work(), done.fault());
    }
    workOn();
    return this;
  }

  private static Behavior<Command> closed(CompletableFuture<Done> done, @Nullable Throwable fault) {
    if (fault == null) {
      done.complete(Done.getInstance());
    } else {
      done.completeExceptionally(fault);
    }
    return Behaviors.stopped();
  }

  /** On the blocking-I/O dispatcher. */
  private void work(Work work, @Nullable Close last) {
    for (ReplicaDirectory directory : parts.directories()) {
      List<LocalPartition> here =
          parts.registry().all().stream().filter(one -> one.home() == directory).toList();
      List<Log> logs = here.stream().map(LocalPartition::log).filter(Objects::nonNull).toList();
      switch (work) {
        case REMOVAL -> directory.removeDeleted(logs);
        case CLOSE -> directory.close(logs, last != null && last.closedCleanly().containsAll(here));
        case HIGH_WATERMARKS -> write(Checkpoint.HIGH_WATERMARKS, directory, here, logs);
        case RECOVERY_POINTS -> write(Checkpoint.RECOVERY_POINTS, directory, here, logs);
        case LOG_START_OFFSETS -> write(Checkpoint.LOG_START_OFFSETS, directory, here, logs);
      }
    }
  }

  /** A checkpoint replaces the one before, so it waits until all logs are open that will be. */
  private static void write(
      Checkpoint checkpoint,
      ReplicaDirectory directory,
      List<LocalPartition> here,
      List<Log> logs) {
    if (here.stream().noneMatch(LocalPartition::isOpening)) {
      directory.write(checkpoint, logs);
    }
  }

  private void every(Setting<? extends Number> interval, Work work) {
    every(Duration.ofMillis(parts.settings().get(interval).longValue()), work);
  }

  private void every(Duration interval, Work work) {
    timers.startTimerWithFixedDelay(new WorkDue(work), interval);
  }
}
