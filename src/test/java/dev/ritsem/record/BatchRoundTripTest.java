package dev.ritsem.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes in comes out, through our own code and through Kafka's in either direction. */
class BatchRoundTripTest {
  private static final int SEEDS = 40;
  private static final int RECORDS_MAX = 60;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void built_validated_and_read_records_are_equal(Compression compression) {
    Seeds.forEach(
        BatchRoundTripTest.class,
        SEEDS,
        seed -> {
          RandomRecords random = new RandomRecords(Seeds.random(seed));
          List<LogRecord> records = random.list(RECORDS_MAX);
          ByteBuffer batch = random.batch(compression, records);
          assertThat(readAll(validate(batch, BatchRules.INTERNAL))).isEqualTo(records);
          ByteBuffer direct = RandomRecords.direct(batch);
          assertThat(readAll(validate(direct, BatchRules.INTERNAL))).isEqualTo(records);
        });
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void kafka_reads_what_we_write(Compression compression) {
    Seeds.forEach(
        BatchRoundTripTest.class,
        SEEDS,
        seed -> {
          RandomRecords random = new RandomRecords(Seeds.random(seed));
          List<LogRecord> records = random.list(RECORDS_MAX);
          assertThat(KafkaRecords.read(random.batch(compression, records))).isEqualTo(records);
        });
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void we_read_what_kafka_writes(Compression compression) {
    Seeds.forEach(
        BatchRoundTripTest.class,
        SEEDS,
        seed -> {
          List<LogRecord> records = new RandomRecords(Seeds.random(seed)).list(RECORDS_MAX);
          ByteBuffer batch = KafkaRecords.write(compression, records);
          ValidatedBatches validated = validate(batch, BatchRules.INTERNAL);
          assertThat(readAll(validated)).isEqualTo(records);
          assertThat(validated.recordCount()).isEqualTo(records.size());
          assertThat(validated.maxTimestamp())
              .isEqualTo(records.stream().mapToLong(LogRecord::timestamp).max().orElseThrow());
        });
  }

  @Test
  void uncompressed_batches_are_byte_for_byte_those_of_kafka() {
    Seeds.forEach(
        BatchRoundTripTest.class,
        SEEDS,
        seed -> {
          List<LogRecord> records = new RandomRecords(Seeds.random(seed)).list(RECORDS_MAX);
          try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
            records.forEach(r -> builder.append(r.timestamp(), r.key(), r.value(), r.headers()));
            assertThat(builder.uncompressedSizeInBytes()).isEqualTo(builder.sizeInBytesSoFar());
            assertThat(builder.build()).isEqualTo(KafkaRecords.write(Compression.NONE, records));
          }
        });
  }

  @Test
  void recompressed_batches_hold_the_same_records_for_us_and_for_kafka() {
    Seeds.forEach(
        BatchRoundTripTest.class,
        4 * SEEDS,
        seed -> {
          Random chance = Seeds.random(seed);
          RandomRecords random = new RandomRecords(chance);
          List<LogRecord> records = random.list(RECORDS_MAX);
          Compression target = random.compression();
          ByteBuffer batch = random.batch(random.compression(), records);
          ByteBuffer sent = chance.nextBoolean() ? RandomRecords.direct(batch) : batch;
          RecordBatch before = RecordBatch.at(RandomRecords.copy(batch), 0);

          ValidatedBatches stored = validate(sent, rules(target));

          RecordBatch after = RecordBatch.at(stored.buffer(), stored.buffer().position());
          assertThat(after.compressionId()).isEqualTo(target.id());
          assertThat(after.sizeInBytes()).isEqualTo(stored.sizeInBytes());
          assertThat(after.producerId()).isEqualTo(before.producerId());
          assertThat(after.baseSequence()).isEqualTo(before.baseSequence());
          assertThat(after.isTransactional()).isEqualTo(before.isTransactional());
          assertThat(readAll(stored)).isEqualTo(records);
          assertThat(KafkaRecords.read(stored.buffer())).isEqualTo(records);
        });
  }

  @Test
  void sizes_are_never_larger_than_their_estimate() {
    Seeds.forEach(
        BatchRoundTripTest.class,
        SEEDS,
        seed -> {
          List<LogRecord> records = new RandomRecords(Seeds.random(seed)).list(RECORDS_MAX);
          try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
            for (LogRecord record : records) {
              long before = builder.uncompressedSizeInBytes();
              builder.append(record.timestamp(), record.key(), record.value(), record.headers());
              assertThat(builder.uncompressedSizeInBytes() - before)
                  .isLessThanOrEqualTo(
                      BatchBuilder.sizeInBytesMax(record.key(), record.value(), record.headers()));
            }
          }
        });
  }

  @Test
  void several_batches_in_a_buffer_are_found_and_a_cut_one_is_not() {
    RandomRecords random = new RandomRecords(Seeds.random(1));
    ByteBuffer one = random.batch(Compression.NONE, random.list(5));
    ByteBuffer two = random.batch(Compression.LZ4, random.list(5));
    ByteBuffer all = ByteBuffer.allocate(3 + one.remaining() + 2 * two.remaining() - 1);
    all.position(3).put(one.duplicate()).put(two.duplicate());
    all.put(two.duplicate().limit(two.limit() - 1)).flip().position(3);

    assertThat(BatchIterator.over(all))
        .extracting(RecordBatch::sizeInBytes)
        .containsExactly(one.remaining(), two.remaining());
  }

  private static BatchRules rules(Compression target) {
    return new BatchRules(
        Integer.MAX_VALUE,
        Optional.of(target),
        new CompressionLevels(1, 1, 1),
        TimestampType.CREATE_TIME,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        false);
  }

  private static ValidatedBatches validate(ByteBuffer batch, BatchRules rules) {
    return BatchValidator.validate(batch, rules, RandomRecords.NOW_MS, Origin.CLIENT);
  }

  private static List<LogRecord> readAll(ValidatedBatches batches) {
    return RecordIterator.toList(RecordBatch.at(batches.buffer(), batches.buffer().position()));
  }
}
