package dev.ritsem.client.consumer;

import dev.ritsem.record.BatchIterator;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * What one fetch brought for one partition, read record by record. Left out are records before the
 * position (a batch is fetched whole), control records, those of aborted transactions if only
 * committed ones are wanted, and those from the stop offset on.
 *
 * <p>A compressed batch is decompressed as a whole, because codecs keep working memory per thread
 * and a stream changes threads.
 */
public final class FetchedRecords {
  private final PartitionReader reader;
  private final BatchIterator batches;
  private final int sizeInBytes;
  private final boolean checkCrcs;
  private final Queue<AbortedTransaction> aborted;
  private final Set<Long> abortedProducers = new HashSet<>();
  private final long nextOffset;

  private @Nullable RecordBatch batch;
  private Iterator<LogRecord> records = List.<LogRecord>of().iterator();
  private Optional<Integer> leaderEpoch = Optional.empty();
  private TimestampType timestampType = TimestampType.CREATE_TIME;

  FetchedRecords(
      PartitionReader reader,
      ByteBuffer bytes,
      List<AbortedTransaction> abortedTransactions,
      boolean checkCrcs) {
    this.reader = reader;
    this.batches = new BatchIterator(bytes);
    this.sizeInBytes = bytes.remaining();
    this.checkCrcs = checkCrcs;
    this.aborted = new ArrayDeque<>();
    abortedTransactions.stream()
        .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
        .forEach(aborted::add);
    this.nextOffset = endOf(bytes, reader.fetchPosition());
  }

  /** The offset after the last whole batch, from headers alone. */
  private static long endOf(ByteBuffer bytes, long position) {
    long end = position;
    for (RecordBatch batch : BatchIterator.over(bytes)) {
      end = Math.max(end, batch.nextOffset());
    }
    return end;
  }

  public TopicPartition partition() {
    return reader.partition;
  }

  /** The leader epoch of the record that {@link #next} gave last; empty if there was none. */
  public Optional<Integer> leaderEpoch() {
    return leaderEpoch;
  }

  /** Whose clock the timestamp of the record is from that {@link #next} gave last. */
  public TimestampType timestampType() {
    return timestampType;
  }

  long nextOffset() {
    return nextOffset;
  }

  int sizeInBytes() {
    return sizeInBytes;
  }

  PartitionReader reader() {
    return reader;
  }

  /**
   * The next record; null when there is none left.
   *
   * @throws KafkaException naming the place, if the bytes are damaged
   */
  public @Nullable LogRecord next() {
    while (true) {
      while (records.hasNext()) {
        LogRecord record = records.next();
        if (record.offset() >= reader.stopOffset()) {
          reader.onDelivered(reader.stopOffset());
          return null;
        }
        if (record.offset() >= reader.deliveredPosition()) {
          reader.onDelivered(record.offset() + 1);
          return record;
        }
      }
      if (batch != null) {
        reader.onDelivered(Math.max(reader.deliveredPosition(), batch.nextOffset()));
        batch = null;
      }
      if (!batches.hasNext()) {
        return null;
      }
      open(batches.next());
    }
  }

  private void open(RecordBatch next) {
    if (checkCrcs && !next.hasValidCrc()) {
      throw new KafkaException(
          "Record batch for partition %s at offset %d is invalid, cause: its checksum does not match"
              .formatted(reader.partition, next.baseOffset()));
    }
    batch = next;
    if (isLeftOut(next)) {
      records = List.<LogRecord>of().iterator();
      return;
    }
    leaderEpoch =
        next.partitionLeaderEpoch() < 0
            ? Optional.empty()
            : Optional.of(next.partitionLeaderEpoch());
    timestampType =
        next.hasLogAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    records =
        next.isCompressed() ? RecordIterator.toList(next).iterator() : RecordIterator.over(next);
  }

  private boolean isLeftOut(RecordBatch next) {
    while (!aborted.isEmpty() && aborted.peek().firstOffset() <= next.lastOffset()) {
      abortedProducers.add(aborted.remove().producerId());
    }
    if (next.isControl()) {
      if (abortedProducers.contains(next.producerId()) && isAbortMarker(next)) {
        abortedProducers.remove(next.producerId());
      }
      return true;
    }
    return next.isTransactional() && abortedProducers.contains(next.producerId());
  }

  private static boolean isAbortMarker(RecordBatch batch) {
    return RecordIterator.toList(batch).stream()
        .map(LogRecord::key)
        .anyMatch(key -> key != null && ControlRecordType.of(key) == ControlRecordType.ABORT);
  }
}
