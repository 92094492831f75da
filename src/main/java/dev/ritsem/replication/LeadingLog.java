package dev.ritsem.replication;

import dev.ritsem.log.Log;
import dev.ritsem.log.LogAppend;
import dev.ritsem.log.LogConfig;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log under a leadership: appends, answers, moves the high watermark. Lives from the moment its
 * replica becomes leader until it no longer is. Single-threaded, knows no actor, never blocks
 * longer than a write into the page cache.
 *
 * <p>Every append's listener runs exactly once: at once, or out of {@link #flushed}, {@link
 * #expire} or {@link #resign}.
 */
final class LeadingLog {
  private static final Logger logger = LoggerFactory.getLogger(LeadingLog.class);
  private static final long NANOS_PER_MS = 1_000_000L;

  private final Log log;
  private final LeaderCore<Waiting> core;
  private final Clock clock;
  private LogConfig config;

  /**
   * Whether appends are kept back until a flush has covered them. Kafka flushes within the append
   * when {@code flush.messages} is reached, and only then; here the flush runs elsewhere, and what
   * it covers is answered and readable afterwards.
   */
  private boolean awaitsFlush;

  LeadingLog(Log log, LeaderCore<Waiting> core, LogConfig config, Clock clock) {
    this.log = log;
    this.core = core;
    this.config = config;
    this.clock = clock;
    log.startEpoch(core.leaderEpoch().value());
    log.advanceHighWatermark(core.highWatermark());
  }

  /** An append that is in the log and not answered. */
  record Waiting(AppendResult result, Consumer<AppendResult> listener) {}

  /**
   * Appends and answers, now or later.
   *
   * @throws RuntimeException what the log throws if it failed: the append was answered with
   *     KAFKA_STORAGE_ERROR and this leadership must end
   */
  void append(AppendRequest request, Consumer<AppendResult> listener) {
    boolean all = request.wantsAllReplicas();
    ErrorCode admitted = core.admits(all, config.minInsyncReplicas());
    if (admitted != ErrorCode.NONE) {
      answer(listener, failed(admitted, refusal(admitted)));
      return;
    }
    LogAppend appended;
    try {
      appended = log.appendAsLeader(request.batches(), core.leaderEpoch().value());
    } catch (WireException refused) {
      answer(listener, failed(refused.error(), refused.getMessage()));
      return;
    } catch (RuntimeException fault) {
      answer(listener, failed(ErrorCode.KAFKA_STORAGE_ERROR, "The append failed"));
      throw fault;
    }
    awaitsFlush = awaitsFlush || tooManyUnflushed();
    if (!awaitsFlush) {
      localEnd(log.view().logEndOffset());
    }
    AppendResult result =
        AppendResult.stored(
            appended.firstOffset(),
            appended.logAppendTimeMs(),
            appended.logStartOffset(),
            core.leaderEpoch().value());
    long requiredEnd = appended.lastOffset() + 1;
    if (core.isDone(all, requiredEnd)) {
      answer(listener, result);
    } else {
      core.waitFor(all, requiredEnd, nowMs() + request.timeoutMs(), new Waiting(result, listener));
    }
  }

  /** Whether the log should be flushed now: appends wait for it, or a segment was closed. */
  boolean wantsFlush() {
    return awaitsFlush || log.flushDue();
  }

  /** Everything below the offset is on the disk. */
  void flushed(long upToOffset) {
    if (awaitsFlush) {
      awaitsFlush = tooManyUnflushed();
      localEnd(awaitsFlush ? upToOffset : log.view().logEndOffset());
    }
  }

  /** When {@link #expire} has work, as {@link #nowMs} counts. */
  long nextDeadlineMs() {
    return core.nextDeadlineMs();
  }

  /** Answers the appends whose time is up: whether they will be committed is not known. */
  void expire() {
    for (Waiting waiting : core.expired(nowMs())) {
      answer(
          waiting.listener(),
          failed(
              ErrorCode.REQUEST_TIMED_OUT,
              "The in-sync replicas did not acknowledge within the request's timeout"));
    }
  }

  void reconfigure(LogConfig next) {
    config = next;
  }

  /** The controller has committed an ISR: what was waited for may have been reached by that. */
  void isrCommitted(List<BrokerId> isr) {
    long before = core.highWatermark();
    core.isrCommitted(isr);
    progressed(before);
  }

  /** Answers all who wait: this replica cannot tell them any more what becomes of their records. */
  void resign(ErrorCode error, String message) {
    core.resign().forEach(waiting -> answer(waiting.listener(), failed(error, message)));
  }

  /** A clock that does not jump, for deadlines. */
  long nowMs() {
    return clock.nanoTime() / NANOS_PER_MS;
  }

  private boolean tooManyUnflushed() {
    long unflushedMax = config.flushMessages();
    return unflushedMax < Long.MAX_VALUE
        && log.view().logEndOffset() - log.recoveryPoint() >= unflushedMax;
  }

  private void localEnd(long end) {
    long before = core.highWatermark();
    core.localEnd(end);
    progressed(before);
  }

  /** Shows readers what is committed now, then answers whom that releases. */
  private void progressed(long before) {
    if (core.highWatermark() != before) {
      log.advanceHighWatermark(core.highWatermark());
    }
    release();
  }

  private void release() {
    for (LeaderCore.Released<Waiting> released : core.released(config.minInsyncReplicas())) {
      Waiting waiting = released.append();
      AppendResult result =
          released.error() == ErrorCode.NONE
              ? waiting.result()
              : failed(released.error(), refusal(released.error()));
      answer(waiting.listener(), result);
    }
  }

  private AppendResult failed(ErrorCode error, @Nullable String message) {
    return AppendResult.failed(error, message, core.leaderEpoch().value());
  }

  private String refusal(ErrorCode error) {
    return switch (error) {
      case NOT_ENOUGH_REPLICAS ->
          "The in-sync replicas are %s, min.insync.replicas is %d"
              .formatted(core.isr(), config.minInsyncReplicas());
      case NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          "The records were stored, but the in-sync replicas are %s and min.insync.replicas is %d"
              .formatted(core.isr(), config.minInsyncReplicas());
      default -> "More than %d appends to this partition wait".formatted(LeaderCore.WAITING_MAX);
    };
  }

  // A listener is another part of the node; its fault must not stop the partition.
  static void answer(Consumer<AppendResult> listener, AppendResult result) {
    try {
      listener.accept(result);
    } catch (RuntimeException e) {
      logger.error("the listener of an append failed on {}", result, e);
    }
  }
}
