package dev.ritsem.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ritsem.model.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule by rule, what a broker answers and what it changes. */
class BatchValidatorTest {
  private static final long NOW_MS = RandomRecords.NOW_MS;
  private static final long HOUR_MS = 3_600_000L;

  @Test
  void a_good_batch_keeps_its_bytes() {
    ByteBuffer batch = batch(Compression.NONE, NOW_MS, NOW_MS + 5, NOW_MS - 5);
    ByteBuffer before = RandomRecords.copy(batch);

    ValidatedBatches validated = validate(batch);

    assertThat(validated.buffer()).isEqualTo(before);
    assertThat(validated.batchCount()).isOne();
    assertThat(validated.recordCount()).isEqualTo(3);
    assertThat(validated.maxTimestamp()).isEqualTo(NOW_MS + 5);
    assertThat(validated.logAppendTimeMs()).isEqualTo(-1);
  }

  @Test
  void the_batch_may_begin_anywhere_in_the_buffer() {
    ByteBuffer batch = batch(Compression.LZ4, NOW_MS);
    ByteBuffer frame = ByteBuffer.allocateDirect(batch.remaining() + 10);
    frame.position(7).put(batch.duplicate()).flip().position(7);

    ValidatedBatches validated =
        BatchValidator.validate(frame, topic(TimestampType.LOG_APPEND_TIME), NOW_MS, Origin.CLIENT);

    assertThat(validated.buffer().position()).isEqualTo(7);
    assertThat(frame.position()).as("the caller's position").isEqualTo(7);
    assertThat(KafkaRecords.read(validated.buffer())).hasSize(1);
  }

  @Test
  void no_batch_at_all_is_invalid() {
    assertRejected(ByteBuffer.allocate(0), ErrorCode.INVALID_RECORD);
    assertRejected(ByteBuffer.allocate(11), ErrorCode.INVALID_RECORD);
  }

  @Test
  void a_batch_that_is_cut_off_is_invalid() {
    ByteBuffer batch = batch(Compression.NONE, NOW_MS);
    for (int length = 0; length < batch.limit(); length++) {
      assertRejected(batch.duplicate().limit(length), ErrorCode.INVALID_RECORD);
    }
  }

  @Test
  void a_second_batch_is_invalid_and_a_part_of_one_is_left_out() {
    ByteBuffer batch = batch(Compression.NONE, NOW_MS);
    ByteBuffer two = ByteBuffer.allocate(2 * batch.remaining());
    two.put(batch.duplicate()).put(batch.duplicate()).flip();

    assertRejected(two, ErrorCode.INVALID_RECORD);
    assertThat(validate(two.limit(two.limit() - 1)).sizeInBytes()).isEqualTo(batch.remaining());
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 1})
  void older_formats_are_invalid(byte magic) {
    assertRejected(broken(b -> b.put(RecordBatch.MAGIC_AT, magic)), ErrorCode.INVALID_RECORD);
  }

  @ParameterizedTest
  @ValueSource(bytes = {-1, 3, 127})
  void unknown_formats_are_corrupt(byte magic) {
    assertRejected(broken(b -> b.put(RecordBatch.MAGIC_AT, magic)), ErrorCode.CORRUPT_MESSAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 13, 48})
  void a_length_below_that_of_a_header_is_corrupt(int length) {
    assertRejected(broken(b -> b.putInt(RecordBatch.LENGTH_AT, length)), ErrorCode.CORRUPT_MESSAGE);
  }

  @Test
  void a_length_beyond_the_buffer_is_invalid() {
    assertRejected(
        broken(b -> b.putInt(RecordBatch.LENGTH_AT, Integer.MAX_VALUE)), ErrorCode.INVALID_RECORD);
  }

  @Test
  void a_wrong_checksum_is_corrupt() {
    assertRejected(
        broken(b -> b.put(b.limit() - 1, (byte) ~b.get(b.limit() - 1))), ErrorCode.CORRUPT_MESSAGE);
  }

  @Test
  void a_base_offset_other_than_zero_is_invalid_from_a_client_only() {
    ByteBuffer batch = sealed(b -> b.putLong(RecordBatch.BASE_OFFSET_AT, 5));
    assertRejected(batch, ErrorCode.INVALID_RECORD);
    assertThat(
            BatchValidator.validate(batch, BatchRules.DEFAULTS, NOW_MS, Origin.COORDINATOR)
                .recordCount())
        .isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 2, Integer.MAX_VALUE})
  void a_count_other_than_the_records_is_invalid(int count) {
    assertRejected(
        sealed(b -> b.putInt(RecordBatch.RECORDS_COUNT_AT, count)), ErrorCode.INVALID_RECORD);
    assertRejected(
        sealed(
            b ->
                b.putInt(RecordBatch.RECORDS_COUNT_AT, count)
                    .putInt(RecordBatch.LAST_OFFSET_DELTA_AT, count - 1)),
        ErrorCode.INVALID_RECORD);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 1, Integer.MAX_VALUE})
  void a_last_offset_delta_other_than_the_count_says_is_invalid(int delta) {
    assertRejected(
        sealed(b -> b.putInt(RecordBatch.LAST_OFFSET_DELTA_AT, delta)), ErrorCode.INVALID_RECORD);
  }

  @Test
  void control_records_are_for_coordinators_only() {
    ByteBuffer marker =
        BatchBuilder.endTransaction(ControlRecordType.COMMIT, 3, 7, (short) 1, NOW_MS);
    assertRejected(marker, ErrorCode.INVALID_RECORD);
    BatchRules zstd = compressed(Compression.ZSTD, Integer.MAX_VALUE);
    ValidatedBatches validated = BatchValidator.validate(marker, zstd, NOW_MS, Origin.COORDINATOR);
    assertThat(validated.buffer()).as("stays as it is").isEqualTo(marker);
  }

  @Test
  void a_producer_needs_id_epoch_and_sequence_together() {
    assertRejected(withProducer(5, (short) 0, -1, false), ErrorCode.INVALID_RECORD);
    assertRejected(withProducer(5, (short) -1, 0, false), ErrorCode.INVALID_RECORD);
    assertRejected(withProducer(-1, (short) -1, -1, true), ErrorCode.INVALID_RECORD);
    assertThat(validate(withProducer(5, (short) 0, 0, true)).recordCount()).isOne();
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void null_keys_are_named_where_the_topic_is_compacted(Compression compression) {
    ByteBuffer batch;
    try (BatchBuilder builder = new BatchBuilder(compression)) {
      for (int i = 0; i < 5; i++) {
        builder.append(NOW_MS, i % 2 == 0 ? utf8("key") : null, utf8("value"), List.of());
      }
      batch = builder.build();
    }
    BatchRejected rejected = rejection(batch, compacted());
    assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(rejected.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1, 3);
  }

  @Test
  void no_more_than_a_bounded_number_of_records_is_named() {
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
      for (int i = 0; i < 10 * RecordsCheck.RECORD_ERRORS_MAX; i++) {
        builder.append(NOW_MS, null, null, List.of());
      }
      BatchRejected rejected = rejection(builder.build(), compacted());
      assertThat(rejected.recordErrors()).hasSize(RecordsCheck.RECORD_ERRORS_MAX);
      assertThat(rejected).hasMessageContaining("due to 1000 record errors");
    }
  }

  @Test
  void timestamps_out_of_range_are_named() {
    BatchRules rules = timestamps(HOUR_MS, 60_000);
    assertThat(
            BatchValidator.validate(
                    batch(Compression.NONE, NOW_MS - HOUR_MS, NOW_MS + 60_000, -1),
                    rules,
                    NOW_MS,
                    Origin.CLIENT)
                .recordCount())
        .isEqualTo(3);
    BatchRejected rejected =
        rejection(
            batch(Compression.GZIP, NOW_MS, NOW_MS - HOUR_MS - 1, NOW_MS, NOW_MS + 60_001), rules);
    assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    assertThat(rejected.recordErrors()).extracting(RecordError::batchIndex).containsExactly(1, 3);
  }

  @Test
  void timestamps_at_the_ends_of_the_range_of_a_long_do_not_wrap() {
    for (long timestamp : new long[] {Long.MIN_VALUE, Long.MAX_VALUE}) {
      ByteBuffer batch = sealed(b -> b.putLong(RecordBatch.BASE_TIMESTAMP_AT, timestamp));
      assertThat(rejection(batch, timestamps(HOUR_MS, HOUR_MS)).error())
          .isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }
  }

  @Test
  void a_producer_must_not_claim_the_brokers_time() {
    try (BatchBuilder builder =
        new BatchBuilder(Compression.NONE).timestampType(TimestampType.LOG_APPEND_TIME)) {
      builder.append(NOW_MS, null, null, List.of());
      assertThat(rejection(builder.build(), topic(TimestampType.LOG_APPEND_TIME)).error())
          .isEqualTo(ErrorCode.INVALID_TIMESTAMP);
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void log_append_time_replaces_the_producers_timestamps(Compression compression) {
    ValidatedBatches validated =
        BatchValidator.validate(
            batch(compression, 5, 7, 6),
            topic(TimestampType.LOG_APPEND_TIME),
            NOW_MS,
            Origin.CLIENT);
    assertThat(validated.logAppendTimeMs()).isEqualTo(NOW_MS);
    assertThat(validated.maxTimestamp()).isEqualTo(NOW_MS);
    assertThat(KafkaRecords.read(validated.buffer()))
        .extracting(LogRecord::timestamp)
        .containsExactly(NOW_MS, NOW_MS, NOW_MS);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void a_wrong_max_timestamp_is_set_right(Compression compression) {
    ByteBuffer batch = batch(compression, NOW_MS, NOW_MS + 9);
    RecordBatch.at(batch, 0).setMaxTimestamp(TimestampType.CREATE_TIME, 3);
    ValidatedBatches validated = validate(batch);
    RecordBatch stored = RecordBatch.at(validated.buffer(), 0);
    assertThat(stored.maxTimestamp()).isEqualTo(NOW_MS + 9);
    assertThat(stored.hasValidCrc()).isTrue();
  }

  @Test
  void the_limit_is_on_the_size_as_sent_and_on_the_size_as_stored() {
    ByteBuffer plain;
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
      builder.append(NOW_MS, null, ByteBuffer.allocate(10_000), List.of());
      plain = builder.build();
    }
    int size = plain.remaining();
    ByteBuffer small = RandomRecords.copy(recompressed(plain, Compression.GZIP, size).buffer());
    assertThat(small.remaining()).isLessThan(size / 10);

    assertThat(recompressed(plain, Compression.NONE, size).sizeInBytes()).isEqualTo(size);
    assertTooLarge(plain, Compression.NONE, size - 1);
    assertTooLarge(plain, Compression.GZIP, size - 1);
    assertThat(recompressed(small, Compression.NONE, size).sizeInBytes()).isEqualTo(size);
    assertTooLarge(small, Compression.NONE, size - 1);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void offsets_out_of_order_are_numbered_again(Compression compression) {
    ByteBuffer batch = batch(Compression.NONE, NOW_MS, NOW_MS, NOW_MS);
    RecordBatch view = RecordBatch.at(batch, 0);
    // Length, attributes and timestamp delta take a byte each, then comes the offset delta.
    batch.put(RecordBatch.HEADER_BYTES + 3, (byte) 2);
    view.writeCrc();
    ByteBuffer sent = compression == Compression.NONE ? batch : compressAsItIs(batch, compression);

    ValidatedBatches validated = validate(sent);

    assertThat(RecordBatch.at(validated.buffer(), 0).compressionId()).isEqualTo(compression.id());
    assertThat(KafkaRecords.read(validated.buffer()))
        .extracting(LogRecord::offset)
        .containsExactly(0L, 1L, 2L);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7})
  void unknown_codecs_are_not_supported(int codec) {
    assertRejected(
        sealed(b -> b.putShort(RecordBatch.ATTRIBUTES_AT, (short) codec)),
        ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
  }

  @Test
  void zstd_needs_a_produce_request_of_version_7() {
    ByteBuffer zstd = batch(Compression.ZSTD, NOW_MS);
    BatchValidator.checkForm(zstd, (short) 7);
    BatchValidator.checkForm(batch(Compression.LZ4, NOW_MS), (short) 3);
    BatchRejected rejected =
        catchThrowableOfType(BatchRejected.class, () -> BatchValidator.checkForm(zstd, (short) 6));
    assertThat(rejected.error()).isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
  }

  private static ByteBuffer batch(Compression compression, long... timestamps) {
    try (BatchBuilder builder = new BatchBuilder(compression)) {
      for (long timestamp : timestamps) {
        builder.append(timestamp, utf8("key"), utf8("value"), List.of());
      }
      return builder.build();
    }
  }

  private static ByteBuffer compressAsItIs(ByteBuffer plain, Compression compression) {
    BatchRewriter rewriter =
        new BatchRewriter(
            RecordBatch.at(plain, 0), Compression.NONE, compression, BatchRules.INTERNAL);
    try {
      return rewriter.rewrite(true).buffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A batch of one record, changed, with the checksum of before. */
  private static ByteBuffer broken(Consumer<ByteBuffer> change) {
    ByteBuffer batch = batch(Compression.NONE, NOW_MS);
    change.accept(batch);
    return batch;
  }

  /** A batch of one record, changed, with the checksum of after. */
  private static ByteBuffer sealed(Consumer<ByteBuffer> change) {
    ByteBuffer batch = broken(change);
    RecordBatch.at(batch, 0).writeCrc();
    return batch;
  }

  private static ByteBuffer withProducer(
      long id, short epoch, int sequence, boolean transactional) {
    try (BatchBuilder builder =
        new BatchBuilder(Compression.NONE)
            .producer(id, epoch, sequence)
            .transactional(transactional)) {
      builder.append(NOW_MS, utf8("key"), utf8("value"), List.of());
      return builder.build();
    }
  }

  private static BatchRules compacted() {
    return rules(Optional.empty(), Integer.MAX_VALUE, TimestampType.CREATE_TIME, HOUR_MS, true);
  }

  private static BatchRules topic(TimestampType type) {
    return rules(Optional.empty(), Integer.MAX_VALUE, type, Long.MAX_VALUE, false);
  }

  private static BatchRules compressed(Compression codec, int maxBytes) {
    return rules(Optional.of(codec), maxBytes, TimestampType.CREATE_TIME, Long.MAX_VALUE, false);
  }

  private static BatchRules timestamps(long beforeMs, long afterMs) {
    return new BatchRules(
        Integer.MAX_VALUE,
        Optional.empty(),
        CompressionLevels.DEFAULTS,
        TimestampType.CREATE_TIME,
        beforeMs,
        afterMs,
        false);
  }

  private static BatchRules rules(
      Optional<Compression> codec,
      int maxBytes,
      TimestampType type,
      long beforeMs,
      boolean compacted) {
    return new BatchRules(
        maxBytes, codec, CompressionLevels.DEFAULTS, type, beforeMs, HOUR_MS, compacted);
  }

  private static ValidatedBatches validate(ByteBuffer batch) {
    return BatchValidator.validate(batch, BatchRules.DEFAULTS, NOW_MS, Origin.CLIENT);
  }

  private static ValidatedBatches recompressed(ByteBuffer batch, Compression codec, int maxBytes) {
    return BatchValidator.validate(
        RandomRecords.copy(batch), compressed(codec, maxBytes), NOW_MS, Origin.CLIENT);
  }

  private static BatchRejected rejection(ByteBuffer batch, BatchRules rules) {
    return catchThrowableOfType(
        BatchRejected.class, () -> BatchValidator.validate(batch, rules, NOW_MS, Origin.CLIENT));
  }

  private static void assertTooLarge(ByteBuffer batch, Compression codec, int maxBytes) {
    assertThat(rejection(RandomRecords.copy(batch), compressed(codec, maxBytes)).error())
        .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
  }

  private static void assertRejected(ByteBuffer batch, ErrorCode error) {
    BatchRejected rejected = rejection(batch, BatchRules.DEFAULTS);
    assertThat(rejected).as("rejection").isNotNull();
    assertThat(rejected.error()).as(rejected.getMessage()).isEqualTo(error);
  }

  private static ByteBuffer utf8(String text) {
    return StandardCharsets.UTF_8.encode(text);
  }
}
