package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicSettingsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          foo=1 | Unknown topic config name: foo
          internal.foo=1 | Unknown topic config name: internal.foo
          segment.bytes=1 | Invalid value 1 for configuration segment.bytes: Value must be at least 1048576
          segment.bytes=x | Invalid value x for configuration segment.bytes: Not a number of type INT
          segment.bytes=99999999999 | Invalid value 99999999999 for configuration segment.bytes: Not a number of type INT
          retention.ms=-2 | Invalid value -2 for configuration retention.ms: Value must be at least -1
          cleanup.policy=delete,foo | Invalid value foo for configuration cleanup.policy: String must be one of: compact, delete
          cleanup.policy=DELETE | Invalid value DELETE for configuration cleanup.policy: String must be one of: compact, delete
          cleanup.policy=delete, | Configuration 'cleanup.policy' values must not be empty.
          compression.type=none | Invalid value none for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer
          compression.gzip.level=0 | Invalid value 0 for configuration compression.gzip.level: Value must be between 1 and 9 or equal to -1
          compression.zstd.level=23 | Invalid value 23 for configuration compression.zstd.level: Value must be no more than 22
          message.timestamp.type=createtime | Invalid value createtime for configuration message.timestamp.type: String must be one of: CreateTime, LogAppendTime
          unclean.leader.election.enable=maybe | Invalid value maybe for configuration unclean.leader.election.enable: Expected value to be either true or false
          min.cleanable.dirty.ratio=1.5 | Invalid value 1.5 for configuration min.cleanable.dirty.ratio: Value must be no more than 1
          min.cleanable.dirty.ratio=-0.1 | Invalid value -0.1 for configuration min.cleanable.dirty.ratio: Value must be at least 0
          leader.replication.throttled.replicas=x | Invalid value [x] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...
          min.compaction.lag.ms=100;max.compaction.lag.ms=50 | conflict topic config setting min.compaction.lag.ms (100) > max.compaction.lag.ms (50)
          remote.storage.enable=true | Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.
          """)
  void refusesWhatKafkaRefusesInKafkasWords(String settings, String message) {
    assertThatThrownBy(() -> TopicSettings.validate(parse(settings)))
        .isInstanceOfSatisfying(
            WireException.class,
            refused -> assertThat(refused.error()).isEqualTo(ErrorCode.INVALID_CONFIG))
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          segment.bytes= 1048576
          cleanup.policy=
          cleanup.policy=delete, compact
          cleanup.policy=delete,delete
          compression.gzip.level=-1
          retention.bytes=-5
          unclean.leader.election.enable=TRUE
          leader.replication.throttled.replicas=*
          follower.replication.throttled.replicas=1:2, 3:4
          flush.ms=+5
          internal.segment.bytes=100
          """)
  void acceptsWhatKafkaAccepts(String settings) {
    TopicSettings.validate(parse(settings));
  }

  @Test
  void showsTheThirtyThreeSettingsOfKafkaByName() {
    assertThat(TopicSettings.all()).hasSize(33).extracting(TopicSetting::name).isSorted();
    assertThat(TopicSettings.find("internal.segment.bytes")).isNotNull();
    assertThat(TopicSettings.find("foo")).isNull();
  }

  @Test
  void theSmallestUnitOfTheNodesRetentionWins() {
    assertThat(LogConfig.of(Map.of(), broker("log.retention.hours", "2")).retentionMs())
        .isEqualTo(7_200_000);
    assertThat(
            LogConfig.of(Map.of(), broker("log.retention.hours", "2", "log.retention.minutes", "3"))
                .retentionMs())
        .isEqualTo(180_000);
    assertThat(
            LogConfig.of(Map.of(), broker("log.retention.minutes", "3", "log.retention.ms", "-1"))
                .retentionMs())
        .isEqualTo(-1);
    assertThat(
            LogConfig.of(Map.of("retention.ms", "5"), broker("log.retention.ms", "7"))
                .retentionMs())
        .isEqualTo(5);
  }

  @Test
  void tellsWhereAValueComesFrom() {
    List<TopicSetting.Candidate> candidates =
        TopicSettings.RETENTION_MS.candidates(
            Map.of("retention.ms", "5"), broker("log.retention.hours", "2"));

    assertThat(candidates)
        .containsExactly(
            new TopicSetting.Candidate("retention.ms", "5", TopicSetting.Source.TOPIC),
            new TopicSetting.Candidate("log.retention.hours", "2", TopicSetting.Source.BROKER),
            new TopicSetting.Candidate("log.retention.hours", "168", TopicSetting.Source.DEFAULT));
  }

  @Test
  void changedValuesLeaveTheOriginalAlone() {
    LogConfig small = LogConfig.defaults().with(TopicSettings.SEGMENT_BYTES, 100);

    assertThat(small.segmentBytes()).isEqualTo(100);
    assertThat(LogConfig.defaults().segmentBytes()).isEqualTo(1 << 30);
  }

  private static Settings broker(String... namesAndValues) {
    Map<String, Settings.Given> given = new HashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      given.put(namesAndValues[i], new Settings.Given(namesAndValues[i + 1], "test"));
    }
    List<Setting<?>> declared = LogSettings.all();
    return Settings.of(declared, given);
  }

  private static Map<String, String> parse(String settings) {
    Map<String, String> parsed = new HashMap<>();
    for (String setting : settings.split(";", -1)) {
      int equals = setting.indexOf('=');
      parsed.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return parsed;
  }
}
