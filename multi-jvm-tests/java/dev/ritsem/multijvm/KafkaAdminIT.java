package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Judge: the admin client of the kafka-clients that this project builds with. */
class KafkaAdminIT {
  /** Young enough for retention to leave it alone. */
  private static final long FIRST_TIME = System.currentTimeMillis() - 3_600_000;

  @RegisterExtension static final RealNodes NODES = new RealNodes();
  @TempDir static Path directory;
  private static RealNode node;
  private static Admin admin;

  @BeforeAll
  static void startNode() {
    node =
        NODES.start(directory, NodeOptions.defaults().with("auto.create.topics.enable", "false"));
    admin = Clients.admin(node);
  }

  @AfterAll
  static void closeAdmin() {
    if (admin != null) {
      admin.close();
    }
  }

  @Test
  void aCreatedTopicIsDescribedAndListed() {
    create("described", 3, Map.of());

    TopicDescription description =
        Clients.answerFor("described", admin.describeTopics(List.of("described")).allTopicNames());

    assertThat(description.partitions()).hasSize(3);
    assertThat(description.partitions())
        .allSatisfy(
            partition -> {
              assertThat(partition.leader().id()).isEqualTo(node.nodeId());
              assertThat(partition.leader().port()).isEqualTo(node.address().getPort());
              assertThat(partition.isr()).hasSize(1);
              assertThat(partition.replicas()).hasSize(1);
            });
    assertThat(description.topicId()).isNotEqualTo(Uuid.ZERO_UUID);
    assertThat(Clients.answer(admin.listTopics().names())).contains("described");
    assertThat(
            Clients.answerFor(
                    description.topicId(),
                    admin
                        .describeTopics(TopicCollection.ofTopicIds(List.of(description.topicId())))
                        .allTopicIds())
                .name())
        .isEqualTo("described");
  }

  @Test
  void whatCannotBeCreatedIsRefusedForKafkasReason() {
    create("taken", 1, Map.of());
    assertThat(refusalOf(new NewTopic("taken", 1, (short) 1)))
        .isInstanceOf(TopicExistsException.class);
    assertThat(refusalOf(new NewTopic("no blanks", 1, (short) 1)))
        .isInstanceOf(InvalidTopicException.class);
    assertThat(refusalOf(new NewTopic("x".repeat(250), 1, (short) 1)))
        .isInstanceOf(InvalidTopicException.class);
    assertThat(refusalOf(new NewTopic("none", 0, (short) 1)))
        .isInstanceOf(InvalidPartitionsException.class);
    assertThat(refusalOf(new NewTopic("two-replicas", 1, (short) 2)))
        .isInstanceOf(InvalidReplicationFactorException.class);
    assertThat(
            refusalOf(new NewTopic("config", 1, (short) 1).configs(Map.of("retention.ms", "soon"))))
        .isInstanceOf(InvalidConfigurationException.class);
    assertThat(refusalOf(new NewTopic("config", 1, (short) 1).configs(Map.of("no.such.key", "1"))))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void aTopicGrowsButNeverShrinks() {
    create("growing", 2, Map.of());

    Clients.answer(admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(5))).all());

    assertThat(partitionCount("growing")).isEqualTo(5);
    assertThat(
            Clients.refusal(
                admin.createPartitions(Map.of("growing", NewPartitions.increaseTo(4))).all()))
        .isInstanceOf(InvalidPartitionsException.class);
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      Clients.answer(producer.send(new ProducerRecord<>("growing", 4, null, new byte[10])));
    }
  }

  @Test
  void aDeletedTopicIsGoneAndItsNameIsFree() {
    create("short-lived", 1, Map.of());
    Uuid first = idOf("short-lived");

    Clients.answer(admin.deleteTopics(List.of("short-lived")).all());

    assertThat(Clients.answer(admin.listTopics().names())).doesNotContain("short-lived");
    assertThat(
            Clients.refusal(
                admin.describeTopics(TopicCollection.ofTopicIds(List.of(first))).allTopicIds()))
        .isInstanceOf(UnknownTopicIdException.class);
    assertThat(Clients.refusal(admin.deleteTopics(List.of("short-lived")).all()))
        .isInstanceOf(UnknownTopicOrPartitionException.class);
    create("short-lived", 1, Map.of());
    assertThat(idOf("short-lived")).isNotEqualTo(first);
  }

  @Test
  void topicConfigsAreShownWithTheirSourceAndCanBeChanged() {
    create("configured", 1, Map.of("retention.ms", "12345"));
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "configured");

    ConfigEntry retention = configOf(topic).get("retention.ms");
    assertThat(retention.value()).isEqualTo("12345");
    assertThat(retention.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
    assertThat(configOf(topic).get("max.message.bytes").source())
        .isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);

    alter(topic, new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET);
    alter(topic, new ConfigEntry("retention.ms", ""), AlterConfigOp.OpType.DELETE);
    alter(topic, new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.APPEND);

    Config changed = configOf(topic);
    assertThat(changed.get("max.message.bytes").value()).isEqualTo("2000");
    assertThat(changed.get("retention.ms").value()).isEqualTo("604800000");
    assertThat(changed.get("cleanup.policy").value()).isEqualTo("delete,compact");
    assertThat(
            Clients.refusal(
                admin
                    .incrementalAlterConfigs(
                        Map.of(
                            topic,
                            List.of(
                                new AlterConfigOp(
                                    new ConfigEntry("segment.bytes", "-5"),
                                    AlterConfigOp.OpType.SET))))
                    .all()))
        .isInstanceOf(InvalidConfigurationException.class);
  }

  @Test
  void deletedRecordsMoveTheLogStart() {
    create("purged", 1, Map.of());
    TopicPartition partition = new TopicPartition("purged", 0);
    try (KafkaProducer<byte[], byte[]> producer = Clients.producer(node, Map.of())) {
      Clients.produce(
          producer,
          IntStream.range(0, 100)
              .mapToObj(
                  i ->
                      new ProducerRecord<byte[], byte[]>(
                          "purged", 0, FIRST_TIME + i, null, Integer.toString(i).getBytes(UTF_8)))
              .toList());
    }

    long lowWatermark =
        Clients.answer(
                Clients.at(
                    partition,
                    admin
                        .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(60)))
                        .lowWatermarks()))
            .lowWatermark();

    assertThat(lowWatermark).isEqualTo(60);
    assertThat(offset(partition, OffsetSpec.earliest())).isEqualTo(60);
    assertThat(offset(partition, OffsetSpec.latest())).isEqualTo(100);
    assertThat(offset(partition, OffsetSpec.maxTimestamp())).isEqualTo(99);
    assertThat(offset(partition, OffsetSpec.forTimestamp(FIRST_TIME + 80))).isEqualTo(80);
    assertThat(Clients.readAll(node, partition)).hasSize(40);
    assertThat(
            Clients.refusal(
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(101))).all()))
        .isInstanceOf(OffsetOutOfRangeException.class);
  }

  @Test
  void theClusterHasThisOneNodeAndAName() {
    assertThat(Clients.answer(admin.describeCluster().nodes()))
        .singleElement()
        .satisfies(
            only -> {
              assertThat(only.id()).isEqualTo(node.nodeId());
              assertThat(only.host()).isEqualTo("127.0.0.1");
              assertThat(only.port()).isEqualTo(node.address().getPort());
            });
    assertThat(Clients.answer(admin.describeCluster().clusterId())).isNotEmpty();
    assertThat(Clients.answer(admin.describeCluster().controller()).id()).isEqualTo(node.nodeId());
  }

  @Test
  void topicsAndTheirConfigsSurviveAKill(@TempDir Path own) {
    RealNode other = NODES.start(own);
    Clients.createTopic(other, "kept", 2, Map.of("retention.ms", "777777"));
    other.kill();
    other.start();
    try (Admin again = Clients.admin(other)) {
      assertThat(
              Clients.answerFor("kept", again.describeTopics(Set.of("kept")).allTopicNames())
                  .partitions())
          .hasSize(2);
      ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "kept");
      assertThat(
              Clients.answerFor(topic, again.describeConfigs(List.of(topic)).all())
                  .get("retention.ms")
                  .value())
          .isEqualTo("777777");
    }
    other.kill();
  }

  private static void create(String topic, int partitions, Map<String, String> configs) {
    Clients.createTopic(node, topic, partitions, configs);
  }

  private static Throwable refusalOf(NewTopic topic) {
    return Clients.refusal(admin.createTopics(List.of(topic)).all());
  }

  private static int partitionCount(String topic) {
    return Clients.answerFor(topic, admin.describeTopics(List.of(topic)).allTopicNames())
        .partitions()
        .size();
  }

  private static Uuid idOf(String topic) {
    return Clients.answerFor(topic, admin.describeTopics(List.of(topic)).allTopicNames()).topicId();
  }

  private static Config configOf(ConfigResource resource) {
    return Clients.answerFor(resource, admin.describeConfigs(List.of(resource)).all());
  }

  private static void alter(ConfigResource resource, ConfigEntry entry, AlterConfigOp.OpType how) {
    Clients.answer(
        admin
            .incrementalAlterConfigs(Map.of(resource, List.of(new AlterConfigOp(entry, how))))
            .all());
  }

  private static long offset(TopicPartition partition, OffsetSpec which) {
    return Clients.answerFor(partition, admin.listOffsets(Map.of(partition, which)).all()).offset();
  }
}
