package dev.ritsem.client;

import dev.ritsem.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The settings of consuming streams, named, defaulted and bounded as Kafka's. */
public final class ConsumerKeys {
  public static final Setting<Boolean> ALLOW_AUTO_CREATE_TOPICS =
      Setting.ofBoolean("allow.auto.create.topics")
          .defaultValue(true)
          .documentation("Whether reading a topic that does not exist may create it.")
          .build();

  public static final Setting<String> AUTO_OFFSET_RESET =
      Setting.ofString("auto.offset.reset")
          .defaultValue("latest")
          .oneOf("earliest", "latest", "none")
          .documentation(
              "Where reading begins when a subscription does not say, and goes on when the log no"
                  + " longer has the position; none fails the stream.")
          .build();

  public static final Setting<Boolean> CHECK_CRCS =
      Setting.ofBoolean("check.crcs")
          .defaultValue(true)
          .documentation("Whether the checksum of each batch is verified.")
          .build();

  public static final Setting<String> CLIENT_RACK =
      Setting.ofString("client.rack")
          .defaultValue("")
          .documentation("The client's zone, for brokers that offer a replica nearby.")
          .build();

  public static final Setting<Integer> DEFAULT_API_TIMEOUT_MS =
      Setting.ofInt("default.api.timeout.ms")
          .defaultValue(60_000)
          .atLeast(0)
          .unit("ms")
          .documentation("Longest time to find topics and starting offsets, retries included.")
          .build();

  public static final Setting<Integer> FETCH_MAX_BYTES =
      Setting.ofInt("fetch.max.bytes")
          .defaultValue(52_428_800)
          .atLeast(0)
          .unit("bytes")
          .documentation("Most bytes that one fetch asks for, all partitions together.")
          .build();

  public static final Setting<Integer> FETCH_MAX_WAIT_MS =
      Setting.ofInt("fetch.max.wait.ms")
          .defaultValue(500)
          .atLeast(0)
          .unit("ms")
          .documentation("Longest time that a fetch waits at the broker for fetch.min.bytes.")
          .build();

  public static final Setting<Integer> FETCH_MIN_BYTES =
      Setting.ofInt("fetch.min.bytes")
          .defaultValue(1)
          .atLeast(0)
          .unit("bytes")
          .documentation("A fetch waits at the broker until there is this much.")
          .build();

  public static final Setting<String> ISOLATION_LEVEL =
      Setting.ofString("isolation.level")
          .defaultValue("read_uncommitted")
          .oneOf("read_uncommitted", "read_committed")
          .documentation("Whether records of open and aborted transactions are seen.")
          .build();

  public static final Setting<Integer> MAX_PARTITION_FETCH_BYTES =
      Setting.ofInt("max.partition.fetch.bytes")
          .defaultValue(1_048_576)
          .atLeast(0)
          .unit("bytes")
          .documentation("Most bytes of one partition that one fetch asks for.")
          .build();

  public static final Setting<Long> PREFETCH_BYTES =
      Setting.ofLong("ritsem.client.prefetch.bytes")
          .defaultValue(16_777_216L)
          .atLeast(1L)
          .unit("bytes")
          .documentation(
              "The stream's credit: no fetch is sent while this much is fetched and not yet"
                  + " taken downstream, or asked for. Half of it at most for one partition.")
          .build();

  static final List<Setting<?>> ALL = all();

  private ConsumerKeys() {}

  private static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(ConnectionKeys.ALL);
    all.addAll(
        List.of(
            ALLOW_AUTO_CREATE_TOPICS,
            AUTO_OFFSET_RESET,
            CHECK_CRCS,
            CLIENT_RACK,
            DEFAULT_API_TIMEOUT_MS,
            FETCH_MAX_BYTES,
            FETCH_MAX_WAIT_MS,
            FETCH_MIN_BYTES,
            ISOLATION_LEVEL,
            MAX_PARTITION_FETCH_BYTES,
            PREFETCH_BYTES));
    return List.copyOf(all);
  }
}
