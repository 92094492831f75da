package dev.ritsem.log;

import dev.ritsem.config.Setting;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Every setting that a topic may have of its own: names, defaults and ranges of Kafka 4.3, checked
 * exactly as strictly, because what is accepted here must be accepted there.
 */
public final class TopicSettings {
  public static final TopicSetting<Integer> SEGMENT_BYTES =
      ofInt("segment.bytes", LogSettings.SEGMENT_BYTES)
          .atLeast(1 << 20)
          .unit("bytes")
          .documentation("Size at which a segment is closed and a new one begun.")
          .build();

  public static final TopicSetting<Long> SEGMENT_MS =
      TopicSetting.of(Setting.ofLong("segment.ms"), TimeUnit.DAYS.toMillis(7))
          .atLeast(1L)
          .synonym(LogSettings.ROLL_MS)
          .synonym(LogSettings.ROLL_HOURS, hours -> TimeUnit.HOURS.toMillis(hours))
          .unit("ms")
          .documentation("Age at which a segment is closed, even if it is small.")
          .build();

  public static final TopicSetting<Long> SEGMENT_JITTER_MS =
      TopicSetting.of(Setting.ofLong("segment.jitter.ms"), 0L)
          .atLeast(0L)
          .synonym(LogSettings.ROLL_JITTER_MS)
          .synonym(LogSettings.ROLL_JITTER_HOURS, hours -> TimeUnit.HOURS.toMillis(hours))
          .unit("ms")
          .documentation(
              "The most that is taken off segment.ms, so that not all segments are closed at once.")
          .build();

  public static final TopicSetting<Integer> SEGMENT_INDEX_BYTES =
      ofInt("segment.index.bytes", LogSettings.INDEX_SIZE_MAX_BYTES)
          .atLeast(4)
          .unit("bytes")
          .documentation("Size of an index at which its segment is closed.")
          .build();

  public static final TopicSetting<Long> FLUSH_MESSAGES =
      ofLong("flush.messages", LogSettings.FLUSH_INTERVAL_MESSAGES)
          .atLeast(1L)
          .unit("records")
          .documentation("How many records are taken before they are flushed to the disk.")
          .build();

  public static final TopicSetting<Long> FLUSH_MS =
      TopicSetting.of(Setting.ofLong("flush.ms"), Long.MAX_VALUE)
          .atLeast(0L)
          .synonym(LogSettings.FLUSH_INTERVAL_MS)
          .synonym(LogSettings.FLUSH_SCHEDULER_INTERVAL_MS)
          .unit("ms")
          .documentation("How long a record may stay unflushed.")
          .build();

  public static final TopicSetting<Long> RETENTION_BYTES =
      ofLong("retention.bytes", LogSettings.RETENTION_BYTES)
          .unit("bytes")
          .documentation("The most that a partition keeps; -1 is without limit.")
          .build();

  public static final TopicSetting<Long> RETENTION_MS =
      TopicSetting.of(Setting.ofLong("retention.ms"), TimeUnit.DAYS.toMillis(7))
          .atLeast(-1L)
          .synonym(LogSettings.RETENTION_MS, TopicSettings::noLimitIfNegative)
          .synonym(
              LogSettings.RETENTION_MINUTES,
              minutes -> noLimitIfNegative(TimeUnit.MINUTES.toMillis(minutes)))
          .synonym(
              LogSettings.RETENTION_HOURS,
              hours -> noLimitIfNegative(TimeUnit.HOURS.toMillis(hours)))
          .unit("ms")
          .documentation(
              "How long closed segments are kept after their newest record; -1 is for ever.")
          .build();

  public static final TopicSetting<Boolean> REMOTE_STORAGE_ENABLE =
      TopicSetting.of(Setting.ofBoolean("remote.storage.enable"), false)
          .documentation("Whether closed segments are tiered. Tiering is not available.")
          .build();

  public static final TopicSetting<Long> LOCAL_RETENTION_MS =
      ofLong("local.retention.ms", LogSettings.LOCAL_RETENTION_MS)
          .atLeast(-2L)
          .unit("ms")
          .documentation("How long tiered segments stay on local disks; -2 is retention.ms.")
          .build();

  public static final TopicSetting<Long> LOCAL_RETENTION_BYTES =
      ofLong("local.retention.bytes", LogSettings.LOCAL_RETENTION_BYTES)
          .atLeast(-2L)
          .unit("bytes")
          .documentation("How much of a tiered log stays on local disks; -2 is retention.bytes.")
          .build();

  public static final TopicSetting<Boolean> REMOTE_LOG_COPY_DISABLE =
      TopicSetting.of(Setting.ofBoolean("remote.log.copy.disable"), false)
          .documentation("Whether tiered data becomes read-only.")
          .build();

  public static final TopicSetting<Boolean> REMOTE_LOG_DELETE_ON_DISABLE =
      TopicSetting.of(Setting.ofBoolean("remote.log.delete.on.disable"), false)
          .documentation("Whether tiered data is deleted when tiering is switched off.")
          .build();

  public static final TopicSetting<Integer> MAX_MESSAGE_BYTES =
      ofInt("max.message.bytes", LogSettings.MESSAGE_MAX_BYTES)
          .atLeast(0)
          .unit("bytes")
          .documentation("The largest record batch that is accepted, compressed as it comes.")
          .build();

  public static final TopicSetting<Integer> INDEX_INTERVAL_BYTES =
      ofInt("index.interval.bytes", LogSettings.INDEX_INTERVAL_BYTES)
          .atLeast(0)
          .unit("bytes")
          .documentation("How many bytes of records lie between two entries of an index.")
          .build();

  public static final TopicSetting<Long> FILE_DELETE_DELAY_MS =
      ofLong("file.delete.delay.ms", LogSettings.SEGMENT_DELETE_DELAY_MS)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long a deleted file stays on the disk under its .deleted name.")
          .build();

  public static final TopicSetting<Long> DELETE_RETENTION_MS =
      ofLong("delete.retention.ms", LogSettings.CLEANER_DELETE_RETENTION_MS)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long tombstones stay readable in compacted topics.")
          .build();

  public static final TopicSetting<Long> MIN_COMPACTION_LAG_MS =
      ofLong("min.compaction.lag.ms", LogSettings.CLEANER_MIN_COMPACTION_LAG_MS)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long a record stays uncompacted at least.")
          .build();

  public static final TopicSetting<Long> MAX_COMPACTION_LAG_MS =
      ofLong("max.compaction.lag.ms", LogSettings.CLEANER_MAX_COMPACTION_LAG_MS)
          .atLeast(1L)
          .unit("ms")
          .documentation("How long a record stays uncompacted at most.")
          .build();

  public static final TopicSetting<Double> MIN_CLEANABLE_DIRTY_RATIO =
      TopicSetting.of(Setting.ofDouble("min.cleanable.dirty.ratio"), 0.5)
          .check(ratio -> ratio >= 0, "Value must be at least 0")
          .check(ratio -> ratio <= 1, "Value must be no more than 1")
          .synonym(LogSettings.CLEANER_MIN_CLEANABLE_RATIO)
          .documentation("The share of uncompacted bytes from which on a log is compacted.")
          .build();

  public static final TopicSetting<List<String>> CLEANUP_POLICY =
      TopicSetting.of(Setting.ofList("cleanup.policy"), List.of("delete"))
          .oneOf("compact", "delete")
          .synonym(LogSettings.CLEANUP_POLICY)
          .documentation(
              "What happens to old segments: delete removes them, compact keeps the newest record"
                  + " per key; both may be given.")
          .build();

  public static final TopicSetting<Boolean> UNCLEAN_LEADER_ELECTION_ENABLE =
      TopicSetting.of(Setting.ofBoolean("unclean.leader.election.enable"), false)
          .synonym(LogSettings.UNCLEAN_LEADER_ELECTION_ENABLE)
          .documentation(
              "Whether a replica that is not in sync may lead; acknowledged data is lost.")
          .build();

  public static final TopicSetting<Integer> MIN_INSYNC_REPLICAS =
      ofInt("min.insync.replicas", LogSettings.MIN_INSYNC_REPLICAS)
          .atLeast(1)
          .unit("replicas")
          .documentation("How many in-sync replicas a write with acks=all needs.")
          .build();

  public static final TopicSetting<String> COMPRESSION_TYPE =
      TopicSetting.of(Setting.ofString("compression.type"), "producer")
          .oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")
          .synonym(LogSettings.COMPRESSION_TYPE)
          .documentation(
              "The compression in which batches are stored; producer keeps what the producer sent.")
          .build();

  public static final TopicSetting<Integer> COMPRESSION_GZIP_LEVEL =
      ofInt("compression.gzip.level", LogSettings.COMPRESSION_GZIP_LEVEL)
          .check(
              level -> level == -1 || (level >= 1 && level <= 9),
              "Value must be between 1 and 9 or equal to -1")
          .documentation("The level, if compression.type is gzip.")
          .build();

  public static final TopicSetting<Integer> COMPRESSION_LZ4_LEVEL =
      ofInt("compression.lz4.level", LogSettings.COMPRESSION_LZ4_LEVEL)
          .atLeast(1)
          .atMost(17)
          .documentation("The level, if compression.type is lz4.")
          .build();

  public static final TopicSetting<Integer> COMPRESSION_ZSTD_LEVEL =
      ofInt("compression.zstd.level", LogSettings.COMPRESSION_ZSTD_LEVEL)
          .atLeast(-131_072)
          .atMost(22)
          .documentation("The level, if compression.type is zstd.")
          .build();

  public static final TopicSetting<Boolean> PREALLOCATE =
      TopicSetting.of(Setting.ofBoolean("preallocate"), false)
          .synonym(LogSettings.PREALLOCATE)
          .documentation(
              "Accepted for Kafka's sake; segment files always grow as they are written.")
          .build();

  public static final TopicSetting<String> MESSAGE_TIMESTAMP_TYPE =
      TopicSetting.of(Setting.ofString("message.timestamp.type"), "CreateTime")
          .oneOf("CreateTime", "LogAppendTime")
          .synonym(LogSettings.MESSAGE_TIMESTAMP_TYPE)
          .documentation("Whether records keep the producer's time or get the broker's.")
          .build();

  public static final TopicSetting<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      ofLong("message.timestamp.before.max.ms", LogSettings.MESSAGE_TIMESTAMP_BEFORE_MAX_MS)
          .atLeast(0L)
          .unit("ms")
          .documentation("How far a record's timestamp may lie before the broker's time.")
          .build();

  public static final TopicSetting<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      ofLong("message.timestamp.after.max.ms", LogSettings.MESSAGE_TIMESTAMP_AFTER_MAX_MS)
          .atLeast(0L)
          .unit("ms")
          .documentation("How far a record's timestamp may lie after the broker's time.")
          .build();

  public static final TopicSetting<List<String>> LEADER_REPLICATION_THROTTLED_REPLICAS =
      throttledReplicas("leader.replication.throttled.replicas", "leaders");

  public static final TopicSetting<List<String>> FOLLOWER_REPLICATION_THROTTLED_REPLICAS =
      throttledReplicas("follower.replication.throttled.replicas", "followers");

  /**
   * The size limit of segments without its lower bound, for tests of clients that want many
   * segments; Kafka keeps it out of descriptions.
   */
  static final TopicSetting<Integer> INTERNAL_SEGMENT_BYTES =
      TopicSetting.of(Setting.ofInt("internal.segment.bytes"), -1)
          .documentation("Size of a segment, in place of segment.bytes. For tests only.")
          .build();

  private static final List<TopicSetting<?>> ALL =
      List.of(
          CLEANUP_POLICY,
          COMPRESSION_GZIP_LEVEL,
          COMPRESSION_LZ4_LEVEL,
          COMPRESSION_TYPE,
          COMPRESSION_ZSTD_LEVEL,
          DELETE_RETENTION_MS,
          FILE_DELETE_DELAY_MS,
          FLUSH_MESSAGES,
          FLUSH_MS,
          FOLLOWER_REPLICATION_THROTTLED_REPLICAS,
          INDEX_INTERVAL_BYTES,
          LEADER_REPLICATION_THROTTLED_REPLICAS,
          LOCAL_RETENTION_BYTES,
          LOCAL_RETENTION_MS,
          MAX_COMPACTION_LAG_MS,
          MAX_MESSAGE_BYTES,
          MESSAGE_TIMESTAMP_AFTER_MAX_MS,
          MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
          MESSAGE_TIMESTAMP_TYPE,
          MIN_CLEANABLE_DIRTY_RATIO,
          MIN_COMPACTION_LAG_MS,
          MIN_INSYNC_REPLICAS,
          PREALLOCATE,
          REMOTE_LOG_COPY_DISABLE,
          REMOTE_LOG_DELETE_ON_DISABLE,
          REMOTE_STORAGE_ENABLE,
          RETENTION_BYTES,
          RETENTION_MS,
          SEGMENT_BYTES,
          SEGMENT_INDEX_BYTES,
          SEGMENT_JITTER_MS,
          SEGMENT_MS,
          UNCLEAN_LEADER_ELECTION_ENABLE);

  private static final Map<String, TopicSetting<?>> BY_NAME = byName();

  /** Every setting that is shown to people, by name. */
  public static List<TopicSetting<?>> all() {
    return ALL;
  }

  /** The setting of that name, shown to people or not; null if there is none. */
  public static @Nullable TopicSetting<?> find(String name) {
    return BY_NAME.get(name);
  }

  /**
   * Checks the settings that somebody wants a topic to have, all of them together.
   *
   * @param topic the topic's own settings as they would be
   * @throws WireException INVALID_CONFIG in Kafka's words
   */
  public static void validate(Map<String, String> topic) {
    for (String name : topic.keySet()) {
      if (!BY_NAME.containsKey(name)) {
        throw new WireException(ErrorCode.INVALID_CONFIG, "Unknown topic config name: " + name);
      }
    }
    topic.forEach((name, text) -> setting(name).read(text));
    long minLagMs = own(MIN_COMPACTION_LAG_MS, topic);
    long maxLagMs = own(MAX_COMPACTION_LAG_MS, topic);
    if (minLagMs > maxLagMs) {
      throw new WireException(
          ErrorCode.INVALID_CONFIG,
          "conflict topic config setting min.compaction.lag.ms (%d) > max.compaction.lag.ms (%d)"
              .formatted(minLagMs, maxLagMs));
    }
    if (own(REMOTE_STORAGE_ENABLE, topic)) {
      throw new WireException(
          ErrorCode.INVALID_CONFIG,
          "Tiered Storage functionality is disabled in the broker. Topic cannot be configured with"
              + " remote log storage.");
    }
  }

  private static <T> T own(TopicSetting<T> setting, Map<String, String> topic) {
    String text = topic.get(setting.name());
    return text == null ? setting.defaultValue() : setting.read(text);
  }

  private static TopicSetting<?> setting(String name) {
    TopicSetting<?> setting = BY_NAME.get(name);
    if (setting == null) {
      throw new IllegalArgumentException("no topic setting " + name);
    }
    return setting;
  }

  private static Map<String, TopicSetting<?>> byName() {
    Map<String, TopicSetting<?>> settings = new LinkedHashMap<>();
    ALL.forEach(setting -> settings.put(setting.name(), setting));
    settings.put(INTERNAL_SEGMENT_BYTES.name(), INTERNAL_SEGMENT_BYTES);
    return Map.copyOf(settings);
  }

  private static TopicSetting.Builder<Integer> ofInt(String name, Setting<Integer> broker) {
    return TopicSetting.of(Setting.ofInt(name), defaultOf(broker)).synonym(broker);
  }

  private static TopicSetting.Builder<Long> ofLong(String name, Setting<Long> broker) {
    return TopicSetting.of(Setting.ofLong(name), defaultOf(broker)).synonym(broker);
  }

  private static <T> T defaultOf(Setting<T> broker) {
    T value = broker.defaultValue();
    if (value == null) {
      throw new IllegalArgumentException(broker + " has no default");
    }
    return value;
  }

  private static long noLimitIfNegative(long limit) {
    return limit < 0 ? -1 : limit;
  }

  private static TopicSetting<List<String>> throttledReplicas(String name, String whose) {
    Pattern replica = Pattern.compile("\\d+:\\d+");
    return TopicSetting.of(Setting.ofList(name), List.of())
        .check(
            members ->
                members.equals(List.of("*"))
                    || members.stream().allMatch(member -> replica.matcher(member).matches()),
            name
                + " must be the literal '*' or a list of replicas in the following format:"
                + " [partitionId]:[brokerId],[partitionId]:[brokerId],...")
        .documentation(
            "Replicas whose copying is throttled on the side of the " + whose + "; * is all.")
        .build();
  }

  private TopicSettings() {}
}
