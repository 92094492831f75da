package dev.ritsem.client.producer;

import dev.ritsem.model.ProducerIdAndEpoch;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import dev.ritsem.record.CompressionLevels;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordHeader;
import dev.ritsem.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that are sent and acknowledged together. Whoever added a record keeps
 * the batch and the record's index in it, and asks here for the offset once the batch is {@link
 * #isAcknowledged}.
 */
public final class ProducerBatch {
  /** Where a batch stands; it leaves the queue with ACKNOWLEDGED. */
  enum State {
    /** Takes records. */
    OPEN,
    /** Takes no more records and was never sent. */
    CLOSED,
    /** Is out. */
    IN_FLIGHT,
    /** Was out and has to go out again. */
    RETRY,
    /** Was cut in two, because it was too large; the halves stand in its place. */
    SPLIT,
    /** Is stored as far as acks demands. */
    ACKNOWLEDGED
  }

  private static final long NO_OFFSET = -1L;

  /** Spares the buffer a growth for what a record or codec adds at the end. */
  private static final int SLACK_BYTES = 512;

  private final TopicPartition partition;
  private final long createdMs;
  private final Compression compression;
  private final double expectedRatio;
  private double compressionRatio;
  private @Nullable BatchBuilder builder;
  private @Nullable ByteBuffer bytes;
  private int recordCount;
  private long bufferedBytes;
  private long lastTimestampMs = RecordBatch.NO_TIMESTAMP;

  private State state = State.OPEN;
  private int attempts;
  private @Nullable ApiException lastError;
  private ProducerIdAndEpoch producer = ProducerIdAndEpoch.NONE;
  private int baseSequence = RecordBatch.NO_SEQUENCE;

  /** Whether an earlier batch of the partition was unacknowledged when this one was last sent. */
  private boolean sentBehindAnother;

  private long baseOffset = NO_OFFSET;
  private long logAppendTimeMs = RecordBatch.NO_TIMESTAMP;
  private List<ProducerBatch> halves = List.of();

  /**
   * An empty batch.
   *
   * @param expectedRatio compressed size by size without compression, to go by until it is known
   */
  ProducerBatch(
      TopicPartition partition,
      Compression compression,
      int expectedBytes,
      double expectedRatio,
      long createdMs) {
    this.partition = partition;
    this.compression = compression;
    this.expectedRatio = expectedRatio;
    this.compressionRatio = expectedRatio;
    this.createdMs = createdMs;
    int initialBytes = Math.max(expectedBytes, RecordBatch.HEADER_BYTES) + SLACK_BYTES;
    this.builder = new BatchBuilder(compression, CompressionLevels.DEFAULTS, initialBytes);
  }

  public TopicPartition partition() {
    return partition;
  }

  public int recordCount() {
    return recordCount;
  }

  /** The timestamp of the record that was added last. */
  public long lastTimestampMs() {
    return lastTimestampMs;
  }

  /** Whether all its records are acknowledged. */
  public boolean isAcknowledged() {
    return state == State.ACKNOWLEDGED
        || (state == State.SPLIT && halves.stream().allMatch(ProducerBatch::isAcknowledged));
  }

  /**
   * The offset of a record, or -1 if the broker did not say.
   *
   * @param index of the record in this batch, from 0
   */
  public long offset(int index) {
    if (state == State.SPLIT) {
      int firstHalf = halves.get(0).recordCount;
      return index < firstHalf
          ? halves.get(0).offset(index)
          : halves.get(1).offset(index - firstHalf);
    }
    return baseOffset == NO_OFFSET ? NO_OFFSET : baseOffset + index;
  }

  /** The broker's time, if it put that in place of the record's own; -1 otherwise. */
  public long logAppendTimeMs() {
    return state == State.SPLIT ? halves.get(0).logAppendTimeMs() : logAppendTimeMs;
  }

  State state() {
    return state;
  }

  long createdMs() {
    return createdMs;
  }

  int attempts() {
    return attempts;
  }

  @Nullable ApiException lastError() {
    return lastError;
  }

  long bufferedBytes() {
    return bufferedBytes;
  }

  int baseSequence() {
    return baseSequence;
  }

  boolean sentBehindAnother() {
    return sentBehindAnother;
  }

  ProducerIdAndEpoch producer() {
    return producer;
  }

  /** Whether another record of this size would keep the batch within the size. */
  boolean hasRoom(long recordBytes, int batchSizeBytes) {
    return builder != null
        && state == State.OPEN
        && (recordCount == 0 || expectedBytes(builder) + recordBytes <= batchSizeBytes);
  }

  boolean isFull(int batchSizeBytes) {
    return builder == null || state != State.OPEN || expectedBytes(builder) >= batchSizeBytes;
  }

  private long expectedBytes(BatchBuilder open) {
    return compression == Compression.NONE
        ? open.sizeInBytesSoFar()
        : Math.max(
            open.sizeInBytesSoFar(), (long) (open.uncompressedSizeInBytes() * expectedRatio));
  }

  double compressionRatio() {
    return compressionRatio;
  }

  /** Adds a record and gives its index. */
  int append(
      long timestampMs,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers,
      long recordBytes) {
    if (builder == null) {
      throw new IllegalStateException("batch of " + partition + " is closed");
    }
    builder.append(timestampMs, key, value, headers);
    lastTimestampMs = timestampMs;
    bufferedBytes += recordBytes;
    return recordCount++;
  }

  /** Takes no more records from here on. */
  void close() {
    if (builder != null && state == State.OPEN) {
      builder.close();
      state = State.CLOSED;
    }
  }

  /** Gives the batch its place among its producer's batches: the first, or another. */
  void assignSequence(ProducerIdAndEpoch producer, int baseSequence) {
    this.producer = producer;
    this.baseSequence = baseSequence;
    if (builder != null) {
      seal(builder.producer(producer.producerId(), producer.producerEpoch(), baseSequence));
      return;
    }
    ByteBuffer batch = bytes();
    RecordBatch view = RecordBatch.at(batch, batch.position());
    view.setProducer(producer.producerId(), producer.producerEpoch(), baseSequence);
    view.writeCrc();
  }

  private ByteBuffer seal(BatchBuilder closed) {
    close();
    ByteBuffer built = closed.build();
    compressionRatio = (double) built.remaining() / closed.uncompressedSizeInBytes();
    bytes = built;
    builder = null;
    return built;
  }

  /** The batch as it goes out; what a broker did to an earlier copy does not show. */
  ByteBuffer bytes() {
    if (bytes != null) {
      return bytes;
    }
    if (builder == null) {
      throw new IllegalStateException("batch of " + partition + " has left");
    }
    return seal(builder);
  }

  int sizeInBytes() {
    return bytes().remaining();
  }

  void onSent(boolean behindAnother) {
    state = State.IN_FLIGHT;
    sentBehindAnother = behindAnother;
    attempts++;
  }

  void onRetry(ApiException error) {
    state = State.RETRY;
    lastError = error;
  }

  void onAcknowledged(long baseOffset, long logAppendTimeMs) {
    this.state = State.ACKNOWLEDGED;
    this.baseOffset = baseOffset;
    this.logAppendTimeMs = logAppendTimeMs;
    this.bytes = null;
  }

  /** Two batches with the same records and sequences, to be sent in this one's place. */
  List<ProducerBatch> split() {
    ByteBuffer batch = bytes();
    List<LogRecord> records = RecordIterator.toList(RecordBatch.at(batch, batch.position()));
    int middle = records.size() / 2;
    halves =
        List.of(
            part(records.subList(0, middle), 0),
            part(records.subList(middle, records.size()), middle));
    state = State.SPLIT;
    bytes = null;
    return halves;
  }

  private ProducerBatch part(List<LogRecord> records, int firstIndex) {
    ProducerBatch part =
        new ProducerBatch(partition, compression, bufferedShare(records.size()), 1.0, createdMs);
    // The second half takes what rounding leaves.
    part.bufferedBytes =
        firstIndex == 0 ? bufferedShare(records.size()) : bufferedBytes - bufferedShare(firstIndex);
    for (LogRecord record : new ArrayList<>(records)) {
      part.append(record.timestamp(), record.key(), record.value(), record.headers(), 0);
    }
    part.close();
    if (producer.isPresent()) {
      part.assignSequence(producer, RecordBatch.incrementSequence(baseSequence, firstIndex));
    }
    part.attempts = attempts;
    part.state = State.RETRY;
    return part;
  }

  private int bufferedShare(int records) {
    return Math.toIntExact(bufferedBytes * records / recordCount);
  }
}
