package dev.ritsem.client;

import akka.Done;
import dev.ritsem.client.admin.AdminCalls;
import dev.ritsem.client.admin.AdminRequests;
import dev.ritsem.client.admin.ConfigEntries;
import dev.ritsem.client.admin.TopicDescriptions;
import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.transport.BrokerAddress;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/** The admin operations as requests to brokers. */
final class ClusterAdmin implements Admin {
  private static final long SHUTDOWN_MS = 1_000;

  private final AdminCalls calls;
  private final AdminRequests requests;

  /** Ended with this client; null if they belong to somebody else. */
  private final @Nullable EventLoopGroup ownThreads;

  ClusterAdmin(
      AdminSettings settings, EventLoopGroup eventLoops, @Nullable EventLoopGroup ownThreads) {
    this.calls =
        new AdminCalls(
            Transports.open(
                settings.connector(), settings::get, eventLoops, settings.clock(), event -> {}),
            eventLoops,
            settings.clock(),
            settings.get(AdminKeys.DEFAULT_API_TIMEOUT_MS),
            new Backoff(
                settings.get(ConnectionKeys.RETRY_BACKOFF_MS),
                settings.get(ConnectionKeys.RETRY_BACKOFF_MAX_MS),
                new SplittableRandom()));
    this.requests = new AdminRequests(settings.get(ConnectionKeys.REQUEST_TIMEOUT_MS));
    this.ownThreads = ownThreads;
  }

  @Override
  public CompletionStage<TopicListing> createTopic(NewTopic topic) {
    return calls.retrying(
        "Creating topic " + topic.name(),
        () ->
            calls
                .controller(ApiKeys.CREATE_TOPICS, requests.createTopic(topic))
                .thenApply(
                    answer -> {
                      var result = only(((CreateTopicsResponseData) answer).topics(), topic.name());
                      check(result.errorCode(), topic.name(), result.errorMessage());
                      return new TopicListing(result.name(), result.topicId(), false);
                    }));
  }

  @Override
  public CompletionStage<Done> deleteTopic(String topic) {
    return calls.retrying(
        "Deleting topic " + topic,
        () ->
            calls
                .controller(ApiKeys.DELETE_TOPICS, requests.deleteTopic(topic))
                .thenApply(
                    answer -> {
                      var result = only(((DeleteTopicsResponseData) answer).responses(), topic);
                      check(result.errorCode(), topic, result.errorMessage());
                      return Done.getInstance();
                    }));
  }

  @Override
  public CompletionStage<TopicDescription> describeTopic(String topic) {
    return calls.retrying(
        "Describing topic " + topic,
        () ->
            calls
                .metadata(List.of(topic))
                .thenApply(metadata -> TopicDescriptions.describe(metadata, topic)));
  }

  @Override
  public CompletionStage<List<TopicListing>> listTopics() {
    MetadataRequestData all = new MetadataRequestData().setTopics(null);
    return calls.retrying(
        "Listing topics", () -> calls.metadata(all).thenApply(TopicDescriptions::list));
  }

  @Override
  public CompletionStage<Done> createPartitions(String topic, int totalCount) {
    return calls.retrying(
        "Adding partitions to topic " + topic,
        () ->
            calls
                .controller(ApiKeys.CREATE_PARTITIONS, requests.createPartitions(topic, totalCount))
                .thenApply(
                    answer -> {
                      var result = only(((CreatePartitionsResponseData) answer).results(), topic);
                      check(result.errorCode(), topic, result.errorMessage());
                      return Done.getInstance();
                    }));
  }

  @Override
  public CompletionStage<Config> describeConfig(ConfigResource resource) {
    return calls.retrying(
        "Describing the configuration of " + resource,
        () ->
            toResource(resource, ApiKeys.DESCRIBE_CONFIGS, requests.describeConfig(resource))
                .thenApply(
                    answer -> {
                      var result =
                          only(((DescribeConfigsResponseData) answer).results(), resource.name());
                      check(result.errorCode(), resource.name(), result.errorMessage());
                      return ConfigEntries.config(result);
                    }));
  }

  @Override
  public CompletionStage<Done> incrementalAlterConfig(
      ConfigResource resource, Collection<AlterConfigOp> operations) {
    return calls.retrying(
        "Changing the configuration of " + resource,
        () ->
            toResource(
                    resource,
                    ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                    requests.alterConfig(resource, operations))
                .thenApply(
                    answer -> {
                      var result =
                          only(
                              ((IncrementalAlterConfigsResponseData) answer).responses(),
                              resource.name());
                      check(result.errorCode(), resource.name(), result.errorMessage());
                      return Done.getInstance();
                    }));
  }

  /** A broker answers for its own configuration, the controller for everything else. */
  private CompletionStage<ApiMessage> toResource(
      ConfigResource resource, ApiKeys api, ApiMessage request) {
    boolean oneBroker = resource.type() == ConfigResource.Type.BROKER && !resource.name().isEmpty();
    if (!oneBroker) {
      return calls.controller(api, request);
    }
    int brokerId = Integer.parseInt(resource.name());
    return calls
        .metadata(List.of())
        .thenCompose(
            metadata -> {
              BrokerAddress broker = AdminCalls.address(metadata, brokerId);
              return broker == null ? calls.any(api, request) : calls.send(broker, api, request);
            });
  }

  @Override
  public CompletionStage<Map<TopicPartition, OffsetAndTimestamp>> listOffsets(
      Map<TopicPartition, OffsetQuery> queries) {
    return perLeader(
        "Looking offsets up",
        queries,
        (leader, part) ->
            calls
                .send(leader, ApiKeys.LIST_OFFSETS, requests.listOffsets(timestamps(part)))
                .thenApply(answer -> AdminRequests.offsets((ListOffsetsResponseData) answer)));
  }

  private static Map<TopicPartition, Long> timestamps(Map<TopicPartition, OffsetQuery> queries) {
    Map<TopicPartition, Long> timestamps = new HashMap<>();
    queries.forEach((partition, query) -> timestamps.put(partition, query.timestampMs()));
    return timestamps;
  }

  @Override
  public CompletionStage<Map<TopicPartition, Long>> deleteRecords(
      Map<TopicPartition, Long> beforeOffsets) {
    return perLeader(
        "Deleting records",
        beforeOffsets,
        (leader, part) ->
            calls
                .send(leader, ApiKeys.DELETE_RECORDS, requests.deleteRecords(part))
                .thenApply(
                    answer -> AdminRequests.lowWatermarks((DeleteRecordsResponseData) answer)));
  }

  private interface ToLeader<Q, R> {
    CompletionStage<Map<TopicPartition, R>> send(BrokerAddress leader, Map<TopicPartition, Q> part);
  }

  /** Asks each leader about its own partitions, and puts the answers together. */
  private <Q, R> CompletionStage<Map<TopicPartition, R>> perLeader(
      String what, Map<TopicPartition, Q> queries, ToLeader<Q, R> toLeader) {
    List<String> topics = queries.keySet().stream().map(TopicPartition::topic).distinct().toList();
    return calls.retrying(
        what,
        () ->
            calls
                .metadata(topics)
                .thenCompose(metadata -> gather(byLeader(metadata, queries), toLeader)));
  }

  private static <Q> Map<BrokerAddress, Map<TopicPartition, Q>> byLeader(
      MetadataResponseData metadata, Map<TopicPartition, Q> queries) {
    Map<BrokerAddress, Map<TopicPartition, Q>> parts = new HashMap<>();
    queries.forEach(
        (partition, query) ->
            parts
                .computeIfAbsent(
                    AdminCalls.leader(metadata, partition.topic(), partition.partition()),
                    any -> new HashMap<>())
                .put(partition, query));
    return parts;
  }

  private static <Q, R> CompletionStage<Map<TopicPartition, R>> gather(
      Map<BrokerAddress, Map<TopicPartition, Q>> parts, ToLeader<Q, R> toLeader) {
    List<CompletableFuture<Map<TopicPartition, R>>> answers = new ArrayList<>();
    parts.forEach((leader, part) -> answers.add(toLeader.send(leader, part).toCompletableFuture()));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            done -> {
              Map<TopicPartition, R> all = new HashMap<>();
              answers.forEach(answer -> all.putAll(answer.join()));
              return all;
            });
  }

  @Override
  public CompletionStage<ClusterDescription> describeCluster() {
    return calls.retrying(
        "Describing the cluster",
        () ->
            calls
                .any(ApiKeys.DESCRIBE_CLUSTER, new DescribeClusterRequestData())
                .thenApply(
                    answer -> {
                      DescribeClusterResponseData cluster = (DescribeClusterResponseData) answer;
                      check(cluster.errorCode(), "cluster", cluster.errorMessage());
                      List<Node> brokers =
                          cluster.brokers().stream()
                              .map(b -> new Node(b.brokerId(), b.host(), b.port(), b.rack()))
                              .toList();
                      return new ClusterDescription(
                          cluster.clusterId(), cluster.controllerId(), brokers);
                    }));
  }

  private static void check(short code, String subject, @Nullable String message) {
    AdminCalls.throwIfFailed(code, subject, message);
  }

  private static <T> T only(Collection<T> results, String name) {
    return results.stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the answer does not speak about " + name));
  }

  @Override
  public CompletionStage<Done> closeAsync() {
    return calls
        .close()
        .thenCompose(
            closed -> {
              CompletableFuture<Done> done = new CompletableFuture<>();
              if (ownThreads == null) {
                done.complete(Done.getInstance());
              } else {
                ownThreads
                    .shutdownGracefully(0, SHUTDOWN_MS, TimeUnit.MILLISECONDS)
                    .addListener(ended -> done.complete(Done.getInstance()));
              }
              return done;
            });
  }

  @Override
  public void close() {
    var unused = closeAsync();
  }
}
