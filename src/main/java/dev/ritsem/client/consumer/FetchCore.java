package dev.ritsem.client.consumer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.BrokersUnavailableException;
import dev.ritsem.client.cluster.ClientCore;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.cluster.TopicMetadata;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads partitions in order, each record once. For each partition it looks up where to begin and
 * where to end, and then fetches from its leader as long as there is {@link FetchCredit}; those at
 * their end wait at the broker in a long poll. A partition is in at most one request at a time.
 */
public final class FetchCore implements ClientCore {
  private final FetchLimits limits;
  private final MetadataCore metadata;
  private final FetchRequests requests;
  private final ReaderTable readers;
  private final FetchCredit credit;
  private final FetchAnswers answers;
  private final long resolveBeforeMs;
  private boolean everResolved;
  private long polledMs;

  private @Nullable RuntimeException failure;

  public FetchCore(
      List<BrokerAddress> bootstrap,
      ReadPlan plan,
      FetchLimits limits,
      RandomGenerator random,
      long nowMs) {
    this.limits = limits;
    this.metadata = new MetadataCore(bootstrap, limits.metadata(), random, nowMs);
    this.requests = new FetchRequests(limits);
    this.resolveBeforeMs = nowMs + limits.apiTimeoutMs();
    this.readers = new ReaderTable(plan, metadata);
    this.credit = new FetchCredit(limits);
    Backoff backoff = new Backoff(limits.retryBackoffMs(), limits.retryBackoffMaxMs(), random);
    this.answers = new FetchAnswers(limits, metadata, credit, backoff);
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
    return answers.ready().peek();
  }

  /** The first of the ready ones has no record left; its bytes are credit again. */
  public void onConsumed() {
    FetchedRecords consumed = answers.ready().remove();
    credit.onConsumed(consumed.sizeInBytes());
    consumed.reader().onConsumed(consumed.sizeInBytes());
  }

  /** Whether nothing more will come: everything is taken and every partition is at its stop. */
  public boolean isDone() {
    return answers.ready().isEmpty() && readers.isDone();
  }

  /** Whether every partition knows where to begin, and where to end. */
  public boolean isResolved() {
    return readers.isResolved();
  }

  /** The next offset that each partition delivers, as far as it is known. */
  public Map<TopicPartition, Long> positions() {
    return readers.positions();
  }

  /** Per partition, records between the position and the end as last heard of. */
  public Map<TopicPartition, Long> lag() {
    return readers.lag();
  }

  public long bufferedBytes() {
    return credit.bufferedBytes();
  }

  public long bytesFetched() {
    return answers.bytesFetched();
  }

  public long fetches() {
    return answers.fetches();
  }

  @Override
  public void poll(long nowMs, Consumer<OutgoingRequest> out) {
    if (failure != null) {
      return;
    }
    polledMs = nowMs;
    failIfOverdue(nowMs);
    if (failure != null) {
      return;
    }
    TopicMetadata unreadable = readers.adopt();
    if (unreadable != null) {
      failure = FetchAnswers.exception(unreadable.error(), unreadable.name());
      return;
    }
    Map<BrokerAddress, List<PartitionReader>> lookups = new LinkedHashMap<>();
    Map<BrokerAddress, List<PartitionReader>> fetchable = new LinkedHashMap<>();
    for (PartitionReader reader : readers.all()) {
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
    } else if (!everResolved && nowMs >= resolveBeforeMs && !isResolved()) {
      failure =
          new TimeoutException(
              "Topics and starting offsets were not found within %d ms; wanted %s"
                  .formatted(limits.apiTimeoutMs(), readers.unresolved()));
    }
    everResolved = everResolved || isResolved();
  }

  private void sort(
      PartitionReader reader,
      long nowMs,
      Map<BrokerAddress, List<PartitionReader>> lookups,
      Map<BrokerAddress, List<PartitionReader>> fetchable) {
    boolean wants = reader.lookup() != null || (reader.wantsMore() && credit.covers(reader));
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

  private void lookUp(
      BrokerAddress leader, List<PartitionReader> asked, Consumer<OutgoingRequest> out) {
    asked.forEach(reader -> reader.asked(true));
    out.accept(requests.listOffsets(leader, asked, metadata.current()));
  }

  private void fetch(
      BrokerAddress leader, List<PartitionReader> asked, Consumer<OutgoingRequest> out) {
    FetchCredit.Grant grant = credit.take(leader, metadata.current().brokers().size());
    if (grant != null) {
      asked.forEach(reader -> reader.asked(true));
      out.accept(requests.fetch(leader, grant, asked, metadata.current()));
    }
  }

  @Override
  public long wakeAtMs() {
    if (failure != null) {
      return Long.MAX_VALUE;
    }
    long wake = everResolved ? metadata.wakeAtMs() : Math.min(resolveBeforeMs, metadata.wakeAtMs());
    for (PartitionReader reader : readers.all()) {
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
      answers.onFetched(requests.asked(request), fetched, nowMs);
    } else {
      answers.onListed(requests.asked(request), (ListOffsetsResponseData) answer, nowMs);
    }
    failure = failure == null ? answers.failure() : failure;
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
    requests.asked(request).values().forEach(reader -> answers.tryLater(reader, nowMs));
  }

  private void release(OutgoingRequest request) {
    credit.giveBack(request.broker(), request.lane(), requests.maxBytes(request));
  }
}
