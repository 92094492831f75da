package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Judge: kafka-clients 2.8, whose requests have the versions of 2021. What it does is written in
 * {@code multi-jvm-tests/judges/OldKafkaClient.java}; each thing that it finds right is one line.
 */
class OldKafkaClientIT {
  @RegisterExtension final RealNodes nodes = new RealNodes();

  @Test
  void anOldClientProducesConsumesSeeksAndAdministrates(@TempDir Path directory) {
    RealNode node = nodes.start(directory);

    Verdict verdict =
        Judge.of("kafka-clients-2.8")
            .runSource(
                Checkout.root().resolve("multi-jvm-tests/judges/OldKafkaClient.java"),
                node.bootstrap())
            .mustSucceed();

    assertThat(verdict.out().lines())
        .containsExactly(
            "client 2.8.2",
            "created",
            "produced none acks=all",
            "produced gzip acks=all",
            "produced snappy acks=all",
            "produced lz4 acks=all",
            "produced zstd acks=all",
            "produced none acks=1",
            "produced none acks=0",
            "consumed",
            "sought",
            "offsets by time",
            "described",
            "reconfigured",
            "grown",
            "purged",
            "deleted");
  }
}
