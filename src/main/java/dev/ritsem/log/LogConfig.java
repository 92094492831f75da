package dev.ritsem.log;

import dev.ritsem.config.Settings;
import dev.ritsem.record.BatchRules;
import dev.ritsem.record.Compression;
import dev.ritsem.record.CompressionLevels;
import dev.ritsem.record.TimestampType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings in force for one topic's logs: the topic's own, else the node's, else the defaults.
 * Immutable; a change of the topic's settings makes a new one. What each value means is said at its
 * declaration in {@link TopicSettings}.
 */
public final class LogConfig {
  private static final LogConfig DEFAULTS = of(Map.of(), Settings.defaults());

  private final Map<TopicSetting<?>, Object> values;
  private final long producerIdExpirationMs;

  // Asked for at every append, so not looked up.
  private final int segmentBytes;
  private final long segmentMs;
  private final int indexIntervalBytes;
  private final int segmentIndexBytes;
  private final long flushMessages;
  private final long flushMs;
  private final boolean logAppendTime;
  private final int maxMessageBytes;
  private final int minInsyncReplicas;
  private final BatchRules batchRules;

  private LogConfig(Map<TopicSetting<?>, Object> values, long producerIdExpirationMs) {
    this.values = values;
    this.producerIdExpirationMs = producerIdExpirationMs;
    int internalSegmentBytes = value(TopicSettings.INTERNAL_SEGMENT_BYTES);
    this.segmentBytes =
        internalSegmentBytes > 0 ? internalSegmentBytes : value(TopicSettings.SEGMENT_BYTES);
    this.segmentMs = value(TopicSettings.SEGMENT_MS);
    this.indexIntervalBytes = value(TopicSettings.INDEX_INTERVAL_BYTES);
    this.segmentIndexBytes = value(TopicSettings.SEGMENT_INDEX_BYTES);
    this.flushMessages = value(TopicSettings.FLUSH_MESSAGES);
    this.flushMs = value(TopicSettings.FLUSH_MS);
    this.logAppendTime = value(TopicSettings.MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime");
    this.maxMessageBytes = value(TopicSettings.MAX_MESSAGE_BYTES);
    this.minInsyncReplicas = value(TopicSettings.MIN_INSYNC_REPLICAS);
    this.batchRules = makeBatchRules();
  }

  /** Kafka's defaults. */
  public static LogConfig defaults() {
    return DEFAULTS;
  }

  /**
   * The settings in force for a topic on this node.
   *
   * @param topic the topic's own settings, checked when they were accepted
   * @param broker the node's settings
   * @throws dev.ritsem.model.WireException INVALID_CONFIG if a value of the topic cannot be used
   */
  public static LogConfig of(Map<String, String> topic, Settings broker) {
    Map<TopicSetting<?>, Object> values = new HashMap<>();
    for (TopicSetting<?> setting : TopicSettings.all()) {
      values.put(setting, setting.inForce(topic, broker));
    }
    TopicSetting<Integer> internal = TopicSettings.INTERNAL_SEGMENT_BYTES;
    values.put(internal, internal.inForce(topic, broker));
    return new LogConfig(values, broker.get(LogSettings.PRODUCER_ID_EXPIRATION_MS));
  }

  /** The same with another value, which is taken as it is: tests may go below Kafka's bounds. */
  public <T> LogConfig with(TopicSetting<T> setting, T value) {
    Map<TopicSetting<?>, Object> changed = new HashMap<>(values);
    changed.put(setting, value);
    return new LogConfig(changed, producerIdExpirationMs);
  }

  /** The same with another time after which a silent producer is forgotten. */
  public LogConfig withProducerIdExpirationMs(long expirationMs) {
    return new LogConfig(values, expirationMs);
  }

  /** The value in force of any topic setting. */
  // The map holds under each setting a value that this setting read.
  @SuppressWarnings("unchecked")
  public <T> T value(TopicSetting<T> setting) {
    Object value = values.get(setting);
    return value == null ? setting.defaultValue() : (T) value;
  }

  public int segmentBytes() {
    return segmentBytes;
  }

  public long segmentMs() {
    return segmentMs;
  }

  public long segmentJitterMs() {
    return value(TopicSettings.SEGMENT_JITTER_MS);
  }

  public int segmentIndexBytes() {
    return segmentIndexBytes;
  }

  public int indexIntervalBytes() {
    return indexIntervalBytes;
  }

  public long flushMessages() {
    return flushMessages;
  }

  public long flushMs() {
    return flushMs;
  }

  /** Whether old segments are deleted. */
  public boolean deletes() {
    return cleanupPolicy().contains("delete");
  }

  /** Whether records that a newer one of the same key replaces are removed. */
  public boolean compacts() {
    return cleanupPolicy().contains("compact");
  }

  public List<String> cleanupPolicy() {
    return value(TopicSettings.CLEANUP_POLICY);
  }

  /** In bytes; negative is without limit. */
  public long retentionBytes() {
    return value(TopicSettings.RETENTION_BYTES);
  }

  /** In milliseconds; negative is without limit. */
  public long retentionMs() {
    return value(TopicSettings.RETENTION_MS);
  }

  public long fileDeleteDelayMs() {
    return value(TopicSettings.FILE_DELETE_DELAY_MS);
  }

  public int maxMessageBytes() {
    return maxMessageBytes;
  }

  public int minInsyncReplicas() {
    return minInsyncReplicas;
  }

  /** The name of a compression, {@code uncompressed} or {@code producer}. */
  public String compressionType() {
    return value(TopicSettings.COMPRESSION_TYPE);
  }

  /** What a batch has to be like before it is appended. */
  public BatchRules batchRules() {
    return batchRules;
  }

  private BatchRules makeBatchRules() {
    String codec = compressionType();
    return new BatchRules(
        maxMessageBytes,
        Compression.ofName(codec.equals("uncompressed") ? Compression.NONE.wireName() : codec),
        new CompressionLevels(
            value(TopicSettings.COMPRESSION_GZIP_LEVEL),
            value(TopicSettings.COMPRESSION_LZ4_LEVEL),
            value(TopicSettings.COMPRESSION_ZSTD_LEVEL)),
        logAppendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
        value(TopicSettings.MESSAGE_TIMESTAMP_BEFORE_MAX_MS),
        value(TopicSettings.MESSAGE_TIMESTAMP_AFTER_MAX_MS),
        compacts());
  }

  /** Whether records get the broker's time in place of the producer's. */
  public boolean logAppendTime() {
    return logAppendTime;
  }

  public boolean uncleanLeaderElection() {
    return value(TopicSettings.UNCLEAN_LEADER_ELECTION_ENABLE);
  }

  /** How long a producer that sends nothing is remembered. */
  public long producerIdExpirationMs() {
    return producerIdExpirationMs;
  }
}
