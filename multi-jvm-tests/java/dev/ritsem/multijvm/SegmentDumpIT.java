package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a node leaves on disk is read by Apache Kafka's segment dump tool without a complaint. */
class SegmentDumpIT {
  private static final int RECORDS_PER_CODEC = 1_500;

  @RegisterExtension final RealNodes nodes = new RealNodes();

  @Test
  void theDumpToolReadsWhatACleanStopAndAKillLeaveBehind(@TempDir Path directory)
      throws IOException {
    RealNode node = nodes.start(directory);
    Clients.createTopic(
        node, "dumped", 1, Map.of("segment.bytes", "1048576", "index.interval.bytes", "1000"));
    Path partition = node.logDirectory().resolve("dumped-0");
    long written = fill(node);

    node.stop();
    assertThat(SegmentDump.check(partition)).isEqualTo(written);
    assertThat(segments(partition)).isGreaterThan(3);

    node.start();
    written += fill(node);
    node.kill();
    assertThat(SegmentDump.check(partition)).isEqualTo(written);

    // What recovery made of it, and the producer snapshots that it took.
    node.start();
    node.stop();
    assertThat(SegmentDump.check(partition)).isEqualTo(written);
  }

  /** Some megabytes from several producers, in every codec; returns the number of records. */
  private static long fill(RealNode node) {
    Random random = new Random(5);
    long sent = 0;
    for (String codec : new String[] {"none", "gzip", "snappy", "lz4", "zstd"}) {
      try (KafkaProducer<byte[], byte[]> producer =
          Clients.producer(node, Map.of("compression.type", codec, "batch.size", "4000"))) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < RECORDS_PER_CODEC; i++) {
          byte[] value = new byte[random.nextInt(1_000)];
          random.nextBytes(value);
          records.add(new ProducerRecord<>("dumped", 0, null, new byte[] {1}, value));
        }
        sent += Clients.produce(producer, records).size();
      }
    }
    return sent;
  }

  private static long segments(Path partition) throws IOException {
    try (Stream<Path> files = Files.list(partition)) {
      return files.filter(file -> file.toString().endsWith(".log")).count();
    }
  }
}
