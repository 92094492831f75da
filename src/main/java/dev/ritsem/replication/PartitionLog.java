package dev.ritsem.replication;

import akka.actor.DeadLetterSuppression;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.ritsem.log.BrokenLogException;
import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogIoException;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.WireException;
import dev.ritsem.replication.LocalPartition.Status;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one partition's log: an actor on an event loop, and the only thread that writes. Its
 * parent, {@link PartitionReplica}, tells it the role; requests come through {@link
 * LocalPartition}. What may block (flushing, closing, deleting) is done on the blocking-I/O
 * dispatcher, one piece of work at a time, and its end comes back as a message.
 *
 * <p>An append is answered exactly once in every case: by {@link LeadingLog} while this leads; by
 * the refusals here otherwise; out of the stash if opening fails; and, if it comes too late for the
 * mailbox, by {@link UndeliveredAppends}.
 *
 * <p>After a fault of the disk or a broken invariant the log is left alone and the replica is
 * offline until the node starts again: nothing is restarted into a state that was found broken.
 */
final class PartitionLog extends AbstractBehavior<PartitionLog.Command> {
  /** Requests that may come before the first role has been taken; more are refused. */
  static final int STASHED_MAX = 1_000;

  sealed interface Command {}

  /** From the parent, once: the log is being opened. Requests wait for it. */
  record Open(CompletionStage<Log> opening) implements Command {}

  /** From the parent: lead. */
  record Lead(LeaderEpoch leaderEpoch, List<BrokerId> isr) implements Command {}

  /** From the parent: another broker leads. */
  record Follow(LeaderEpoch leaderEpoch, BrokerId leader) implements Command {}

  /** From the parent: nobody leads. */
  record StandDown(LeaderEpoch leaderEpoch) implements Command {}

  /** From the parent: the topic has other settings. */
  record Reconfigure(LogConfig config) implements Command {}

  /** From the parent: leave the log alone, something else of its directory has failed. */
  record GoOffline(String reason) implements Command {}

  /** From the parent: flush, close, then stop. */
  record Close(ErrorCode reason, ActorRef<Closed> replyTo) implements Command {}

  /** From the parent: the topic is gone; remove the log, then stop. */
  record Delete() implements Command {}

  /** A request of a client. */
  record Append(AppendRequest request, Consumer<AppendResult> listener, LocalPartition target)
      implements Command, DeadLetterSuppression {}

  /** A request of a client. */
  record DeleteRecords(
      long beforeOffset, CompletableFuture<DeleteRecordsResult> reply, LocalPartition target)
      implements Command, DeadLetterSuppression {}

  /** Periodic work of the node that concerns this log. */
  record Maintain(Maintenance task) implements Command {}

  /** What has to be looked after from time to time. */
  enum Maintenance {
    /** Close a segment that is old enough, delete those that have expired. */
    RETENTION,
    /** Flush, if flush.ms has passed since the last time. */
    FLUSH,
    /** Forget idempotent producers that have been silent for long. */
    PRODUCER_EXPIRATION
  }

  private record Opened(@Nullable Log log, @Nullable Throwable fault) implements Command {}

  private record ChoreDone(Chore chore, long upToOffset, @Nullable Throwable fault)
      implements Command {}

  private record WakeWaiters() implements Command {}

  private record DeadlineReached() implements Command {}

  /**
   * How a log was closed.
   *
   * @param clean whether everything is flushed and nothing has to be scanned at the next start
   */
  record Closed(LocalPartition partition, boolean clean) {}

  /** Work that may block; what comes first here is done first. */
  enum Chore {
    /** Makes everything durable that was in the log when it began. */
    FLUSH,
    CLOSE,
    DELETE
  }

  /** What an owner is built with. */
  record Parts(
      LocalPartition partition,
      BrokerId self,
      Clock clock,
      Executor blockingIo,
      ActorRef<PartitionReplica.Command> parent) {}

  private static final WakeWaiters WAKE_WAITERS = new WakeWaiters();

  private final Parts parts;
  private final LocalPartition partition;
  private final StashBuffer<Command> stash;
  private final TimerScheduler<Command> timers;
  private final Set<Chore> due = EnumSet.noneOf(Chore.class);

  private LogConfig config;
  private LeaderEpoch leaderEpoch = LeaderEpoch.NONE;

  /** Null until the log is open, and again after a fault: then nothing is done with it any more. */
  private @Nullable Log log;

  /** Not null exactly while this replica leads. */
  private @Nullable LeadingLog leading;

  /** The work that is being done on the blocking-I/O dispatcher. */
  private @Nullable Chore running;

  /** The log is not open yet, and has not failed to be. */
  private boolean opening = true;

  /** Neither in a first role nor failed: requests wait, because a new topic's come early. */
  private boolean starting = true;

  /** What the parent told while the log was being opened: the last role, and an end to it all. */
  private @Nullable Command firstRole;

  private @Nullable Command endOrder;

  private boolean wakePending;
  private long deadlineMs = WaitingAppends.NO_DEADLINE;
  private @Nullable Close closing;

  /** The last chore is due, or under way; nothing but its end is waited for. */
  private boolean stopping;

  private PartitionLog(
      ActorContext<Command> context,
      StashBuffer<Command> stash,
      TimerScheduler<Command> timers,
      Parts parts) {
    super(context);
    this.stash = stash;
    this.timers = timers;
    this.parts = parts;
    this.partition = parts.partition();
    this.config = partition.status().config();
  }

  /** Not supervised: a fault stops it, and its parent takes the replica offline. */
  static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context ->
            Behaviors.withStash(
                STASHED_MAX,
                stash ->
                    Behaviors.withTimers(
                        timers -> new PartitionLog(context, stash, timers, parts))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Append.class, this::onAppend)
        .onMessage(WakeWaiters.class, message -> onWakeWaiters())
        .onMessage(ChoreDone.class, this::onChoreDone)
        .onMessage(DeadlineReached.class, message -> onDeadlineReached())
        .onMessage(Maintain.class, this::onMaintain)
        .onMessage(DeleteRecords.class, this::onDeleteRecords)
        .onMessage(Open.class, this::onOpen)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Lead.class, this::onLead)
        .onMessage(Follow.class, this::onFollow)
        .onMessage(StandDown.class, this::onStandDown)
        .onMessage(Reconfigure.class, this::onReconfigure)
        .onMessage(GoOffline.class, this::onGoOffline)
        .onMessage(Close.class, this::onClose)
        .onMessage(Delete.class, this::onDelete)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onOpen(Open open) {
    getContext().pipeToSelf(open.opening(), Opened::new);
    return this;
  }

  private Behavior<Command> onOpened(Opened opened) {
    opening = false;
    log = opened.log();
    if (log == null) {
      fail("cannot open the log", opened.fault());
    } else {
      partition.opened(log);
      log.reconfigure(config);
    }
    Behavior<Command> next = endOrder == null ? this : carryOut(endOrder);
    return firstRole == null || stopping ? next : carryOut(firstRole);
  }

  private Behavior<Command> carryOut(Command order) {
    if (order instanceof Lead lead) {
      return onLead(lead);
    } else if (order instanceof Follow follow) {
      return onFollow(follow);
    } else if (order instanceof StandDown standDown) {
      return onStandDown(standDown);
    } else if (order instanceof GoOffline offline) {
      return onGoOffline(offline);
    } else if (order instanceof Close close) {
      return onClose(close);
    }
    return onDelete((Delete) order);
  }

  /** Lets go of the requests that had to wait for a first role. */
  private Behavior<Command> started() {
    starting = false;
    return stash.unstashAll(this);
  }

  private Behavior<Command> keepForOpening(Command role) {
    if (firstRole != null) {
      parts.parent().tell(new PartitionReplica.RoleSettled());
    }
    firstRole = role;
    return this;
  }

  private Behavior<Command> onLead(Lead lead) {
    if (opening) {
      return keepForOpening(lead);
    }
    Log open = log;
    LeadingLog current = leading;
    if (current != null && leaderEpoch.equals(lead.leaderEpoch())) {
      current.isrCommitted(lead.isr());
      afterProgress(current);
    } else if (open != null) {
      resign(ErrorCode.NOT_LEADER_OR_FOLLOWER);
      leaderEpoch = lead.leaderEpoch();
      startLeading(open, lead.isr());
    }
    return settled();
  }

  private void startLeading(Log open, List<BrokerId> isr) {
    LeaderCore<LeadingLog.Waiting> core =
        new LeaderCore<>(
            parts.self(),
            leaderEpoch,
            isr,
            open.view().highWatermark(),
            open.view().logEndOffset());
    try {
      leading = new LeadingLog(open, core, config, parts.clock());
      partition.publish(Status.online(Role.LEADER, leaderEpoch, open, config));
    } catch (LogIoException | BrokenLogException fault) {
      fail("the leadership cannot be noted in the log", fault);
    }
  }

  private Behavior<Command> onFollow(Follow follow) {
    if (opening) {
      return keepForOpening(follow);
    }
    resign(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    leaderEpoch = follow.leaderEpoch();
    if (log != null) {
      partition.publish(Status.online(Role.FOLLOWER, leaderEpoch, log, config));
    }
    return settled();
  }

  private Behavior<Command> onStandDown(StandDown standDown) {
    if (opening) {
      return keepForOpening(standDown);
    }
    resign(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    leaderEpoch = standDown.leaderEpoch();
    if (log != null) {
      partition.publish(Status.offline(leaderEpoch, config, ErrorCode.NOT_LEADER_OR_FOLLOWER));
    }
    return settled();
  }

  private Behavior<Command> settled() {
    parts.parent().tell(new PartitionReplica.RoleSettled());
    return starting ? started() : this;
  }

  private Behavior<Command> onReconfigure(Reconfigure reconfigure) {
    config = reconfigure.config();
    if (log != null) {
      log.reconfigure(config);
    }
    if (leading != null) {
      leading.reconfigure(config);
    }
    Status now = partition.status();
    partition.publish(
        new Status(now.role(), now.leaderEpoch(), now.log(), config, now.offlineReason()));
    return this;
  }

  private Behavior<Command> onAppend(Append append) {
    if (starting && !stash.isFull()) {
      return stashed(append);
    }
    LeadingLog leader = leading;
    if (leader == null) {
      LeadingLog.answer(append.listener(), partition.refusal());
      return this;
    }
    try {
      leader.append(append.request(), append.listener());
    } catch (RuntimeException fault) {
      fail("an append failed", fault);
      return this;
    }
    afterProgress(leader);
    return this;
  }

  /** Flushes that appends wait for, deadlines and wake-ups that follow from what was appended. */
  private void afterProgress(LeadingLog leader) {
    if (running == null && leader.wantsFlush()) {
      doSoon(Chore.FLUSH);
    }
    if (leader.nextDeadlineMs() < deadlineMs) {
      deadlineMs = leader.nextDeadlineMs();
      timers.startSingleTimer(
          new DeadlineReached(), Duration.ofMillis(Math.max(0, deadlineMs - leader.nowMs())));
    }
    if (!wakePending && !partition.waiters().isEmpty()) {
      // After the appends that are in the mailbox already: readers are woken once for all of them.
      wakePending = true;
      getContext().getSelf().tell(WAKE_WAITERS);
    }
  }

  private Behavior<Command> onWakeWaiters() {
    wakePending = false;
    partition.waiters().fireNews();
    return this;
  }

  private Behavior<Command> onDeadlineReached() {
    deadlineMs = WaitingAppends.NO_DEADLINE;
    if (leading != null) {
      leading.expire();
      afterProgress(leading);
    }
    return this;
  }

  private Behavior<Command> onDeleteRecords(DeleteRecords request) {
    if (starting && !stash.isFull()) {
      return stashed(request);
    }
    Log open = log;
    if (open == null || leading == null) {
      AppendResult refusal = partition.refusal();
      request.reply().complete(DeleteRecordsResult.failed(refusal.error(), refusal.message()));
      return this;
    }
    if (!config.deletes()) {
      request
          .reply()
          .complete(
              DeleteRecordsResult.failed(
                  ErrorCode.POLICY_VIOLATION,
                  "The cleanup policy of the topic is %s".formatted(config.cleanupPolicy())));
      return this;
    }
    try {
      long logStartOffset = open.deleteRecordsBefore(request.beforeOffset());
      parts.parent().tell(new PartitionReplica.LogStartMoved(logStartOffset, request.reply()));
      applyRetention(open);
    } catch (WireException refused) {
      request.reply().complete(DeleteRecordsResult.failed(refused.error(), refused.getMessage()));
    } catch (RuntimeException fault) {
      request.reply().complete(DeleteRecordsResult.failed(ErrorCode.KAFKA_STORAGE_ERROR, null));
      fail("deleting records failed", fault);
    }
    return this;
  }

  private Behavior<Command> onMaintain(Maintain maintain) {
    Log open = log;
    if (open == null || stopping) {
      return this;
    }
    try {
      switch (maintain.task()) {
        case RETENTION -> applyRetention(open);
        case FLUSH -> {
          if (open.flushDue()) {
            doSoon(Chore.FLUSH);
          }
        }
        case PRODUCER_EXPIRATION -> open.expireProducers();
      }
    } catch (RuntimeException fault) {
      fail(maintain.task() + " failed", fault);
    }
    return this;
  }

  /** Renames what has expired, which is quick; the files themselves go later, elsewhere. */
  private void applyRetention(Log open) {
    open.applyRetention();
    partition.waiters().fireNews();
    if (open.flushDue()) {
      doSoon(Chore.FLUSH);
    }
  }

  private void doSoon(Chore chore) {
    due.add(chore);
    doNext();
  }

  private void doNext() {
    Log open = log;
    if (running != null || open == null || due.isEmpty()) {
      return;
    }
    Chore next = due.iterator().next();
    due.remove(next);
    running = next;
    long logEndOffset = open.view().logEndOffset();
    CompletionStage<Long> done =
        CompletableFuture.supplyAsync(() -> work(next, open, logEndOffset), parts.blockingIo());
    getContext()
        .pipeToSelf(
            done, (upTo, fault) -> new ChoreDone(next, upTo == null ? logEndOffset : upTo, fault));
  }

  /** On the blocking-I/O dispatcher. Returns up to where the log is flushed, as far as it knows. */
  private long work(Chore chore, Log open, long logEndOffset) {
    switch (chore) {
      case FLUSH -> open.flushUpTo(logEndOffset);
      case CLOSE -> open.close();
      case DELETE -> partition.home().delete(open);
    }
    return logEndOffset;
  }

  private Behavior<Command> onChoreDone(ChoreDone done) {
    running = null;
    if (done.fault() != null && log != null) {
      fail(done.chore() + " failed", done.fault());
    }
    switch (done.chore()) {
      case CLOSE, DELETE -> {
        return closed(done.fault() == null);
      }
      case FLUSH -> {
        if (leading != null) {
          leading.flushed(done.upToOffset());
          afterProgress(leading);
        }
      }
    }
    doNext();
    return log == null && stopping ? closed(false) : this;
  }

  private Behavior<Command> onGoOffline(GoOffline offline) {
    if (opening) {
      endOrder = offline;
      return this;
    }
    if (log != null) {
      goOffline(ErrorCode.KAFKA_STORAGE_ERROR, offline.reason());
      log = null;
    }
    return this;
  }

  private Behavior<Command> onClose(Close close) {
    if (opening) {
      endOrder = close;
      return this;
    }
    closing = close;
    return stopWith(Chore.CLOSE, close.reason());
  }

  private Behavior<Command> onDelete(Delete delete) {
    if (opening) {
      endOrder = delete;
      return this;
    }
    // Also a log that has failed: its name may be needed again.
    log = partition.log();
    return stopWith(Chore.DELETE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  }

  private Behavior<Command> stopWith(Chore last, ErrorCode reason) {
    stopping = true;
    goOffline(reason, "The partition was closed");
    due.clear();
    if (log == null && running == null) {
      return closed(false);
    }
    doSoon(last);
    return this;
  }

  private Behavior<Command> closed(boolean clean) {
    if (closing != null) {
      closing.replyTo().tell(new Closed(partition, clean));
    }
    return Behaviors.stopped();
  }

  /** Ends all service after a fault; the log is not touched again. */
  private void fail(String what, @Nullable Throwable fault) {
    goOffline(ErrorCode.KAFKA_STORAGE_ERROR, "The log is offline");
    log = null;
    due.clear();
    parts.parent().tell(new PartitionReplica.LogFailed(what, fault));
  }

  private void goOffline(ErrorCode reason, String message) {
    // In this order whoever is refused from now on is told the reason.
    partition.publish(Status.offline(leaderEpoch, config, reason));
    partition.detach();
    resign(reason, message);
    starting = false;
    stash.forEach(UndeliveredAppends::answer);
    stash.clear();
  }

  private void resign(ErrorCode reason) {
    resign(reason, "This broker no longer leads " + partition.id().topicPartition());
  }

  private void resign(ErrorCode reason, String message) {
    if (leading != null) {
      leading.resign(reason, message);
      leading = null;
    }
    timers.cancelAll();
    deadlineMs = WaitingAppends.NO_DEADLINE;
  }

  private Behavior<Command> stashed(Command command) {
    stash.stash(command);
    return this;
  }

  private Behavior<Command> onPostStop() {
    if (!stopping) {
      goOffline(ErrorCode.KAFKA_STORAGE_ERROR, "The replica failed");
    }
    return this;
  }
}
