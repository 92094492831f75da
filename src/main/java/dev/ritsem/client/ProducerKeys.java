package dev.ritsem.client;

import dev.ritsem.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The settings of producing streams, named, defaulted and bounded as Kafka's. */
public final class ProducerKeys {
  public static final Setting<String> ACKS =
      Setting.ofString("acks")
          .defaultValue("all")
          .oneOf("all", "-1", "1", "0")
          .documentation(
              "Who must have a record before it counts as sent: all in-sync replicas, the leader,"
                  + " or nobody.")
          .build();

  public static final Setting<Integer> BATCH_SIZE =
      Setting.ofInt("batch.size")
          .defaultValue(16_384)
          .atLeast(0)
          .unit("bytes")
          .documentation("Records of a partition are sent together up to this size.")
          .build();

  public static final Setting<Long> BUFFER_MEMORY =
      Setting.ofLong("buffer.memory")
          .defaultValue(33_554_432L)
          .atLeast(1L)
          .unit("bytes")
          .documentation("At this much unacknowledged data a stream takes no more records.")
          .build();

  public static final Setting<String> COMPRESSION_TYPE =
      Setting.ofString("compression.type")
          .defaultValue("none")
          .oneOf("none", "gzip", "snappy", "lz4", "zstd")
          .documentation("How batches are compressed.")
          .build();

  public static final Setting<Long> DELIVERY_TIMEOUT_MS =
      Setting.ofLong("delivery.timeout.ms")
          .defaultValue(120_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation(
              "A record that is not acknowledged this long after it was taken fails, whatever the"
                  + " retries.")
          .build();

  public static final Setting<Boolean> ENABLE_IDEMPOTENCE =
      Setting.ofBoolean("enable.idempotence")
          .defaultValue(true)
          .documentation("Each record is stored exactly once and in order, whatever is retried.")
          .build();

  public static final Setting<Long> LINGER_MS =
      Setting.ofLong("linger.ms")
          .defaultValue(5L)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long a batch that is not full waits for more records.")
          .build();

  public static final Setting<Long> MAX_BLOCK_MS =
      Setting.ofLong("max.block.ms")
          .defaultValue(60_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("Longest wait for the metadata of a record's topic.")
          .build();

  public static final Setting<Integer> MAX_IN_FLIGHT =
      Setting.ofInt("max.in.flight.requests.per.connection")
          .defaultValue(5)
          .atLeast(1)
          .documentation("Requests to one broker that may wait for their answers.")
          .build();

  public static final Setting<Integer> MAX_REQUEST_SIZE =
      Setting.ofInt("max.request.size")
          .defaultValue(1_048_576)
          .atLeast(0)
          .unit("bytes")
          .documentation("Longest record, and longest request.")
          .build();

  public static final Setting<Boolean> PARTITIONER_IGNORE_KEYS =
      Setting.ofBoolean("partitioner.ignore.keys")
          .defaultValue(false)
          .documentation("Places records with keys as if they had none.")
          .build();

  public static final Setting<Integer> RETRIES =
      Setting.ofInt("retries")
          .defaultValue(Integer.MAX_VALUE)
          .atLeast(0)
          .documentation("How often a batch is sent again; better bound delivery.timeout.ms.")
          .build();

  static final List<Setting<?>> ALL = all();

  private ProducerKeys() {}

  private static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(ConnectionKeys.ALL);
    all.addAll(
        List.of(
            ACKS,
            BATCH_SIZE,
            BUFFER_MEMORY,
            COMPRESSION_TYPE,
            DELIVERY_TIMEOUT_MS,
            ENABLE_IDEMPOTENCE,
            LINGER_MS,
            MAX_BLOCK_MS,
            MAX_IN_FLIGHT,
            MAX_REQUEST_SIZE,
            PARTITIONER_IGNORE_KEYS,
            RETRIES));
    return List.copyOf(all);
  }
}
