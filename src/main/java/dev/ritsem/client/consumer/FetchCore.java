package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.BrokersUnavailableException;
import dev.ritsem.client.cluster.ClientCore;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.cluster.PartitionMetadata;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.WireRecords;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.NodeEndpoint;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions in order, each record once. For each partition it looks up where to begin and
 * where to end, and then fetches from its leader as long as there is credit: what is fetched and
 * not taken, plus what is asked for, stays within the prefetch bound, and half of that for one
 * partition. A partition whose records nobody takes falls out of the fetches alone; those at their
 * end wait at the broker in a long poll.
 *
 * <p>One fetch is out per broker and {@link Lane}: the long poll, and, for partitions that can take
 * more while it is out, a short one beside it. A partition is in at most one.
 */
public final class FetchCore implements ClientCore {
  /** How long a fetch beside the long poll waits: as long as others may have to wait for it. */
  private static final int CATCH_UP_WAIT_MS = 50;

  private final ReadPlan plan;
  private final FetchLimits limits;
  private final MetadataCore metadata;
  private final Backoff backoff;
  private final FetchRequests requests;
  private final Map<TopicPartition, PartitionReader> readers = new LinkedHashMap<>();
  private final Set<String> knownTopics = new HashSet<>();
  private final Queue<FetchedRecords> ready = new ArrayDeque<>();
  private final Map<BrokerAddress, Set<Lane>> fetching = new HashMap<>();
  private final long resolveBeforeMs;
  private boolean everResolved;
  private long polledMs;

  private boolean stopped;
  private long bufferedBytes;
  private long askedBytes;
  private long bytesFetched;
  private long fetches;
  private @Nullable RuntimeException failure;

  public FetchCore(
      List<BrokerAddress> bootstrap,
      ReadPlan plan,
      FetchLimits limits,
      RandomGenerator random,
      long nowMs) {
    this.plan = plan;
    this.limits = limits;
    this.metadata = new MetadataCore(bootstrap, limits.metadata(), random, nowMs);
    this.backoff = new Backoff(limits.retryBackoffMs(), limits.retryBackoffMaxMs(), random);
    this.requests = new FetchRequests(limits);
    this.resolveBeforeMs = nowMs + limits.apiTimeoutMs();
    plan.topics().forEach(metadata::want);
    plan.partitions()
        .forEach(
            (partition, start) -> {
              metadata.want(partition.topic());
              readers.put(
                  partition,
                  new PartitionReader(partition, start, plan.stopOf(partition).orElse(null)));
            });
  }

  /** Why the core gave up, or null. */
  public @Nullable RuntimeException failure() {
    return failure;
  }

  /**
   * What was fetched first and is not taken yet; null if there is nothing. The caller takes records
   * out of it until it has none left, and then calls {@link #onConsumed}.
   */
  public @Nullable FetchedRecords ready() {
    return ready.peek();
  }

  /** The first of the ready ones has no record left; its bytes are credit again. */
  public void onConsumed() {
    FetchedRecords consumed = ready.remove();
    bufferedBytes -= consumed.sizeInBytes();
    consumed.reader().onConsumed(consumed.sizeInBytes());
  }

  /** Fetches no more from here on. */
  public void stop() {
    stopped = true;
  }

  /** Whether nothing more will come: everything is taken and every partition is at its stop. */
  public boolean isDone() {
    if (!ready.isEmpty()) {
      return false;
    }
    return stopped
        || (plan.isBounded()
            && knownTopics.containsAll(plan.topics())
            && readers.values().stream().allMatch(PartitionReader::isDone));
  }

  /** Whether every partition knows where to begin, and where to end. */
  public boolean isResolved() {
    return knownTopics.containsAll(plan.topics())
        && readers.values().stream().allMatch(PartitionReader::isResolved);
  }

  /** The next offset that each partition delivers, as far as it is known. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = new HashMap<>();
    readers.forEach(
        (partition, reader) -> {
          if (reader.hasPosition()) {
            positions.put(partition, reader.deliveredPosition());
          }
        });
    return positions;
  }

  /** Per partition, records between the position and the end as last heard of. */
  public Map<TopicPartition, Long> lag() {
    Map<TopicPartition, Long> lag = new HashMap<>();
    readers.forEach(
        (partition, reader) -> {
          if (reader.lag() >= 0) {
            lag.put(partition, reader.lag());
          }
        });
    return lag;
  }

  public long bufferedBytes() {
    return bufferedBytes;
  }

  public long bytesFetched() {
    return bytesFetched;
  }

  public long fetches() {
    return fetches;
  }

  @Override
  public void poll(long nowMs, Consumer<OutgoingRequest> out) {
    if (failure != null || stopped) {
      return;
    }
    polledMs = nowMs;
    failIfOverdue(nowMs);
    if (failure != null) {
      return;
    }
    adoptTopics();
    Map<BrokerAddress, List<PartitionReader>> lookups = new LinkedHashMap<>();
    Map<BrokerAddress, List<PartitionReader>> fetchable = new LinkedHashMap<>();
    for (PartitionReader reader : readers.values()) {
      sort(reader, nowMs, lookups, fetchable);
    }
    lookups.forEach((leader, asked) -> lookUp(leader, asked, out));
    fetchable.forEach((leader, asked) -> fetch(leader, asked, out));
    metadata.poll(nowMs, out);
  }

  private void failIfOverdue(long nowMs) {
    String unavailability = metadata.unavailability(nowMs);
    if (unavailability != null) {
      failure = new BrokersUnavailableException(unavailability);
    } else if (nowMs >= resolveBeforeMs && !everResolved && !isResolved()) {
      failure =
          new TimeoutException(
              "Topics and starting offsets were not found within %d ms; wanted %s"
                  .formatted(limits.apiTimeoutMs(), wanted()));
    }
    everResolved |= isResolved();
  }

  private List<String> wanted() {
    List<String> wanted = new ArrayList<>(plan.topics());
    wanted.removeAll(knownTopics);
    readers.values().stream()
        .filter(reader -> !reader.isResolved())
        .forEach(reader -> wanted.add(reader.partition.toString()));
    return wanted;
  }

  /** Reads the partitions of whole topics, as soon as they are known and when they get more. */
  private void adoptTopics() {
    for (String topic : plan.topics()) {
      TopicMetadata known = metadata.current().usable(topic);
      if (known == null) {
        failOnFatal(metadata.current().topic(topic));
        continue;
      }
      boolean first = knownTopics.add(topic);
      for (PartitionMetadata partition : known.partitions()) {
        TopicPartition name = new TopicPartition(topic, partition.partition());
        // What is added later was never at any end that the reader could have meant.
        Position start = first ? plan.topicStart() : Position.earliest();
        readers.computeIfAbsent(
            name, any -> new PartitionReader(name, start, plan.stopOf(name).orElse(null)));
      }
    }
  }

  private void failOnFatal(@Nullable TopicMetadata topic) {
    if (topic != null && topic.error() != ErrorCode.NONE && !topic.error().retriable()) {
      failure = exception(topic.error(), topic.name());
    }
  }

  private void sort(
      PartitionReader reader,
      long nowMs,
      Map<BrokerAddress, List<PartitionReader>> lookups,
      Map<BrokerAddress, List<PartitionReader>> fetchable) {
    boolean wants = reader.lookup() != null || (reader.wantsMore() && hasCredit(reader));
    if (reader.isAsked() || !wants || nowMs < reader.retryAtMs()) {
      return;
    }
    BrokerAddress leader = metadata.current().leader(reader.partition);
    if (leader == null) {
      metadata.markStale();
    } else if (reader.lookup() != null) {
      lookups.computeIfAbsent(leader, any -> new ArrayList<>()).add(reader);
    } else {
      fetchable.computeIfAbsent(leader, any -> new ArrayList<>()).add(reader);
    }
  }

  private boolean hasCredit(PartitionReader reader) {
    return reader.bufferedBytes() == 0 || reader.bufferedBytes() < limits.prefetchBytes() / 2;
  }

  private void lookUp(
      BrokerAddress leader, List<PartitionReader> asked, Consumer<OutgoingRequest> out) {
    asked.forEach(reader -> reader.asked(true));
    out.accept(requests.listOffsets(leader, asked, metadata.current()));
  }

  private void fetch(
      BrokerAddress leader, List<PartitionReader> asked, Consumer<OutgoingRequest> out) {
    Set<Lane> busy = fetching.computeIfAbsent(leader, any -> new HashSet<>());
    Lane lane = busy.contains(Lane.LONG_POLL) ? Lane.CATCH_UP : Lane.LONG_POLL;
    // An equal share per broker, so that a long poll to one leaves credit for the others.
    long share = limits.prefetchBytes() / Math.max(1, metadata.current().brokers().size());
    long half = Math.max(1, share / 2);
    long left = limits.prefetchBytes() - bufferedBytes - askedBytes;
    if (busy.contains(lane) || left <= 0) {
      return;
    }
    int maxBytes = (int) Math.min(limits.maxBytes(), Math.min(half, left));
    int maxWaitMs =
        lane == Lane.LONG_POLL
            ? limits.maxWaitMs()
            : Math.min(CATCH_UP_WAIT_MS, limits.maxWaitMs());
    busy.add(lane);
    askedBytes += maxBytes;
    asked.forEach(reader -> reader.asked(true));
    out.accept(requests.fetch(leader, lane, asked, maxBytes, maxWaitMs, metadata.current()));
  }

  @Override
  public long wakeAtMs() {
    if (stopped || failure != null) {
      return Long.MAX_VALUE;
    }
    long wake = everResolved ? metadata.wakeAtMs() : Math.min(resolveBeforeMs, metadata.wakeAtMs());
    for (PartitionReader reader : readers.values()) {
      // What is due already waits for an answer or for credit, not for time.
      if (reader.retryAtMs() > polledMs && !reader.isAsked()) {
        wake = Math.min(wake, reader.retryAtMs());
      }
    }
    return wake;
  }

  @Override
  public void onAnswer(OutgoingRequest request, ApiMessage answer, long nowMs) {
    metadata.onHeard(nowMs);
    if (request.context() == metadata) {
      metadata.onAnswer(request, answer, nowMs);
    } else if (answer instanceof FetchResponseData fetched) {
      release(request);
      onFetched(requests.asked(request), fetched, nowMs);
    } else {
      onListed(requests.asked(request), (ListOffsetsResponseData) answer, nowMs);
    }
  }

  @Override
  public void onFailure(OutgoingRequest request, Throwable cause, long nowMs) {
    if (request.context() == metadata) {
      metadata.onFailure(request, cause, nowMs);
      return;
    }
    if (cause instanceof RetriableException) {
      metadata.onUnreachable(request.broker(), cause);
    } else if (failure == null) {
      failure = cause instanceof RuntimeException runtime ? runtime : new ApiException(cause);
    }
    if (request.lane() != Lane.REQUESTS) {
      release(request);
    }
    requests.asked(request).values().forEach(reader -> tryLater(reader, nowMs));
  }

  private void release(OutgoingRequest request) {
    askedBytes -= requests.maxBytes(request);
    Set<Lane> busy = fetching.get(request.broker());
    if (busy != null) {
      busy.remove(request.lane());
    }
  }

  private void tryLater(PartitionReader reader, long nowMs) {
    reader.asked(false);
    reader.failed(nowMs + backoff.pauseMs(reader.failures() + 1));
  }

  private void onListed(
      Map<TopicPartition, PartitionReader> asked, ListOffsetsResponseData answer, long nowMs) {
    Map<TopicPartition, PartitionReader> unanswered = new HashMap<>(asked);
    answer
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        found -> {
                          PartitionReader reader =
                              unanswered.remove(
                                  new TopicPartition(topic.name(), found.partitionIndex()));
                          if (reader != null) {
                            onListed(
                                reader, ErrorCode.of(found.errorCode()), found.offset(), nowMs);
                          }
                        }));
    unanswered.values().forEach(reader -> tryLater(reader, nowMs));
  }

  private void onListed(PartitionReader reader, ErrorCode error, long offset, long nowMs) {
    if (error == ErrorCode.NONE) {
      reader.asked(false);
      if (offset >= 0) {
        reader.onFound(offset);
      } else {
        reader.onNotFound();
      }
    } else if (error.retriable()) {
      metadata.markStale();
      tryLater(reader, nowMs);
    } else {
      failure = exception(error, reader.partition.toString());
    }
  }

  private void onFetched(
      Map<TopicPartition, PartitionReader> asked, FetchResponseData answer, long nowMs) {
    fetches++;
    ErrorCode error = ErrorCode.of(answer.errorCode());
    if (error != ErrorCode.NONE && !error.retriable()) {
      failure = exception(error, "fetch");
    }
    Map<TopicPartition, PartitionReader> unanswered = new HashMap<>(asked);
    for (FetchableTopicResponse topic : answer.responses()) {
      String name =
          topic.topic().isEmpty() ? metadata.current().name(topic.topicId()) : topic.topic();
      for (PartitionData data : topic.partitions()) {
        PartitionReader reader =
            name == null
                ? null
                : unanswered.remove(new TopicPartition(name, data.partitionIndex()));
        if (reader != null) {
          noteLeader(reader.partition, data, answer);
          onFetched(reader, data, nowMs);
        }
        WireRecords.release(data.records());
      }
    }
    unanswered
        .values()
        .forEach(
            reader -> {
              if (error == ErrorCode.NONE) {
                // A broker that has no room left in the answer may leave partitions out.
                reader.asked(false);
              } else {
                tryLater(reader, nowMs);
              }
            });
  }

  private void noteLeader(TopicPartition partition, PartitionData data, FetchResponseData answer) {
    int leader = data.currentLeader().leaderId();
    NodeEndpoint endpoint = answer.nodeEndpoints().find(leader);
    BrokerAddress address =
        endpoint == null ? null : new BrokerAddress(leader, endpoint.host(), endpoint.port());
    metadata.onLeader(partition, leader, data.currentLeader().leaderEpoch(), address);
  }

  private void onFetched(PartitionReader reader, PartitionData data, long nowMs) {
    ErrorCode error = ErrorCode.of(data.errorCode());
    if (error == ErrorCode.NONE) {
      reader.asked(false);
      reader.onHighWatermark(data.highWatermark());
      take(reader, data);
    } else if (error == ErrorCode.OFFSET_OUT_OF_RANGE && reader.bufferedBytes() == 0) {
      reader.asked(false);
      reset(reader);
    } else if (error == ErrorCode.OFFSET_OUT_OF_RANGE) {
      // What was fetched before is handed out first.
      tryLater(reader, nowMs);
    } else if (error.retriable() && error != ErrorCode.CORRUPT_MESSAGE) {
      metadata.markStale();
      tryLater(reader, nowMs);
    } else {
      failure =
          exception(error, "%s at offset %d".formatted(reader.partition, reader.fetchPosition()));
    }
  }

  private void take(PartitionReader reader, PartitionData data) {
    ByteBuffer bytes = WireRecords.bytesOf(data.records());
    if (!bytes.hasRemaining()) {
      reader.succeeded();
      return;
    }
    List<FetchResponseData.AbortedTransaction> aborted = data.abortedTransactions();
    FetchedRecords fetched =
        new FetchedRecords(
            reader,
            bytes,
            limits.readCommitted() && aborted != null ? aborted : List.of(),
            limits.checkCrcs());
    if (fetched.nextOffset() <= reader.fetchPosition()) {
      failure =
          new RecordTooLargeException(
              "%s at offset %d: %d bytes came, and no whole batch among them"
                  .formatted(reader.partition, reader.fetchPosition(), bytes.remaining()));
      return;
    }
    reader.onFetched(fetched.nextOffset(), fetched.sizeInBytes());
    bufferedBytes += fetched.sizeInBytes();
    bytesFetched += fetched.sizeInBytes();
    ready.add(fetched);
  }

  private void reset(PartitionReader reader) {
    if (limits.reset().isEmpty()) {
      failure =
          new OffsetOutOfRangeException(
              "Fetch position %d is out of range for partition %s, and auto.offset.reset is none"
                  .formatted(reader.fetchPosition(), reader.partition),
              Map.of(reader.partition, reader.fetchPosition()));
      return;
    }
    reader.restartAt(limits.reset().get());
  }

  private static ApiException exception(ErrorCode error, String subject) {
    Errors kafka = Errors.forCode(error.code());
    return kafka.exception(subject + ": " + kafka.message());
  }
}
