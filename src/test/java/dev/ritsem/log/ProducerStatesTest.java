package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.TopicPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.EndTransactionMarker;
import dev.ritsem.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ProducerStatesTest {
  private static final long NOW_MS = 1_700_000_000_000L;
  private static final long PRODUCER = 7;

  private final ProducerStates producers = new ProducerStates(new TopicPartition("t", 0));
  private long nextOffset;

  private static ByteBuffer batch(int epoch, int sequence, int records) {
    return TestBatches.idempotent(PRODUCER, epoch, sequence, NOW_MS, records).buffer();
  }

  private void append(ByteBuffer buffer) {
    RecordBatch batch = RecordBatch.at(buffer, buffer.position());
    batch.assign(nextOffset, 0);
    assertThat(producers.check(buffer)).as("not a repeat").isNull();
    producers.update(batch, null);
    nextOffset = batch.nextOffset();
  }

  private static void assertRefused(ErrorCode error, ThrowingCallable append) {
    assertThatThrownBy(append)
        .isInstanceOfSatisfying(
            WireException.class, refused -> assertThat(refused.error()).isEqualTo(error));
  }

  @Test
  void anUnknownProducerMayBeginAnywhere() {
    append(batch(0, 42, 1));
    append(batch(0, 43, 1));
  }

  @Test
  void aGapInTheSequencesIsRefused() {
    append(batch(0, 0, 2));

    assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, () -> append(batch(0, 3, 1)));
    append(batch(0, 2, 1));
  }

  @Test
  void sequencesWrapFromTheLargestIntToZero() {
    append(batch(0, Integer.MAX_VALUE - 1, 2));
    append(batch(0, 0, 1));
    append(batch(0, 1, 1));
  }

  @Test
  void oneBatchMaySpanTheWrap() {
    append(batch(0, Integer.MAX_VALUE, 3));
    append(batch(0, 2, 1));
    ProducerBatch repeated = producers.check(batch(0, Integer.MAX_VALUE, 3));
    assertThat(repeated).isEqualTo(new ProducerBatch(Integer.MAX_VALUE, 1, 0, 2, NOW_MS));
  }

  @Test
  void aRepeatIsRecognisedAmongTheLastFiveBatchesOnly() {
    for (int i = 0; i < 7; i++) {
      append(batch(0, i, 1));
    }
    for (int i = 2; i < 7; i++) {
      assertThat(producers.check(batch(0, i, 1))).isEqualTo(new ProducerBatch(i, i, i, i, NOW_MS));
    }
    assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, () -> producers.check(batch(0, 1, 1)));
  }

  @Test
  void aBatchOfTheSameBeginningButAnotherLengthIsNoRepeat() {
    append(batch(0, 0, 2));

    assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, () -> producers.check(batch(0, 0, 3)));
  }

  @Test
  void anOlderEpochIsFencedAndANewerOneBeginsAtZero() {
    append(batch(1, 0, 1));

    assertRefused(ErrorCode.INVALID_PRODUCER_EPOCH, () -> append(batch(0, 1, 1)));
    assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, () -> append(batch(2, 1, 1)));
    append(batch(2, 0, 1));
    assertRefused(ErrorCode.INVALID_PRODUCER_EPOCH, () -> append(batch(1, 1, 1)));
  }

  @Test
  void plainRecordsAreRefusedWithinATransaction() {
    append(TestBatches.transactional(PRODUCER, 0, 0, NOW_MS, 1).buffer());

    assertRefused(ErrorCode.INVALID_TXN_STATE, () -> append(batch(0, 1, 1)));
    assertThat(producers.firstUnstableOffset()).isZero();
  }

  @Test
  void severalBatchesAreCheckedEachAfterTheOther() {
    ByteBuffer inOrder = join(batch(0, 0, 2), batch(0, 2, 1));
    ByteBuffer withGap = join(batch(0, 0, 2), batch(0, 3, 1));

    assertThat(producers.check(inOrder)).isNull();
    assertRefused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, () -> producers.check(withGap));
    assertThat(producers.isEmpty()).as("checking changes nothing").isTrue();
  }

  private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first)
        .put(second)
        .flip();
  }

  @Test
  void silentProducersAreForgottenUnlessInATransaction() {
    append(batch(0, 0, 1));
    append(TestBatches.transactional(8, 0, 0, NOW_MS, 1).buffer());

    assertThat(producers.expire(NOW_MS + 999, 1000)).isZero();
    assertThat(producers.expire(NOW_MS + 1000, 1000)).isOne();
    assertThat(producers.find(PRODUCER)).isNull();
    assertThat(producers.find(8)).isNotNull();
  }

  @Test
  void theFirstUnstableOffsetMovesWhenTheMarkerIsBelowTheHighWatermark() {
    append(TestBatches.transactional(PRODUCER, 0, 0, NOW_MS, 2).buffer());
    append(TestBatches.transactional(8, 0, 0, NOW_MS, 1).buffer());
    end(PRODUCER, ControlRecordType.COMMIT);

    assertThat(producers.firstUnstableOffset()).isZero();
    producers.highWatermarkMoved(3);
    assertThat(producers.firstUnstableOffset()).isZero();
    producers.highWatermarkMoved(4);
    assertThat(producers.firstUnstableOffset()).isEqualTo(2);
    end(8, ControlRecordType.ABORT);
    producers.highWatermarkMoved(5);
    assertThat(producers.firstUnstableOffset()).isEqualTo(-1);
  }

  private void end(long producerId, ControlRecordType outcome) {
    ByteBuffer marker = BatchBuilder.endTransaction(outcome, 3, producerId, (short) 0, NOW_MS);
    RecordBatch batch = RecordBatch.at(marker, marker.position());
    batch.assign(nextOffset, 0);
    producers.update(batch, new EndTransactionMarker(outcome, 3));
    nextOffset = batch.nextOffset();
  }

  @Test
  void aSnapshotIsWrittenAsKafkaReadsIt() throws Exception {
    append(batch(2, 0, 3));

    ByteBuffer snapshot = ProducerSnapshotFile.encode(producers.all());
    byte[] bytes = new byte[snapshot.remaining()];
    snapshot.get(bytes);
    String hex = HexFormat.of().formatHex(bytes);
    assertThat(hex.substring(0, 4)).as("version").isEqualTo("0001");
    assertThat(hex.substring(12))
        .isEqualTo(
            "00000001"
                + "0000000000000007"
                + "0002"
                + "00000002"
                + "0000000000000002"
                + "00000002"
                + "0000018bcfe56800"
                + "ffffffff"
                + "ffffffffffffffff");
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 6, bytes.length - 6);
    assertThat(hex.substring(4, 12)).isEqualTo("%08x".formatted(checksum.getValue()));
  }

  @Test
  void aSnapshotGivesTheStateBackAndADamagedOneIsRefused() throws Exception {
    append(batch(2, 0, 3));
    append(TestBatches.transactional(8, 1, 5, NOW_MS, 1).buffer());
    SimulatedDisk disk = new SimulatedDisk();
    Path directory = Path.of("/data/t-0");
    Path file = directory.resolve("00000000000000000004.snapshot");
    disk.createDirectories(directory);
    ProducerSnapshotFile.write(disk, file, producers.all());

    ProducerStates restored = new ProducerStates(new TopicPartition("t", 0));
    ProducerSnapshotFile.read(disk, file).forEach(restored::restore);
    assertThat(restored.listing()).containsExactlyInAnyOrderElementsOf(producers.listing());
    assertThat(restored.firstUnstableOffset()).isEqualTo(3);
    assertThat(restored.check(batch(2, 0, 3))).isNotNull();

    int length = disk.content(file).length;
    for (int at : List.of(1, 3, 9, 20, length - 1)) {
      disk.corrupt(file, at);
      assertThatThrownBy(() -> ProducerSnapshotFile.read(disk, file))
          .isInstanceOf(CorruptFileException.class);
      disk.corrupt(file, at);
    }
  }
}
