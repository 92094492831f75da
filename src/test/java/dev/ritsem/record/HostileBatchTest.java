package dev.ritsem.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes that a stranger made up: an answer always, memory and time never. */
class HostileBatchTest {
  private static final int SEEDS = 4000;
  private static final long ALLOCATED_BYTES_MAX = 8L << 20;

  @Test
  void mutated_batches_are_rejected_or_can_be_read_by_kafka() {
    int[] accepted = new int[1];
    Seeds.forEach(
        HostileBatchTest.class,
        SEEDS,
        seed -> {
          Random chance = Seeds.random(seed);
          RandomRecords random = new RandomRecords(chance);
          ByteBuffer batch = random.batch(random.compression(), random.list(8));
          mutate(batch, chance);
          ByteBuffer sent = chance.nextBoolean() ? RandomRecords.direct(batch) : batch;
          try {
            ValidatedBatches validated =
                BatchValidator.validate(sent, rules(chance), RandomRecords.NOW_MS, Origin.CLIENT);
            assertThat(KafkaRecords.read(validated.buffer())).hasSize(validated.recordCount());
            accepted[0]++;
          } catch (BatchRejected expected) {
            assertThat(expected.error()).isNotEqualTo(ErrorCode.NONE);
          }
        });
    assertThat(accepted[0]).as("some mutations do no harm").isPositive();
  }

  @Test
  void reading_mutated_batches_ends_in_records_or_in_a_wire_error() {
    Seeds.forEach(
        HostileBatchTest.class,
        SEEDS,
        seed -> {
          Random chance = Seeds.random(seed);
          RandomRecords random = new RandomRecords(chance);
          ByteBuffer batch = random.batch(random.compression(), random.list(8));
          mutate(batch, chance);
          for (RecordBatch view : BatchIterator.over(batch)) {
            // A count is 32 bits that anybody can write; the records decide how many there are.
            try (RecordIterator records = RecordIterator.over(view)) {
              records.forEachRemaining(record -> assertThat(record).isNotNull());
            } catch (WireException expected) {
              assertThat(expected.error()).isEqualTo(ErrorCode.CORRUPT_MESSAGE);
            }
          }
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "LZ4", "ZSTD"})
  void a_bomb_is_refused_before_it_takes_memory(Compression compression) throws IOException {
    ByteBuffer bomb = bomb(compression, BatchValidator.DECOMPRESSED_BYTES_MAX + 1);
    for (Compression target : List.of(compression, Compression.NONE)) {
      BatchRules rules = rules(Optional.of(target), 1 << 20);
      long before = allocatedBytes();
      BatchRejected rejected =
          catchThrowableOfType(
              BatchRejected.class,
              () -> BatchValidator.validate(bomb, rules, RandomRecords.NOW_MS, Origin.CLIENT));
      long allocated = allocatedBytes() - before;
      assertThat(rejected.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
      assertThat(allocated).as("allocated bytes").isLessThan(ALLOCATED_BYTES_MAX);
    }
  }

  @Test
  void a_record_that_inflates_beyond_the_topics_limit_is_not_stored() throws IOException {
    ByteBuffer small = bomb(Compression.ZSTD, 50 << 20);
    long before = allocatedBytes();
    BatchRejected rejected =
        catchThrowableOfType(
            BatchRejected.class,
            () ->
                BatchValidator.validate(
                    small,
                    rules(Optional.of(Compression.NONE), 1 << 20),
                    RandomRecords.NOW_MS,
                    Origin.CLIENT));
    assertThat(rejected.error()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    assertThat(allocatedBytes() - before).isLessThan(ALLOCATED_BYTES_MAX);
  }

  @Test
  void an_announced_snappy_block_is_not_allocated() {
    byte[] announcesTwoGigabytes = {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x07, 0};
    assertSnappyRefused(announcesTwoGigabytes);
    ByteBuffer framed = ByteBuffer.allocate(40);
    framed.putLong(0x82534E4150505900L).putInt(1).putInt(1);
    framed.putInt(announcesTwoGigabytes.length).put(announcesTwoGigabytes).flip();
    byte[] bytes = new byte[framed.remaining()];
    framed.get(bytes);
    assertSnappyRefused(bytes);
    ByteBuffer longBlock = ByteBuffer.allocate(21);
    longBlock.putLong(0x82534E4150505900L).putInt(1).putInt(1).putInt(Integer.MAX_VALUE);
    assertSnappyRefused(longBlock.array());
  }

  @Test
  void snappy_as_one_bare_block_is_read_too() throws IOException {
    ByteBuffer plain = new RandomRecords(Seeds.random(3)).batch(Compression.NONE, oneRecord());
    byte[] block = bytesOf(RecordBatch.at(plain, 0).recordsBytes());
    ByteBuffer sent =
        withRecords(plain, Compression.SNAPPY, org.xerial.snappy.Snappy.compress(block));
    ValidatedBatches validated =
        BatchValidator.validate(sent, BatchRules.INTERNAL, RandomRecords.NOW_MS, Origin.CLIENT);
    assertThat(KafkaRecords.read(validated.buffer())).isEqualTo(KafkaRecords.read(plain));
  }

  @Test
  void checking_uncompressed_records_allocates_nothing_per_record() {
    ByteBuffer batch;
    try (BatchBuilder builder = new BatchBuilder(Compression.NONE)) {
      for (int i = 0; i < 50_000; i++) {
        builder.append(RandomRecords.NOW_MS, null, ByteBuffer.allocate(10), List.of());
      }
      batch = RandomRecords.direct(builder.build());
    }
    validate(batch);
    long before = allocatedBytes();
    validate(batch);
    assertThat(allocatedBytes() - before).as("allocated bytes").isLessThan(4096);
  }

  private static void validate(ByteBuffer batch) {
    BatchValidator.validate(batch, BatchRules.INTERNAL, RandomRecords.NOW_MS, Origin.CLIENT);
  }

  private static void assertSnappyRefused(byte[] records) {
    ByteBuffer plain = new RandomRecords(Seeds.random(3)).batch(Compression.NONE, oneRecord());
    ByteBuffer sent = withRecords(plain, Compression.SNAPPY, records);
    long before = allocatedBytes();
    BatchRejected rejected = catchThrowableOfType(BatchRejected.class, () -> validate(sent));
    assertThat(rejected.error()).isEqualTo(ErrorCode.INVALID_RECORD);
    assertThat(allocatedBytes() - before).isLessThan(1 << 20);
  }

  private static List<LogRecord> oneRecord() {
    return List.of(
        new LogRecord(0, RandomRecords.NOW_MS, null, ByteBuffer.allocate(500), List.of()));
  }

  /** A batch of one record with a value of that many zeros. */
  private static ByteBuffer bomb(Compression compression, int valueBytes) throws IOException {
    BatchBuffer buffer = new BatchBuffer(1 << 20, Integer.MAX_VALUE);
    byte[] varint = new byte[10];
    try (OutputStream out =
        compression.compress(buffer, CompressionLevels.DEFAULTS.of(compression))) {
      int length = 1 + 1 + 1 + 1 + Varints.sizeOf(valueBytes) + valueBytes + 1;
      new RecordPrefix().write(length, (byte) 0, 0, 0, out);
      out.write(varint, 0, Varints.put(varint, 0, -1));
      out.write(varint, 0, Varints.put(varint, 0, valueBytes));
      byte[] zeros = new byte[1 << 16];
      for (int left = valueBytes; left > 0; left -= zeros.length) {
        out.write(zeros, 0, Math.min(left, zeros.length));
      }
      out.write(0);
    }
    ByteBuffer batch = buffer.buffer().flip();
    byte[] compressed = bytesOf(batch.duplicate().position(RecordBatch.HEADER_BYTES));
    ByteBuffer plain = new RandomRecords(Seeds.random(5)).batch(Compression.NONE, oneRecord());
    return withRecords(plain, compression, compressed);
  }

  /** The header of a batch with other records behind it. */
  private static ByteBuffer withRecords(ByteBuffer header, Compression codec, byte[] records) {
    ByteBuffer batch = ByteBuffer.allocate(RecordBatch.HEADER_BYTES + records.length);
    batch.put(0, header, 0, RecordBatch.HEADER_BYTES);
    batch.put(RecordBatch.HEADER_BYTES, records);
    batch.putInt(RecordBatch.LENGTH_AT, batch.limit() - RecordBatch.LOG_OVERHEAD_BYTES);
    RecordBatch view = RecordBatch.at(batch, 0);
    view.setCompression(codec);
    view.writeCrc();
    return batch;
  }

  private static void mutate(ByteBuffer batch, Random chance) {
    int from = chance.nextInt(3) == 0 ? 0 : RecordBatch.ATTRIBUTES_AT;
    int until = chance.nextBoolean() ? batch.limit() : Math.min(batch.limit(), 90);
    for (int i = 1 + chance.nextInt(3); i > 0; i--) {
      int at = from + chance.nextInt(until - from);
      batch.put(at, (byte) (chance.nextBoolean() ? chance.nextInt() : 1 << chance.nextInt(8)));
    }
    if (chance.nextInt(10) == 0) {
      batch.limit(chance.nextInt(batch.limit()));
    }
    if (chance.nextInt(5) > 0 && RecordBatch.fits(batch, 0)) {
      RecordBatch.at(batch, 0).writeCrc();
    }
  }

  private static BatchRules rules(Random chance) {
    Optional<Compression> codec =
        chance.nextBoolean() ? Optional.empty() : Compression.ofId(chance.nextInt(5));
    return rules(codec, 1 << 20);
  }

  private static BatchRules rules(Optional<Compression> codec, int maxMessageBytes) {
    return new BatchRules(
        maxMessageBytes,
        codec,
        CompressionLevels.DEFAULTS,
        TimestampType.CREATE_TIME,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        false);
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static long allocatedBytes() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
