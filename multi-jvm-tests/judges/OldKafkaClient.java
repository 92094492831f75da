import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Uses a node as a program of 2021 would. Compiled at run time against the jars of
 * kafka-clients-2.8.xml, hence outside the test sources. Prints one line per thing that is right
 * and ends with an exception at the first that is not.
 *
 * <p>java -cp JARS OldKafkaClient.java BOOTSTRAP
 */
final class OldKafkaClient {
  private static final String TOPIC = "old-client";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  // Young enough for retention to leave the records alone.
  private static final long TIME = System.currentTimeMillis() - 3_600_000;
  private static final int PER_ROUND = 50;

  private final Map<String, Object> base;
  private int written;

  private OldKafkaClient(String bootstrap) {
    this.base = Collections.singletonMap("bootstrap.servers", bootstrap);
  }

  public static void main(String[] args) throws Exception {
    say("client " + AppInfoParser.getVersion());
    OldKafkaClient client = new OldKafkaClient(args[0]);
    try (Admin admin = Admin.create(client.base)) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
      say("created");
      for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
        client.produce(codec, "all");
      }
      client.produce("none", "1");
      client.produce("none", "0");
      client.consume();
      client.administrate(admin);
    }
  }

  private void produce(String compression, String acks) throws Exception {
    Map<String, Object> config = new HashMap<>(base);
    config.put("compression.type", compression);
    config.put("acks", acks);
    config.put("enable.idempotence", acks.equals("all"));
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < PER_ROUND; i++) {
        byte[] text = text(written);
        sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, TIME + written, text, text)));
        written++;
      }
    }
    for (int i = 0; i < PER_ROUND; i++) {
      long offset = sent.get(i).get().offset();
      check(acks.equals("0") || offset == written - PER_ROUND + i, "offset " + offset);
    }
    say("produced " + compression + " acks=" + acks);
  }

  private void consume() {
    Map<String, Object> config = new HashMap<>(base);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", "false");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(PARTITION));
      for (int i = 0; i < written; ) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          check(record.offset() == i, "record at " + record.offset() + " in place of " + i);
          check(new String(record.value(), StandardCharsets.UTF_8).equals("text " + i), "value");
          check(record.timestamp() == TIME + i, "timestamp " + record.timestamp());
          i++;
        }
      }
      say("consumed");
      for (long offset : new long[] {written - 1, 0, 77}) {
        consumer.seek(PARTITION, offset);
        long got = consumer.poll(Duration.ofSeconds(10)).iterator().next().offset();
        check(got == offset, "sought " + offset + " and got " + got);
      }
      check(consumer.beginningOffsets(List.of(PARTITION)).get(PARTITION) == 0, "beginning");
      check(consumer.endOffsets(List.of(PARTITION)).get(PARTITION) == written, "end");
      say("sought");
      check(offsetAt(consumer, TIME + 42) == 42, "by time");
      check(offsetAt(consumer, 5) == 0, "by time before the first");
      check(
          consumer.offsetsForTimes(Map.of(PARTITION, TIME + written)).get(PARTITION) == null,
          "by time after the last");
      say("offsets by time");
    }
  }

  private static long offsetAt(KafkaConsumer<byte[], byte[]> consumer, long time) {
    return consumer.offsetsForTimes(Map.of(PARTITION, time)).get(PARTITION).offset();
  }

  private void administrate(Admin admin) throws Exception {
    TopicDescription described = admin.describeTopics(List.of(TOPIC)).all().get().get(TOPIC);
    check(described.partitions().size() == 1, "partitions");
    check(described.partitions().get(0).isr().size() == 1, "in-sync replicas");
    check(admin.describeCluster().nodes().get().size() == 1, "nodes");
    say("described");
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    AlterConfigOp set =
        new AlterConfigOp(new ConfigEntry("retention.ms", "-1"), AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(topic, List.of(set))).all().get();
    Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
    check(config.get("retention.ms").value().equals("-1"), "retention.ms");
    say("reconfigured");
    admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(3))).all().get();
    check(
        admin.describeTopics(List.of(TOPIC)).all().get().get(TOPIC).partitions().size() == 3,
        "partitions after growth");
    say("grown");
    long start =
        admin
            .deleteRecords(Map.of(PARTITION, RecordsToDelete.beforeOffset(100)))
            .lowWatermarks()
            .get(PARTITION)
            .get()
            .lowWatermark();
    check(start == 100, "low watermark " + start);
    say("purged");
    admin.deleteTopics(List.of(TOPIC)).all().get();
    check(!admin.listTopics().names().get().contains(TOPIC), "still listed");
    say("deleted");
  }

  private static byte[] text(int i) {
    return ("text " + i).getBytes(StandardCharsets.UTF_8);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
