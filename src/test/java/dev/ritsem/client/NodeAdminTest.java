package dev.ritsem.client;

import static dev.ritsem.client.TestCluster.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.stream.javadsl.Source;
import dev.ritsem.client.TestCluster.Way;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The admin operations on a real node, over each transport. */
class NodeAdminTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    cluster = new TestCluster(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, names = "NODE_.*", mode = EnumSource.Mode.MATCH_ALL)
  void topics_are_created_described_grown_and_deleted(Way way) throws Exception {
    String topic = cluster.createTopic(way, 2);
    try (Admin admin = cluster.admin(way)) {
      TopicDescription described = get(admin.describeTopic(topic));
      assertThat(described.partitions())
          .hasSize(2)
          .allSatisfy(p -> assertThat(p.leader().id()).isEqualTo(nodeId()));
      assertThat(get(admin.listTopics())).extracting(TopicListing::name).contains(topic);
      assertThatThrownBy(() -> get(admin.createTopic(new NewTopic(topic, 1, (short) 1))))
          .cause()
          .isInstanceOf(TopicExistsException.class);

      get(admin.createPartitions(topic, 5));
      assertThat(get(admin.describeTopic(topic)).partitions()).hasSize(5);
      assertThatThrownBy(() -> get(admin.createPartitions(topic, 3)))
          .cause()
          .isInstanceOf(InvalidPartitionsException.class);

      get(admin.deleteTopic(topic));
      assertThatThrownBy(() -> get(admin.describeTopic(topic)))
          .cause()
          .isInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, names = "NODE_.*", mode = EnumSource.Mode.MATCH_ALL)
  void configurations_are_described_and_changed_value_by_value(Way way) throws Exception {
    String topic = cluster.createTopic(way, 1);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try (Admin admin = cluster.admin(way)) {
      get(admin.incrementalAlterConfig(resource, List.of(set("retention.ms", "12345"))));

      ConfigEntry changed = get(admin.describeConfig(resource)).get("retention.ms");
      assertThat(changed.value()).isEqualTo("12345");
      assertThat(changed.source()).isEqualTo(ConfigSource.DYNAMIC_TOPIC_CONFIG);
      assertThatThrownBy(
              () ->
                  get(admin.incrementalAlterConfig(resource, List.of(set("retention.ms", "soon")))))
          .cause()
          .isInstanceOf(InvalidConfigurationException.class);
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), OpType.SET);
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, names = "NODE_.*", mode = EnumSource.Mode.MATCH_ALL)
  void offsets_are_listed_and_records_deleted(Way way) throws Exception {
    String topic = cluster.createTopic(way, 1);
    TopicPartition partition = new TopicPartition(topic, 0);
    get(
        Source.range(0, 99)
            .map(i -> new ProducerRecord<String, String>(topic, 0, 1_000L + i, null, "v"))
            .runWith(Producer.sink(cluster.producing(way)), cluster.system()));
    try (Admin admin = cluster.admin(way)) {
      assertThat(offset(admin, partition, OffsetQuery.earliest())).isEqualTo(0);
      assertThat(offset(admin, partition, OffsetQuery.latest())).isEqualTo(100);
      assertThat(offset(admin, partition, OffsetQuery.timestamp(1_042))).isEqualTo(42);
      assertThat(offset(admin, partition, OffsetQuery.maxTimestamp())).isEqualTo(99);
      assertThat(get(admin.listOffsets(Map.of(partition, OffsetQuery.timestamp(9_999))))).isEmpty();

      assertThat(get(admin.deleteRecords(Map.of(partition, 60L)))).containsEntry(partition, 60L);
      assertThat(offset(admin, partition, OffsetQuery.earliest())).isEqualTo(60);
    }
  }

  private static long offset(Admin admin, TopicPartition partition, OffsetQuery query)
      throws Exception {
    Map<TopicPartition, OffsetAndTimestamp> found =
        get(admin.listOffsets(Map.of(partition, query)));
    assertThat(found).containsOnlyKeys(partition);
    return found.values().iterator().next().offset();
  }

  @ParameterizedTest
  @EnumSource(value = Way.class, names = "NODE_.*", mode = EnumSource.Mode.MATCH_ALL)
  void the_cluster_describes_itself(Way way) throws Exception {
    try (Admin admin = cluster.admin(way)) {
      ClusterDescription described = get(admin.describeCluster());
      assertThat(described.clusterId()).isEqualTo(cluster.node().clusterId());
      assertThat(described.controllerId()).isEqualTo(nodeId());
      assertThat(described.brokers()).extracting(Node::id).containsExactly(nodeId());
    }
  }

  private static int nodeId() {
    return cluster.node().nodeId().value();
  }
}
