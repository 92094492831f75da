package dev.ritsem.replication;

import akka.actor.typed.ActorRef;
import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.LogView;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.TopicIdPartition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to a replica: what other threads see of it, and the way into its owner's mailbox. Only
 * {@link PartitionLog} publishes, on its loop; everybody reads.
 */
final class LocalPartition implements Partition, ProgressWaiters.Published {
  private static final long NOTHING_READABLE = -2L;

  private final TopicIdPartition id;
  private final LogHome home;
  private final ProgressWaiters waiters = new ProgressWaiters(this);
  private volatile Status status;

  /** Once it was opened, also after it was closed. */
  private volatile @Nullable Log log;

  /** Takes the requests; null before the replica's actor has started and after it has stopped. */
  private volatile @Nullable ActorRef<PartitionLog.Command> owner;

  LocalPartition(TopicIdPartition id, LogConfig config, LogHome home) {
    this.id = id;
    this.home = home;
    this.status = Status.starting(config);
  }

  /**
   * @param log null exactly if the role is offline
   */
  record Status(
      Role role,
      LeaderEpoch leaderEpoch,
      @Nullable Log log,
      LogConfig config,
      ErrorCode offlineReason) {
    static Status starting(LogConfig config) {
      return offline(LeaderEpoch.NONE, config, ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    static Status offline(LeaderEpoch leaderEpoch, LogConfig config, ErrorCode reason) {
      return new Status(Role.OFFLINE, leaderEpoch, null, config, reason);
    }

    static Status online(Role role, LeaderEpoch leaderEpoch, Log log, LogConfig config) {
      return new Status(role, leaderEpoch, log, config, ErrorCode.NONE);
    }
  }

  @Override
  public TopicIdPartition id() {
    return id;
  }

  @Override
  public PartitionView view() {
    Status now = status;
    Log readable = now.log();
    return new PartitionView(
        now.role(),
        now.leaderEpoch().value(),
        readable == null ? null : readable.view(),
        now.config(),
        now.offlineReason());
  }

  @Override
  public void append(AppendRequest request, Consumer<AppendResult> listener) {
    ActorRef<PartitionLog.Command> to = owner;
    if (to == null) {
      listener.accept(refusal());
    } else {
      to.tell(new PartitionLog.Append(request, listener, this));
    }
  }

  @Override
  public Waiter awaitProgress(long seenEndOffset, boolean readCommitted, Runnable listener) {
    return waiters.register(seenEndOffset, readCommitted, listener);
  }

  @Override
  public CompletionStage<DeleteRecordsResult> deleteRecords(long beforeOffset) {
    ActorRef<PartitionLog.Command> to = owner;
    if (to == null) {
      return CompletableFuture.completedFuture(
          DeleteRecordsResult.failed(refusal().error(), refusal().message()));
    }
    CompletableFuture<DeleteRecordsResult> reply = new CompletableFuture<>();
    to.tell(new PartitionLog.DeleteRecords(beforeOffset, reply, this));
    return reply;
  }

  @Override
  public long readableEnd(boolean readCommitted) {
    Log readable = status.log();
    if (readable == null) {
      return NOTHING_READABLE;
    }
    LogView view = readable.view();
    return readCommitted ? view.lastStableOffset() : view.highWatermark();
  }

  /** Has periodic work done, if the replica is there. */
  void maintain(PartitionLog.Maintenance task) {
    ActorRef<PartitionLog.Command> to = owner;
    if (to != null) {
      to.tell(new PartitionLog.Maintain(task));
    }
  }

  /** What an append is told that finds no leader here. */
  AppendResult refusal() {
    Status now = status;
    ErrorCode error =
        now.role() == Role.OFFLINE ? now.offlineReason() : ErrorCode.NOT_LEADER_OR_FOLLOWER;
    String message =
        switch (error) {
          case KAFKA_STORAGE_ERROR -> "The log of " + id.topicPartition() + " is offline";
          case UNKNOWN_TOPIC_OR_PARTITION -> null;
          default -> "This broker does not lead " + id.topicPartition();
        };
    return AppendResult.failed(error, message, now.leaderEpoch().value());
  }

  LogHome home() {
    return home;
  }

  ProgressWaiters waiters() {
    return waiters;
  }

  Status status() {
    return status;
  }

  /** The owner's actor takes requests from now on. */
  void attach(ActorRef<PartitionLog.Command> newOwner) {
    owner = newOwner;
  }

  /** Nobody takes requests any more: they are refused on the caller's thread. */
  void detach() {
    owner = null;
  }

  void opened(Log opened) {
    log = opened;
  }

  /** The log, for what is written down about all logs together; null if it was never opened. */
  @Nullable Log log() {
    return log;
  }

  /** Whether the log is not open yet, and has not failed to be opened either. */
  boolean isOpening() {
    return log == null && status.offlineReason() == ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  /** Makes a change of the role known, and wakes all who wait for news. */
  void publish(Status next) {
    status = next;
    waiters.fireAll();
  }
}
