package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record as it lies in a log. Key and value are read-only by agreement: from position to limit,
 * and readers take a duplicate before they move a position.
 *
 * @param offset -1 and below is not a place in a log: the batch has none assigned yet
 * @param timestamp ms since the epoch; -1 if the producer gave none
 * @param key null if there is none
 * @param value null stands for a tombstone where the topic is compacted
 */
public record LogRecord(
    long offset,
    long timestamp,
    @Nullable ByteBuffer key,
    @Nullable ByteBuffer value,
    List<RecordHeader> headers) {
  public LogRecord {
    headers = List.copyOf(headers);
  }
}
