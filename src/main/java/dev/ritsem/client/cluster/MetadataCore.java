package dev.ritsem.client.cluster;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.Lane;
import dev.ritsem.model.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the picture of the cluster fresh: asks one broker at a time, at once when something turned
 * out to be stale, with growing pauses while the answers do not help, and another broker after each
 * failure, known ones first and then those that the client was started with. It also knows how long
 * no broker has been heard of, and what went wrong where.
 */
public final class MetadataCore implements ClientCore {
  private final List<BrokerAddress> bootstrap;
  private final MetadataLimits limits;
  private final Backoff backoff;
  private final Set<String> wanted = new LinkedHashSet<>();
  private final Map<String, String> failures = new LinkedHashMap<>();

  private ClusterMetadata current = ClusterMetadata.EMPTY;
  private boolean asking;
  private boolean stale = true;
  private boolean wantedGrew;
  private long askNotBeforeMs;
  private long askedMs;
  private int fruitless;
  private int target;
  private long lastHeardMs;

  public MetadataCore(
      List<BrokerAddress> bootstrap, MetadataLimits limits, RandomGenerator random, long nowMs) {
    this.bootstrap = List.copyOf(bootstrap);
    this.limits = limits;
    this.backoff = new Backoff(limits.retryBackoffMs(), limits.retryBackoffMaxMs(), random);
    this.target = random.nextInt(bootstrap.size());
    this.lastHeardMs = nowMs;
  }

  public ClusterMetadata current() {
    return current;
  }

  /** From now on this topic is asked for, at once if it is new. */
  public void want(String topic) {
    if (wanted.add(topic)) {
      stale = true;
      wantedGrew = true;
    }
  }

  /** Something was not as the picture says: ask again. */
  public void markStale() {
    stale = true;
  }

  /** Any broker to which a request can go that all can answer. */
  public BrokerAddress anyBroker() {
    List<BrokerAddress> candidates = candidates();
    return candidates.get(Math.floorMod(target, candidates.size()));
  }

  /** Takes a leader over that an answer told of (KIP-951). */
  public void onLeader(
      TopicPartition partition, int leaderId, int leaderEpoch, @Nullable BrokerAddress address) {
    if (leaderId >= 0 && leaderEpoch >= 0) {
      current = current.withLeader(partition, leaderId, leaderEpoch, address);
    }
  }

  /** A broker answered something. */
  public void onHeard(long nowMs) {
    lastHeardMs = nowMs;
    failures.clear();
  }

  /** A broker could not be asked, or did not answer. */
  public void onUnreachable(BrokerAddress broker, Throwable failure) {
    failures.put(
        broker.host() + ":" + broker.port(),
        Objects.requireNonNullElse(failure.getMessage(), failure.toString()));
    stale = true;
  }

  /**
   * Why the client should give up: for too long no broker could be reached. Null as long as there
   * is hope.
   */
  public @Nullable String unavailability(long nowMs) {
    long silentMs = nowMs - lastHeardMs;
    if (failures.isEmpty() || silentMs < limits.unavailableMaxMs()) {
      return null;
    }
    List<String> tried = new ArrayList<>();
    failures.forEach((address, reason) -> tried.add(address + " (" + reason + ")"));
    return "no broker could be reached for %d ms; tried %s"
        .formatted(silentMs, String.join(", ", tried));
  }

  @Override
  public void poll(long nowMs, Consumer<OutgoingRequest> out) {
    if (asking || nowMs < wakeAtMs()) {
      return;
    }
    asking = true;
    stale = false;
    wantedGrew = false;
    askedMs = nowMs;
    MetadataRequestData request =
        new MetadataRequestData().setAllowAutoTopicCreation(limits.autoCreateTopics());
    List<MetadataRequestTopic> topics = new ArrayList<>();
    wanted.forEach(topic -> topics.add(new MetadataRequestTopic().setName(topic)));
    request.setTopics(topics);
    BrokerAddress broker = anyBroker();
    out.accept(new OutgoingRequest(broker, Lane.REQUESTS, ApiKeys.METADATA, request, this));
  }

  @Override
  public long wakeAtMs() {
    if (asking) {
      return Long.MAX_VALUE;
    }
    if (wantedGrew) {
      return Long.MIN_VALUE;
    }
    return stale ? askNotBeforeMs : askedMs + limits.maxAgeMs();
  }

  @Override
  public void onAnswer(OutgoingRequest request, ApiMessage answer, long nowMs) {
    asking = false;
    onHeard(nowMs);
    MetadataResponseData metadata = (MetadataResponseData) answer;
    current = current.after(metadata);
    boolean helped = !metadata.brokers().isEmpty();
    for (MetadataResponseTopic topic : metadata.topics()) {
      ErrorCode error = ErrorCode.of(topic.errorCode());
      helped &= !error.retriable() && topic.partitions().stream().allMatch(p -> p.leaderId() >= 0);
    }
    fruitless = helped ? 0 : fruitless + 1;
    stale |= !helped;
    // Even a helpful answer is not asked for again at once: it may be older than what made it
    // necessary.
    askNotBeforeMs = nowMs + backoff.pauseMs(Math.max(1, fruitless));
  }

  @Override
  public void onFailure(OutgoingRequest request, Throwable failure, long nowMs) {
    asking = false;
    onUnreachable(request.broker(), failure);
    target++;
    fruitless++;
    // One round over all addresses goes without pauses.
    boolean roundOver = fruitless % candidates().size() == 0;
    askNotBeforeMs = roundOver ? nowMs + backoff.pauseMs(fruitless / candidates().size()) : nowMs;
  }

  private List<BrokerAddress> candidates() {
    List<BrokerAddress> all = new ArrayList<>(current.brokers().values());
    all.sort((a, b) -> Integer.compare(a.brokerId(), b.brokerId()));
    all.addAll(bootstrap);
    return all;
  }
}
