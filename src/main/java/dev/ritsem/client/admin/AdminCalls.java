package dev.ritsem.client.admin;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import dev.ritsem.client.transport.Transport;
import dev.ritsem.model.Clock;
import dev.ritsem.model.ErrorCode;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the broker that a request has to go to, sends it, and tries again what can be tried again,
 * with growing pauses, until the time for the call is over.
 */
public final class AdminCalls {
  private final Transport transport;
  private final EventLoopGroup timers;
  private final Clock clock;
  private final long timeoutMs;
  private final Backoff backoff;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<BrokerAddress> known = List.of();
  private volatile boolean closed;

  /**
   * Calls over a transport of their own.
   *
   * @param timers where pauses are waited for
   * @param timeoutMs longest time for one call, retries included
   */
  public AdminCalls(
      Transport transport, EventLoopGroup timers, Clock clock, long timeoutMs, Backoff backoff) {
    this.transport = transport;
    this.timers = timers;
    this.clock = clock;
    this.timeoutMs = timeoutMs;
    this.backoff = backoff;
  }

  /** Asks any broker. */
  public CompletionStage<ApiMessage> any(ApiKeys api, ApiMessage request) {
    List<BrokerAddress> candidates = new ArrayList<>(known);
    candidates.addAll(transport.bootstrap());
    BrokerAddress broker = candidates.get(Math.floorMod(turn.get(), candidates.size()));
    return send(broker, api, request)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                turn.incrementAndGet();
              }
            });
  }

  /** Asks the controller. */
  public CompletionStage<ApiMessage> controller(ApiKeys api, ApiMessage request) {
    return metadata(List.of())
        .thenCompose(
            metadata -> {
              BrokerAddress controller = address(metadata, metadata.controllerId());
              return controller == null ? any(api, request) : send(controller, api, request);
            });
  }

  /** Asks this broker. */
  public CompletionStage<ApiMessage> send(BrokerAddress broker, ApiKeys api, ApiMessage request) {
    return transport.send(broker, Lane.REQUESTS, api, request);
  }

  /** Metadata of these topics; of none, only of the brokers. */
  public CompletionStage<MetadataResponseData> metadata(List<String> topics) {
    return metadata(
        new MetadataRequestData()
            .setAllowAutoTopicCreation(false)
            .setTopics(
                topics.stream().map(name -> new MetadataRequestTopic().setName(name)).toList()));
  }

  /** Metadata as this request asks for it. */
  public CompletionStage<MetadataResponseData> metadata(MetadataRequestData request) {
    return any(ApiKeys.METADATA, request)
        .thenApply(
            answer -> {
              MetadataResponseData metadata = (MetadataResponseData) answer;
              known =
                  metadata.brokers().stream()
                      .map(b -> new BrokerAddress(b.nodeId(), b.host(), b.port()))
                      .toList();
              return metadata;
            });
  }

  /** Where a broker listens; null if the metadata does not have it. */
  public static @Nullable BrokerAddress address(MetadataResponseData metadata, int brokerId) {
    var broker = metadata.brokers().find(brokerId);
    return broker == null ? null : new BrokerAddress(brokerId, broker.host(), broker.port());
  }

  /**
   * The leader of a partition.
   *
   * @throws ApiException if the topic or partition is unknown, or has no leader now
   */
  public static BrokerAddress leader(MetadataResponseData metadata, String topic, int partition) {
    MetadataResponseTopic found = metadata.topics().find(topic);
    if (found == null) {
      throw new UnknownTopicOrPartitionException("Topic " + topic + " is unknown");
    }
    throwIfFailed(found.errorCode(), "Topic " + topic, null);
    MetadataResponsePartition described =
        found.partitions().stream()
            .filter(candidate -> candidate.partitionIndex() == partition)
            .findFirst()
            .orElseThrow(
                () ->
                    new UnknownTopicOrPartitionException(
                        "Topic %s has no partition %d".formatted(topic, partition)));
    BrokerAddress leader = address(metadata, described.leaderId());
    if (leader == null) {
      throw new LeaderNotAvailableException(
          "Partition %d of topic %s has no leader".formatted(partition, topic));
    }
    return leader;
  }

  /**
   * Turns an error code into the exception that Kafka's admin client gives.
   *
   * @param message the broker's own words, or null
   */
  public static void throwIfFailed(short code, String subject, @Nullable String message) {
    if (code != ErrorCode.NONE.code()) {
      Errors error = Errors.forCode(code);
      throw error.exception(message != null ? message : subject + ": " + error.message());
    }
  }

  /** Runs a call, and runs it again as long as it fails with what can be tried again. */
  public <R> CompletionStage<R> retrying(String what, Supplier<CompletionStage<R>> call) {
    CompletableFuture<R> result = new CompletableFuture<>();
    attempt(what, call, result, clock.nowMs() + timeoutMs, 1);
    return result.minimalCompletionStage();
  }

  private <R> void attempt(
      String what,
      Supplier<CompletionStage<R>> call,
      CompletableFuture<R> result,
      long deadlineMs,
      int number) {
    CompletionStage<R> attempt;
    try {
      attempt = call.get();
    } catch (RuntimeException e) {
      attempt = CompletableFuture.failedFuture(e);
    }
    var unused =
        attempt.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                result.complete(value);
                return;
              }
              Throwable cause = unwrapped(failure);
              long pauseMs = pauseMs(number);
              boolean late = clock.nowMs() + pauseMs > deadlineMs;
              if (!canBeTriedAgain(cause) || closed) {
                result.completeExceptionally(cause);
              } else if (late) {
                result.completeExceptionally(
                    new TimeoutException(
                        "%s failed for %d ms, last with: %s"
                            .formatted(what, timeoutMs, cause.getMessage()),
                        cause));
              } else {
                later(pauseMs, () -> attempt(what, call, result, deadlineMs, number + 1), result);
              }
            });
  }

  /** A topic that is unknown now may well be known soon, but nobody wants to wait for that. */
  private static boolean canBeTriedAgain(Throwable cause) {
    return cause instanceof RetriableException
        && !(cause instanceof UnknownTopicOrPartitionException);
  }

  /** Calls are answered on several threads, and a generator serves one at a time. */
  private long pauseMs(int failures) {
    synchronized (backoff) {
      return backoff.pauseMs(failures);
    }
  }

  private void later(long pauseMs, Runnable action, CompletableFuture<?> result) {
    try {
      var unused = timers.next().schedule(action, pauseMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /** Gives the connections back; nothing is tried again from here on. */
  public CompletionStage<Void> close() {
    closed = true;
    return transport.close();
  }
}
