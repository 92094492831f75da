package dev.ritsem.log;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import java.nio.file.Path;
import java.util.List;

/**
 * The node's settings about logs: where they lie, how they are recovered and cleaned, and the
 * defaults of what a topic may set for itself (see {@link TopicSettings}). Names, defaults and
 * ranges are Kafka's.
 */
public final class LogSettings {
  public static final Setting<List<String>> LOG_DIRS =
      Setting.ofList("log.dirs")
          .documentation("Directories that hold the partitions. If not set, log.dir counts.")
          .rule("at least one directory", dirs -> dirs.stream().anyMatch(dir -> !dir.isEmpty()))
          .build();

  public static final Setting<List<String>> LOG_DIR =
      Setting.ofList("log.dir")
          .defaultValue(List.of("./data"))
          .documentation("Directories that hold the partitions, used if log.dirs is not set.")
          .rule("at least one directory", dirs -> dirs.stream().anyMatch(dir -> !dir.isEmpty()))
          .build();

  public static final Setting<Integer> RECOVERY_THREADS_PER_DATA_DIR =
      Setting.ofInt("num.recovery.threads.per.data.dir")
          .defaultValue(2)
          .atLeast(1)
          .documentation(
              "How many logs of a directory are recovered at a time when the node starts, and"
                  + " flushed at a time when it stops.")
          .build();

  public static final Setting<Long> RETENTION_CHECK_INTERVAL_MS =
      Setting.ofLong("log.retention.check.interval.ms")
          .defaultValue(300_000L)
          .atLeast(1L)
          .unit("ms")
          .documentation("How often segments are checked for deletion.")
          .build();

  public static final Setting<Integer> FLUSH_OFFSET_CHECKPOINT_INTERVAL_MS =
      Setting.ofInt("log.flush.offset.checkpoint.interval.ms")
          .defaultValue(60_000)
          .atLeast(0)
          .unit("ms")
          .documentation(
              "How often it is written down up to where the logs are flushed: a log that was not"
                  + " closed in order is checked from there.")
          .build();

  public static final Setting<Integer> FLUSH_START_OFFSET_CHECKPOINT_INTERVAL_MS =
      Setting.ofInt("log.flush.start.offset.checkpoint.interval.ms")
          .defaultValue(60_000)
          .atLeast(0)
          .unit("ms")
          .documentation("How often the log start offsets are written down.")
          .build();

  public static final Setting<Long> FLUSH_SCHEDULER_INTERVAL_MS =
      Setting.ofLong("log.flush.scheduler.interval.ms")
          .defaultValue(Long.MAX_VALUE)
          .unit("ms")
          .documentation("How often it is checked whether a log has to be flushed by time.")
          .build();

  public static final Setting<Integer> PRODUCER_ID_EXPIRATION_MS =
      Setting.ofInt("producer.id.expiration.ms")
          .defaultValue(86_400_000)
          .atLeast(1)
          .unit("ms")
          .documentation(
              "How long a partition remembers a producer that sends nothing; its repeats are not"
                  + " recognised after that.")
          .build();

  public static final Setting<Integer> PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS =
      Setting.ofInt("producer.id.expiration.check.interval.ms")
          .defaultValue(600_000)
          .atLeast(1)
          .unit("ms")
          .documentation("How often forgotten producers are removed from memory.")
          .build();

  static final Setting<Integer> SEGMENT_BYTES =
      Setting.ofInt("log.segment.bytes")
          .defaultValue(1 << 30)
          .atLeast(1 << 20)
          .unit("bytes")
          .documentation("Size at which a segment is closed and a new one begun.")
          .build();

  static final Setting<Long> ROLL_MS =
      Setting.ofLong("log.roll.ms")
          .unit("ms")
          .documentation("Age at which a segment is closed; if not set, log.roll.hours counts.")
          .build();

  static final Setting<Integer> ROLL_HOURS =
      Setting.ofInt("log.roll.hours")
          .defaultValue(168)
          .atLeast(1)
          .unit("hours")
          .documentation("Age at which a segment is closed.")
          .build();

  static final Setting<Long> ROLL_JITTER_MS =
      Setting.ofLong("log.roll.jitter.ms")
          .unit("ms")
          .documentation(
              "The most that is taken off a segment's age limit, so that not all are closed at"
                  + " once; if not set, log.roll.jitter.hours counts.")
          .build();

  static final Setting<Integer> ROLL_JITTER_HOURS =
      Setting.ofInt("log.roll.jitter.hours")
          .defaultValue(0)
          .atLeast(0)
          .unit("hours")
          .documentation("The most that is taken off a segment's age limit.")
          .build();

  static final Setting<Long> RETENTION_MS =
      Setting.ofLong("log.retention.ms")
          .unit("ms")
          .documentation(
              "How long closed segments are kept after their newest record; -1 is for ever. If not"
                  + " set, log.retention.minutes counts.")
          .rule("-1 or more than 0", value -> value != 0)
          .build();

  static final Setting<Integer> RETENTION_MINUTES =
      Setting.ofInt("log.retention.minutes")
          .unit("minutes")
          .documentation(
              "How long closed segments are kept after their newest record. If not set,"
                  + " log.retention.hours counts.")
          .rule("-1 or more than 0", value -> value != 0)
          .build();

  static final Setting<Integer> RETENTION_HOURS =
      Setting.ofInt("log.retention.hours")
          .defaultValue(168)
          .unit("hours")
          .documentation("How long closed segments are kept after their newest record.")
          .rule("-1 or more than 0", value -> value != 0)
          .build();

  static final Setting<Long> RETENTION_BYTES =
      Setting.ofLong("log.retention.bytes")
          .defaultValue(-1L)
          .unit("bytes")
          .documentation("The most that a partition keeps; -1 is without limit.")
          .build();

  static final Setting<List<String>> CLEANUP_POLICY =
      Setting.ofList("log.cleanup.policy")
          .defaultValue(List.of("delete"))
          .oneOf("compact", "delete")
          .documentation(
              "What happens to old segments: delete removes them, compact keeps the newest record"
                  + " per key.")
          .build();

  static final Setting<Integer> INDEX_SIZE_MAX_BYTES =
      Setting.ofInt("log.index.size.max.bytes")
          .defaultValue(10 << 20)
          .atLeast(4)
          .unit("bytes")
          .documentation("Size of an index at which its segment is closed.")
          .build();

  static final Setting<Integer> INDEX_INTERVAL_BYTES =
      Setting.ofInt("log.index.interval.bytes")
          .defaultValue(4096)
          .atLeast(0)
          .unit("bytes")
          .documentation("How many bytes of records lie between two entries of an index.")
          .build();

  static final Setting<Long> FLUSH_INTERVAL_MESSAGES =
      Setting.ofLong("log.flush.interval.messages")
          .defaultValue(Long.MAX_VALUE)
          .atLeast(1L)
          .unit("records")
          .documentation("How many records a partition takes before it is flushed to the disk.")
          .build();

  static final Setting<Long> FLUSH_INTERVAL_MS =
      Setting.ofLong("log.flush.interval.ms")
          .unit("ms")
          .documentation(
              "How long a record may stay unflushed; if not set, log.flush.scheduler.interval.ms"
                  + " counts.")
          .build();

  static final Setting<Long> SEGMENT_DELETE_DELAY_MS =
      Setting.ofLong("log.segment.delete.delay.ms")
          .defaultValue(60_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long a deleted file stays on the disk under its .deleted name.")
          .build();

  static final Setting<Boolean> PREALLOCATE =
      Setting.ofBoolean("log.preallocate")
          .defaultValue(false)
          .documentation(
              "Accepted for Kafka's sake; segment files always grow as they are written.")
          .build();

  static final Setting<Integer> MESSAGE_MAX_BYTES =
      Setting.ofInt("message.max.bytes")
          .defaultValue(1_048_588)
          .atLeast(0)
          .unit("bytes")
          .documentation("The largest record batch that is accepted, compressed as it comes.")
          .build();

  static final Setting<String> MESSAGE_TIMESTAMP_TYPE =
      Setting.ofString("log.message.timestamp.type")
          .defaultValue("CreateTime")
          .oneOf("CreateTime", "LogAppendTime")
          .documentation("Whether records keep the producer's time or get the broker's.")
          .build();

  static final Setting<Long> MESSAGE_TIMESTAMP_BEFORE_MAX_MS =
      Setting.ofLong("log.message.timestamp.before.max.ms")
          .defaultValue(Long.MAX_VALUE)
          .atLeast(0L)
          .unit("ms")
          .documentation("How far a record's timestamp may lie before the broker's time.")
          .build();

  static final Setting<Long> MESSAGE_TIMESTAMP_AFTER_MAX_MS =
      Setting.ofLong("log.message.timestamp.after.max.ms")
          .defaultValue(3_600_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("How far a record's timestamp may lie after the broker's time.")
          .build();

  static final Setting<Long> CLEANER_DELETE_RETENTION_MS =
      Setting.ofLong("log.cleaner.delete.retention.ms")
          .defaultValue(86_400_000L)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long tombstones stay readable in compacted topics.")
          .build();

  static final Setting<Long> CLEANER_MIN_COMPACTION_LAG_MS =
      Setting.ofLong("log.cleaner.min.compaction.lag.ms")
          .defaultValue(0L)
          .atLeast(0L)
          .unit("ms")
          .documentation("How long a record stays uncompacted at least.")
          .build();

  static final Setting<Long> CLEANER_MAX_COMPACTION_LAG_MS =
      Setting.ofLong("log.cleaner.max.compaction.lag.ms")
          .defaultValue(Long.MAX_VALUE)
          .atLeast(1L)
          .unit("ms")
          .documentation("How long a record stays uncompacted at most.")
          .build();

  static final Setting<Double> CLEANER_MIN_CLEANABLE_RATIO =
      Setting.ofDouble("log.cleaner.min.cleanable.ratio")
          .defaultValue(0.5)
          .atLeast(0.0)
          .atMost(1.0)
          .documentation("The share of uncompacted bytes from which on a log is compacted.")
          .build();

  static final Setting<Long> LOCAL_RETENTION_MS =
      Setting.ofLong("log.local.retention.ms")
          .defaultValue(-2L)
          .atLeast(-2L)
          .unit("ms")
          .documentation(
              "How long segments stay on local disks if they are tiered; -2 is log.retention.ms."
                  + " Tiering is not available.")
          .build();

  static final Setting<Long> LOCAL_RETENTION_BYTES =
      Setting.ofLong("log.local.retention.bytes")
          .defaultValue(-2L)
          .atLeast(-2L)
          .unit("bytes")
          .documentation(
              "How much stays on local disks if segments are tiered; -2 is log.retention.bytes."
                  + " Tiering is not available.")
          .build();

  static final Setting<String> COMPRESSION_TYPE =
      Setting.ofString("compression.type")
          .defaultValue("producer")
          .oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")
          .documentation(
              "The compression in which batches are stored; producer keeps what the producer sent.")
          .build();

  static final Setting<Integer> COMPRESSION_GZIP_LEVEL =
      Setting.ofInt("compression.gzip.level")
          .defaultValue(-1)
          .rule("from 1 to 9, or -1", level -> level == -1 || (level >= 1 && level <= 9))
          .documentation("The level, if compression.type is gzip.")
          .build();

  static final Setting<Integer> COMPRESSION_LZ4_LEVEL =
      Setting.ofInt("compression.lz4.level")
          .defaultValue(9)
          .atLeast(1)
          .atMost(17)
          .documentation("The level, if compression.type is lz4.")
          .build();

  static final Setting<Integer> COMPRESSION_ZSTD_LEVEL =
      Setting.ofInt("compression.zstd.level")
          .defaultValue(3)
          .atLeast(-131_072)
          .atMost(22)
          .documentation("The level, if compression.type is zstd.")
          .build();

  public static final Setting<Integer> MIN_INSYNC_REPLICAS =
      Setting.ofInt("min.insync.replicas")
          .defaultValue(1)
          .atLeast(1)
          .unit("replicas")
          .documentation("How many in-sync replicas a write with acks=all needs.")
          .build();

  static final Setting<Boolean> UNCLEAN_LEADER_ELECTION_ENABLE =
      Setting.ofBoolean("unclean.leader.election.enable")
          .defaultValue(false)
          .documentation(
              "Whether a replica that is not in sync may lead; acknowledged data is lost.")
          .build();

  /** The directories in force: {@code log.dirs}, or {@code log.dir} if that is not set. */
  public static List<Path> directories(Settings settings) {
    List<String> names = settings.optional(LOG_DIRS).orElseGet(() -> settings.get(LOG_DIR));
    return names.stream().filter(name -> !name.isEmpty()).distinct().map(Path::of).toList();
  }

  /** Every setting above. */
  public static List<Setting<?>> all() {
    return List.of(
        LOG_DIRS,
        LOG_DIR,
        RECOVERY_THREADS_PER_DATA_DIR,
        RETENTION_CHECK_INTERVAL_MS,
        FLUSH_OFFSET_CHECKPOINT_INTERVAL_MS,
        FLUSH_START_OFFSET_CHECKPOINT_INTERVAL_MS,
        FLUSH_SCHEDULER_INTERVAL_MS,
        PRODUCER_ID_EXPIRATION_MS,
        PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS,
        SEGMENT_BYTES,
        ROLL_MS,
        ROLL_HOURS,
        ROLL_JITTER_MS,
        ROLL_JITTER_HOURS,
        RETENTION_MS,
        RETENTION_MINUTES,
        RETENTION_HOURS,
        RETENTION_BYTES,
        CLEANUP_POLICY,
        INDEX_SIZE_MAX_BYTES,
        INDEX_INTERVAL_BYTES,
        FLUSH_INTERVAL_MESSAGES,
        FLUSH_INTERVAL_MS,
        SEGMENT_DELETE_DELAY_MS,
        PREALLOCATE,
        MESSAGE_MAX_BYTES,
        MESSAGE_TIMESTAMP_TYPE,
        MESSAGE_TIMESTAMP_BEFORE_MAX_MS,
        MESSAGE_TIMESTAMP_AFTER_MAX_MS,
        CLEANER_DELETE_RETENTION_MS,
        CLEANER_MIN_COMPACTION_LAG_MS,
        CLEANER_MAX_COMPACTION_LAG_MS,
        CLEANER_MIN_CLEANABLE_RATIO,
        LOCAL_RETENTION_MS,
        LOCAL_RETENTION_BYTES,
        COMPRESSION_TYPE,
        COMPRESSION_GZIP_LEVEL,
        COMPRESSION_LZ4_LEVEL,
        COMPRESSION_ZSTD_LEVEL,
        MIN_INSYNC_REPLICAS,
        UNCLEAN_LEADER_ELECTION_ENABLE);
  }

  private LogSettings() {}
}
