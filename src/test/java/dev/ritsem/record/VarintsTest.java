package dev.ritsem.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

/** Numbers of variable length, as Kafka's client library writes and reads them. */
class VarintsTest {
  @Test
  void numbers_of_every_size_are_written_and_read_as_kafka_does() {
    Random random = Seeds.random(1);
    for (int i = 0; i < 20_000; i++) {
      check(random.nextLong() >> random.nextInt(64));
    }
    for (long edge : new long[] {0, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE}) {
      check(edge);
    }
    check(Integer.MAX_VALUE);
    check(Integer.MIN_VALUE);
  }

  private static void check(long value) {
    byte[] bytes = new byte[10];
    int end = Varints.put(bytes, 0, value);
    assertThat(end).isEqualTo(Varints.sizeOf(value));
    assertThat(ByteUtils.readVarlong(ByteBuffer.wrap(bytes))).isEqualTo(value);
    assertThat(RecordCursor.over(ByteBuffer.wrap(bytes)).readVarlong()).isEqualTo(value);
    int small = (int) value;
    end = Varints.put(bytes, 0, small);
    assertThat(end).isEqualTo(Varints.sizeOf(small));
    assertThat(ByteUtils.readVarint(ByteBuffer.wrap(bytes))).isEqualTo(small);
    assertThat(RecordCursor.over(ByteBuffer.wrap(bytes)).readVarint()).isEqualTo(small);
  }

  @Test
  void numbers_without_an_end_are_refused() {
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) 0x80);
    assertThatThrownBy(() -> RecordCursor.over(ByteBuffer.wrap(endless)).readVarint())
        .isInstanceOf(MalformedRecordsException.class);
    assertThatThrownBy(() -> RecordCursor.over(ByteBuffer.wrap(endless)).readVarlong())
        .isInstanceOf(MalformedRecordsException.class);
    assertThatThrownBy(() -> RecordCursor.over(ByteBuffer.wrap(endless, 0, 3)).readVarint())
        .isInstanceOf(MalformedRecordsException.class);
  }
}
