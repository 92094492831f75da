package dev.ritsem.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch. Records get the offsets 0, 1, 2 and so on, counted from the batch's base
 * offset; the batch's fields may be set at any time before it is built, so that a producer can give
 * it its sequence when it is sent.
 *
 * <p>Not thread-safe. A builder builds one batch.
 */
public final class BatchBuilder implements AutoCloseable {
  /** Bytes a record takes at most besides key, value and headers. */
  static final int RECORD_OVERHEAD_BYTES_MAX = 5 + 1 + 10 + 5 + 5 + 5 + 5;

  private static final int INITIAL_BYTES = 1024;
  private static final int PASSAGE_BYTES = 8 * 1024;

  private final Compression compression;
  private final BatchBuffer buffer;
  private final OutputStream records;
  private final RecordPrefix prefix = new RecordPrefix();
  private final byte[] scratch = new byte[Long.BYTES + Short.BYTES];

  private long baseOffset;
  private int partitionLeaderEpoch = -1;
  private TimestampType timestampType = TimestampType.CREATE_TIME;
  private long producerId = RecordBatch.NO_PRODUCER_ID;
  private short producerEpoch = -1;
  private int baseSequence = RecordBatch.NO_SEQUENCE;
  private boolean transactional;
  private boolean control;

  private int count;
  private long baseTimestamp = RecordBatch.NO_TIMESTAMP;
  private long maxTimestamp = RecordBatch.NO_TIMESTAMP;
  private long uncompressedBytes = RecordBatch.HEADER_BYTES;
  private boolean built;

  /** A batch in this codec, at the codec's default level. */
  public BatchBuilder(Compression compression) {
    this(compression, CompressionLevels.DEFAULTS, INITIAL_BYTES);
  }

  /**
   * @param initialBytes how large the batch is expected to become; it may become larger
   */
  public BatchBuilder(Compression compression, CompressionLevels levels, int initialBytes) {
    this.compression = compression;
    this.buffer = new BatchBuffer(initialBytes, Integer.MAX_VALUE - Long.BYTES);
    this.records = compression.compress(buffer, levels.of(compression));
  }

  /** A batch that holds one marker of the end of a transaction (KIP-98). */
  public static ByteBuffer endTransaction(
      ControlRecordType outcome,
      int coordinatorEpoch,
      long producerId,
      short producerEpoch,
      long timestampMs) {
    try (BatchBuilder builder =
        new BatchBuilder(Compression.NONE)
            .producer(producerId, producerEpoch, RecordBatch.NO_SEQUENCE)
            .transactional(true)
            .control(true)) {
      builder.append(
          timestampMs,
          outcome.recordKey(),
          new EndTransactionMarker(outcome, coordinatorEpoch).recordValue(),
          List.of());
      return builder.build();
    }
  }

  public BatchBuilder baseOffset(long offset) {
    this.baseOffset = offset;
    return this;
  }

  public BatchBuilder partitionLeaderEpoch(int epoch) {
    this.partitionLeaderEpoch = epoch;
    return this;
  }

  public BatchBuilder timestampType(TimestampType type) {
    this.timestampType = type;
    return this;
  }

  /** Makes it a batch of an idempotent producer. */
  public BatchBuilder producer(long id, short epoch, int sequence) {
    this.producerId = id;
    this.producerEpoch = epoch;
    this.baseSequence = sequence;
    return this;
  }

  public BatchBuilder transactional(boolean value) {
    this.transactional = value;
    return this;
  }

  public BatchBuilder control(boolean value) {
    this.control = value;
    return this;
  }

  public int recordCount() {
    return count;
  }

  /** The size that the batch would have without compression, header included, in bytes. */
  public long uncompressedSizeInBytes() {
    return uncompressedBytes;
  }

  /**
   * How large the batch would be if it were built now, in bytes: exact without compression; with
   * compression what the codec has given out so far, which lags behind by its working block.
   */
  public int sizeInBytesSoFar() {
    return buffer.position();
  }

  /** An upper bound of what a record adds to a batch without compression, in bytes. */
  public static long sizeInBytesMax(
      @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
    long size = RECORD_OVERHEAD_BYTES_MAX + (long) remaining(key) + remaining(value);
    for (RecordHeader header : headers) {
      // At most three bytes of UTF-8 stand for one char.
      size += 2L * 5 + 3L * header.key().length() + remaining(header.value());
    }
    return size;
  }

  /**
   * Adds a record. Key and value are read from position to limit and left as they are.
   *
   * @param timestampMs from 0, or -1 for none
   */
  public void append(
      long timestampMs,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers) {
    if (built) {
      throw new IllegalStateException("the batch is built; it takes no more records");
    }
    if (timestampMs < RecordBatch.NO_TIMESTAMP) {
      throw new IllegalArgumentException("timestamp " + timestampMs + " is negative");
    }
    if (count == 0) {
      baseTimestamp = timestampMs;
    }
    try {
      write(timestampMs - baseTimestamp, key, value, headers);
    } catch (IOException e) {
      // The target is memory, so this is a codec that gave up.
      throw new UncheckedIOException(e);
    }
    maxTimestamp = Math.max(maxTimestamp, timestampMs);
    count++;
  }

  /**
   * The batch, from position to limit, on the heap. The builder takes no more records then.
   *
   * @throws IllegalStateException if there is no record in it
   */
  public ByteBuffer build() {
    if (count == 0) {
      throw new IllegalStateException("a batch needs at least one record");
    }
    close();
    int size = buffer.position();
    ByteBuffer batch = buffer.buffer().duplicate().flip();
    batch
        .putLong(RecordBatch.BASE_OFFSET_AT, baseOffset)
        .putInt(RecordBatch.LENGTH_AT, size - RecordBatch.LOG_OVERHEAD_BYTES)
        .putInt(RecordBatch.PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch)
        .put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC_V2)
        .putShort(RecordBatch.ATTRIBUTES_AT, attributes())
        .putInt(RecordBatch.LAST_OFFSET_DELTA_AT, count - 1)
        .putLong(RecordBatch.BASE_TIMESTAMP_AT, baseTimestamp)
        .putLong(RecordBatch.MAX_TIMESTAMP_AT, maxTimestamp)
        .putInt(RecordBatch.RECORDS_COUNT_AT, count);
    RecordBatch view = RecordBatch.at(batch, 0);
    view.setProducer(producerId, producerEpoch, baseSequence);
    view.writeCrc();
    return batch;
  }

  /** Lets go of the codec. Building does this too; whoever gives up a builder must. */
  @Override
  public void close() {
    if (built) {
      return;
    }
    built = true;
    try {
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private short attributes() {
    int attributes = compression.id();
    attributes |=
        timestampType == TimestampType.LOG_APPEND_TIME ? RecordBatch.LOG_APPEND_TIME_FLAG : 0;
    attributes |= transactional ? RecordBatch.TRANSACTIONAL_FLAG : 0;
    attributes |= control ? RecordBatch.CONTROL_FLAG : 0;
    return (short) attributes;
  }

  private void write(
      long timestampDelta,
      @Nullable ByteBuffer key,
      @Nullable ByteBuffer value,
      List<RecordHeader> headers)
      throws IOException {
    byte[][] headerKeys = new byte[headers.size()][];
    long length = 1L + Varints.sizeOf(timestampDelta) + Varints.sizeOf(count);
    length += sizeOfBytes(key) + sizeOfBytes(value) + Varints.sizeOf(headers.size());
    for (int i = 0; i < headerKeys.length; i++) {
      headerKeys[i] = headers.get(i).key().getBytes(StandardCharsets.UTF_8);
      length += Varints.sizeOf(headerKeys[i].length) + headerKeys[i].length;
      length += sizeOfBytes(headers.get(i).value());
    }
    prefix.write(Math.toIntExact(length), (byte) 0, timestampDelta, count, records);
    writeBytes(key);
    writeBytes(value);
    writeVarint(headerKeys.length);
    for (int i = 0; i < headerKeys.length; i++) {
      writeVarint(headerKeys[i].length);
      records.write(headerKeys[i]);
      writeBytes(headers.get(i).value());
    }
    uncompressedBytes += Varints.sizeOf((int) length) + length;
  }

  private void writeBytes(@Nullable ByteBuffer bytes) throws IOException {
    if (bytes == null) {
      writeVarint(-1);
      return;
    }
    writeVarint(bytes.remaining());
    if (bytes.hasArray()) {
      records.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      return;
    }
    ByteBuffer rest = bytes.duplicate();
    byte[] passage = new byte[Math.min(PASSAGE_BYTES, rest.remaining())];
    while (rest.hasRemaining()) {
      int length = Math.min(passage.length, rest.remaining());
      rest.get(passage, 0, length);
      records.write(passage, 0, length);
    }
  }

  private void writeVarint(int value) throws IOException {
    records.write(scratch, 0, Varints.put(scratch, 0, value));
  }

  private static long sizeOfBytes(@Nullable ByteBuffer bytes) {
    return bytes == null
        ? Varints.sizeOf(-1)
        : (long) Varints.sizeOf(bytes.remaining()) + bytes.remaining();
  }

  private static int remaining(@Nullable ByteBuffer bytes) {
    return bytes == null ? 0 : bytes.remaining();
  }
}
