package dev.ritsem.record;

import java.util.Optional;

/**
 * What a partition demands of a batch: the part of a topic's configuration that is applied before
 * an append.
 *
 * @param maxMessageBytes largest batch in bytes as it will be stored, header included, compressed
 *     ({@code max.message.bytes})
 * @param compression the codec in which batches are stored, or nothing to keep the producer's
 *     ({@code compression.type}; nothing stands for {@code producer})
 * @param timestampBeforeMaxMs how far a record's timestamp may lie before the broker's time
 * @param timestampAfterMaxMs how far a record's timestamp may lie after the broker's time
 * @param compacted whether the topic is compacted, so that each record needs a key
 */
public record BatchRules(
    int maxMessageBytes,
    Optional<Compression> compression,
    CompressionLevels levels,
    TimestampType timestampType,
    long timestampBeforeMaxMs,
    long timestampAfterMaxMs,
    boolean compacted) {

  /** The rules of a topic without settings of its own. */
  public static final BatchRules DEFAULTS =
      new BatchRules(
          1_048_588,
          Optional.empty(),
          CompressionLevels.DEFAULTS,
          TimestampType.CREATE_TIME,
          Long.MAX_VALUE,
          3_600_000L,
          false);

  /** For what the broker writes into its own logs: any size, any time. */
  public static final BatchRules INTERNAL =
      new BatchRules(
          Integer.MAX_VALUE,
          Optional.empty(),
          CompressionLevels.DEFAULTS,
          TimestampType.CREATE_TIME,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          false);
}
