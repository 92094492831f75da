package dev.ritsem.client;

import dev.ritsem.client.cluster.MetadataLimits;
import dev.ritsem.client.producer.ProducerLimits;
import dev.ritsem.record.Compression;

/** Small batches and short pauses, so that a few hundred records meet every turn. */
final class ProducerLimitsForTests {
  private ProducerLimitsForTests() {}

  static ProducerLimits create(Compression compression, long bufferMemoryBytes) {
    return create(compression, bufferMemoryBytes, 600_000);
  }

  static ProducerLimits create(
      Compression compression, long bufferMemoryBytes, long deliveryTimeoutMs) {
    return new ProducerLimits(
        (short) -1,
        true,
        400,
        bufferMemoryBytes,
        10_000,
        compression,
        2,
        deliveryTimeoutMs,
        500,
        5,
        Integer.MAX_VALUE,
        10,
        200,
        false,
        metadata());
  }

  static MetadataLimits metadata() {
    return new MetadataLimits(300_000, 10, 200, 600_000, true);
  }
}
