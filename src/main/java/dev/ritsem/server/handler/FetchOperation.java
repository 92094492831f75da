package dev.ritsem.server.handler;

import dev.ritsem.log.AbortedTransaction;
import dev.ritsem.log.LogIoException;
import dev.ritsem.log.LogView;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.OffsetAndEpoch;
import dev.ritsem.model.WireException;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.RecordsSlice;
import dev.ritsem.replication.Partition;
import dev.ritsem.replication.PartitionRead;
import dev.ritsem.replication.PartitionView;
import dev.ritsem.replication.Waiter;
import dev.ritsem.server.Connection;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch request on its way: reads all its partitions, and answers if there is enough, or an
 * error, or no more time; else waits for news of any of them and reads again.
 *
 * <p>Runs on the connection's event loop; partitions and the timer only call it there.
 */
final class FetchOperation implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(FetchOperation.class);

  private static final byte READ_COMMITTED = 1;
  private static final short FIRST_VERSION_WITH_LEADER = 12;
  private static final short FIRST_VERSION_WITH_ENDPOINTS = 16;
  private static final long UNKNOWN_OFFSET = -1;
  private static final WireRecords NO_RECORDS = new WireRecords(RecordsSlice.EMPTY);

  private final RequestContext context;
  private final Reply reply;
  private final PartitionLookup partitions;
  private final FetchContext fetch;
  private final int responseBytesMax;
  private final int minBytes;
  private final int maxWaitMs;
  private final boolean readCommitted;

  /** Parts of the response as last read, in the order of the context's partitions. */
  private final List<PartitionData> parts;

  private final List<Waiter> waiters = new ArrayList<>();
  private final Runnable onClose = this::abandon;
  private final Runnable onDeadline = this::onDeadline;

  /** Whether a wake-up is on its way to the event loop. */
  private final AtomicBoolean woken = new AtomicBoolean();

  private @Nullable ScheduledFuture<?> deadline;
  private boolean ended;

  /** What the last reading found. */
  private long bytesRead;

  private boolean answerAtOnce;

  FetchOperation(
      FetchRequestData request,
      RequestContext context,
      Reply reply,
      PartitionLookup partitions,
      FetchContext fetch,
      FetchSettings settings) {
    this.context = context;
    this.reply = reply;
    this.partitions = partitions;
    this.fetch = fetch;
    this.responseBytesMax = Math.max(0, Math.min(request.maxBytes(), settings.responseBytesMax()));
    this.minBytes = Math.min(request.minBytes(), responseBytesMax);
    this.maxWaitMs = request.maxWaitMs();
    this.readCommitted = request.isolationLevel() == READ_COMMITTED;
    this.parts = new ArrayList<>(fetch.partitions().size());
  }

  void start() {
    readAll();
    if (answerAtOnce || bytesRead >= minBytes || maxWaitMs <= 0 || fetch.partitions().isEmpty()) {
      answer();
      return;
    }
    Connection connection = context.connection();
    deadline = connection.eventLoop().schedule(onDeadline, maxWaitMs, TimeUnit.MILLISECONDS);
    connection.onClose(onClose);
    if (!ended) {
      await();
    }
  }

  /** News of a partition; called on any thread, by the partitions. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.connection().eventLoop().execute(this);
    }
  }

  /** Looks again, on the event loop. */
  @Override
  public void run() {
    if (ended) {
      return;
    }
    cancelWaiters();
    woken.set(false);
    releaseParts();
    readAll();
    if (answerAtOnce || bytesRead >= minBytes) {
      answer();
    } else {
      await();
    }
  }

  private void onDeadline() {
    if (!ended) {
      cancelWaiters();
      releaseParts();
      readAll();
      answer();
    }
  }

  /** The client is gone. */
  private void abandon() {
    if (!ended) {
      end();
      releaseParts();
      reply.sendNothing();
    }
  }

  private void answer() {
    end();
    FetchResponseData response = fetch.respond(parts);
    addEndpoints(response);
    reply.send(response);
  }

  private void end() {
    ended = true;
    cancelWaiters();
    if (deadline != null) {
      deadline.cancel(false);
      context.connection().forgetOnClose(onClose);
    }
  }

  private void cancelWaiters() {
    waiters.forEach(Waiter::cancel);
    waiters.clear();
  }

  private void releaseParts() {
    for (PartitionData part : parts) {
      WireRecords.release(part.records());
    }
  }

  /** Registers with every partition; each calls back at once if it has news by now. */
  private void await() {
    for (int i = 0; i < parts.size(); i++) {
      FetchedPartition wanted = fetch.partitions().get(i);
      PartitionData part = parts.get(i);
      try {
        long seen = readCommitted ? part.lastStableOffset() : part.highWatermark();
        waiters.add(find(wanted.key()).awaitProgress(seen, readCommitted, this::wake));
      } catch (WireException e) {
        // It has gone since it was read: the next reading says so.
        wake();
      }
    }
  }

  private void readAll() {
    parts.clear();
    bytesRead = 0;
    answerAtOnce = false;
    for (FetchedPartition wanted : fetch.partitions()) {
      PartitionData part = new PartitionData().setPartitionIndex(wanted.key().partition());
      parts.add(part);
      read(wanted, part);
      bytesRead += part.records() == null ? 0 : part.records().sizeInBytes();
    }
  }

  // A fault in one log is that partition's answer; the others are served.
  @SuppressWarnings("IllegalCatch")
  private void read(FetchedPartition wanted, PartitionData part) {
    try {
      PartitionView view = find(wanted.key()).view();
      read(wanted, view, part);
    } catch (WireException e) {
      fail(part, e.error(), wanted.key());
    } catch (LogIoException e) {
      log.warn("reading {} failed", wanted.key(), e);
      fail(part, ErrorCode.KAFKA_STORAGE_ERROR, wanted.key());
    } catch (RuntimeException e) {
      log.error("reading {} failed", wanted.key(), e);
      fail(part, ErrorCode.UNKNOWN_SERVER_ERROR, wanted.key());
    }
  }

  private void read(FetchedPartition wanted, PartitionView view, PartitionData part) {
    int room = (int) Math.max(0, responseBytesMax - bytesRead);
    PartitionRead read =
        PartitionRead.of(
            view,
            new PartitionRead.Request(
                wanted.fetchOffset(),
                wanted.currentLeaderEpoch(),
                wanted.lastFetchedEpoch(),
                Math.min(room, Math.max(0, wanted.maxBytes())),
                bytesRead == 0,
                readCommitted));
    part.setHighWatermark(read.highWatermark())
        .setLastStableOffset(read.lastStableOffset())
        .setLogStartOffset(read.logStartOffset())
        .setRecords(read.log().isEmpty() ? NO_RECORDS : new WireRecords(read.log().records()));
    OffsetAndEpoch divergence = read.divergence();
    if (divergence != null) {
      answerAtOnce = true;
      part.divergingEpoch().setEpoch(divergence.leaderEpoch()).setEndOffset(divergence.offset());
    }
    part.setAbortedTransactions(readCommitted ? aborted(view, read) : null);
  }

  private static List<FetchResponseData.AbortedTransaction> aborted(
      PartitionView view, PartitionRead read) {
    if (read.log().isEmpty()) {
      return List.of();
    }
    LogView log = view.leaderLog(PartitionRead.NO_EPOCH);
    List<FetchResponseData.AbortedTransaction> result = new ArrayList<>();
    for (AbortedTransaction aborted :
        log.abortedTransactions(read.log().fetchOffset(), read.log().upToOffset())) {
      result.add(
          new FetchResponseData.AbortedTransaction()
              .setProducerId(aborted.producerId())
              .setFirstOffset(aborted.firstOffset()));
    }
    return result;
  }

  private void fail(PartitionData part, ErrorCode error, FetchedPartition.Key key) {
    answerAtOnce = true;
    part.setErrorCode(error.code())
        .setHighWatermark(UNKNOWN_OFFSET)
        .setLastStableOffset(UNKNOWN_OFFSET)
        .setLogStartOffset(UNKNOWN_OFFSET)
        .setAbortedTransactions(readCommitted ? List.of() : null)
        .setRecords(NO_RECORDS);
    boolean askAnother =
        error == ErrorCode.NOT_LEADER_OR_FOLLOWER || error == ErrorCode.FENCED_LEADER_EPOCH;
    if (askAnother && context.version() >= FIRST_VERSION_WITH_LEADER) {
      PartitionRegistration registration =
          partitions.registration(key.topicId(), key.topic(), key.partition());
      if (registration != null) {
        part.currentLeader().setLeaderEpoch(registration.leaderEpoch());
        partitions
            .leader(registration)
            .ifPresent(leader -> part.currentLeader().setLeaderId(leader.id().value()));
      }
    }
  }

  /** Where the leaders are that the response names (KIP-951). */
  private void addEndpoints(FetchResponseData response) {
    if (context.version() < FIRST_VERSION_WITH_ENDPOINTS || !answerAtOnce) {
      return;
    }
    for (FetchResponseData.FetchableTopicResponse topic : response.responses()) {
      for (PartitionData part : topic.partitions()) {
        int leaderId = part.currentLeader().leaderId();
        if (leaderId >= 0 && response.nodeEndpoints().find(leaderId) == null) {
          addEndpoint(response, leaderId);
        }
      }
    }
  }

  private void addEndpoint(FetchResponseData response, int leaderId) {
    partitions
        .broker(leaderId)
        .flatMap(
            broker ->
                ClientAddress.of(broker, context.connection())
                    .map(
                        address ->
                            new NodeEndpoint()
                                .setNodeId(leaderId)
                                .setHost(address.host())
                                .setPort(address.port())
                                .setRack(broker.rack())))
        .ifPresent(response.nodeEndpoints()::add);
  }

  private Partition find(FetchedPartition.Key key) {
    String topic = key.topic();
    return topic == null
        ? partitions.byId(key.topicId(), key.partition())
        : partitions.byName(topic, key.partition());
  }
}
