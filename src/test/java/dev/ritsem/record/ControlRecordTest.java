package dev.ritsem.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Control records, with Kafka's client library as the other side. */
class ControlRecordTest {
  @ParameterizedTest
  @EnumSource(
      value = ControlRecordType.class,
      names = {"ABORT", "COMMIT"})
  void markers_are_byte_for_byte_those_of_kafka(ControlRecordType outcome) {
    ByteBuffer kafkas =
        MemoryRecords.withEndTransactionMarker(
                0,
                1234,
                -1,
                77,
                (short) 3,
                new org.apache.kafka.common.record.internal.EndTransactionMarker(
                    org.apache.kafka.common.record.internal.ControlRecordType.fromTypeId(
                        outcome.id()),
                    9))
            .buffer();
    ByteBuffer ours = BatchBuilder.endTransaction(outcome, 9, 77, (short) 3, 1234);
    assertThat(ours).isEqualTo(kafkas);
    List<LogRecord> records = RecordIterator.toList(RecordBatch.at(ours, 0));
    assertThat(EndTransactionMarker.of(records.get(0)))
        .isEqualTo(new EndTransactionMarker(outcome, 9));
  }

  @Test
  void types_of_later_protocols_are_unknown_and_short_keys_are_refused() {
    assertThat(
            ControlRecordType.of(
                ByteBuffer.allocate(6).putShort(0, (short) 1).putShort(2, (short) 99)))
        .isEqualTo(ControlRecordType.UNKNOWN);
    assertThatThrownBy(() -> ControlRecordType.of(ByteBuffer.allocate(3)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void only_commit_and_abort_end_a_transaction() {
    assertThatThrownBy(() -> new EndTransactionMarker(ControlRecordType.LEADER_CHANGE, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
