package dev.ritsem.client;

import akka.Done;
import akka.actor.ClassicActorSystemProvider;
import io.netty.channel.EventLoopGroup;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Operations on a cluster. Thread-safe; calls do not wait for each other. Each returned stage
 * completes with the result, or fails with the exception that Kafka's admin client would give
 * ({@link org.apache.kafka.common.errors}), not wrapped. What can be tried again (no broker, no
 * controller or leader yet) is tried again until {@code default.api.timeout.ms} is over.
 *
 * <p>A success means that the controller has decided; another broker may answer with the state
 * before for a moment.
 */
public interface Admin extends AutoCloseable {
  /** A client with a thread of its own, which ends with it. */
  static Admin create(AdminSettings settings) {
    EventLoopGroup own = ClientThreads.eventLoops(1);
    return new ClusterAdmin(settings, own, own);
  }

  /** A client on the threads that an actor system's streams use too. */
  static Admin create(AdminSettings settings, ClassicActorSystemProvider system) {
    return new ClusterAdmin(settings, ClientThreads.of(system.classicSystem()).eventLoops(), null);
  }

  /** Like {@link #create(AdminSettings, ClassicActorSystemProvider)}, from Kafka's properties. */
  static Admin create(Map<String, String> properties, ClassicActorSystemProvider system) {
    return create(AdminSettings.create(properties), system);
  }

  /**
   * Creates a topic.
   *
   * @return what was created, by name, id and partition count
   */
  CompletionStage<TopicListing> createTopic(NewTopic topic);

  /** Deletes a topic and all that is in it. */
  CompletionStage<Done> deleteTopic(String topic);

  /** A topic's partitions, with leader, replicas and in-sync replicas. */
  CompletionStage<TopicDescription> describeTopic(String topic);

  /** All topics. */
  CompletionStage<List<TopicListing>> listTopics();

  /**
   * Adds partitions to a topic.
   *
   * @param totalCount how many it has afterwards
   */
  CompletionStage<Done> createPartitions(String topic, int totalCount);

  /** The values in force for a topic or broker, with where each comes from. */
  CompletionStage<Config> describeConfig(ConfigResource resource);

  /** Changes single values of a topic or broker and leaves the others. */
  CompletionStage<Done> incrementalAlterConfig(
      ConfigResource resource, Collection<AlterConfigOp> operations);

  /**
   * Positions in partitions: the earliest, the latest, the first not older than a time, or that of
   * the newest timestamp.
   *
   * @return partitions for which there is no such record are missing
   */
  CompletionStage<Map<TopicPartition, OffsetAndTimestamp>> listOffsets(
      Map<TopicPartition, OffsetQuery> queries);

  /**
   * Removes the records before an offset from each partition; -1 means all that can be read.
   *
   * @return the first offset that is left, per partition
   */
  CompletionStage<Map<TopicPartition, Long>> deleteRecords(Map<TopicPartition, Long> beforeOffsets);

  /** The cluster's id, brokers and controller. */
  CompletionStage<ClusterDescription> describeCluster();

  /** Gives the connections back; calls that are still out fail. */
  CompletionStage<Done> closeAsync();

  /** Like {@link #closeAsync}, without telling when it is done. */
  @Override
  void close();
}
