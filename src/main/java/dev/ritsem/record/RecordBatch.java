package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A view of one record batch (format v2) that lies in a buffer. The view copies nothing: it is a
 * buffer and a position.
 *
 * <pre>
 *  offset size
 *       0   8  base offset                  given by the leader
 *       8   4  length of all that follows
 *      12   4  partition leader epoch       given by the leader
 *      16   1  magic, 2
 *      17   4  CRC-32C of all that follows
 *      21   2  attributes                   bits 0-2 compression, 3 timestamp type, 4 transactional, 5 control, 6 delete horizon
 *      23   4  last offset delta
 *      27   8  base timestamp, ms           or the delete horizon, if bit 6 is set
 *      35   8  max timestamp, ms
 *      43   8  producer id                  -1: not idempotent
 *      51   2  producer epoch
 *      53   4  base sequence
 *      57   4  number of records
 *      61      records, compressed together if bits 0-2 say so
 * </pre>
 *
 * <p>The checksum leaves out what the leader fills in, so an append changes base offset and leader
 * epoch without reading the records. Source: the protocol guide's page on message formats; KIP-98.
 *
 * <p>A view never reads outside the buffer's limit only if {@link #fits} was asked first.
 */
public final class RecordBatch {
  public static final int BASE_OFFSET_AT = 0;
  public static final int LENGTH_AT = 8;
  public static final int PARTITION_LEADER_EPOCH_AT = 12;
  public static final int MAGIC_AT = 16;
  public static final int CRC_AT = 17;
  public static final int ATTRIBUTES_AT = 21;
  public static final int LAST_OFFSET_DELTA_AT = 23;
  public static final int BASE_TIMESTAMP_AT = 27;
  public static final int MAX_TIMESTAMP_AT = 35;
  public static final int PRODUCER_ID_AT = 43;
  public static final int PRODUCER_EPOCH_AT = 51;
  public static final int BASE_SEQUENCE_AT = 53;
  public static final int RECORDS_COUNT_AT = 57;

  /** Bytes before the first record. */
  public static final int HEADER_BYTES = 61;

  /** Bytes that the length field does not count: itself and the base offset. */
  public static final int LOG_OVERHEAD_BYTES = 12;

  public static final byte MAGIC_V2 = 2;
  public static final long NO_TIMESTAMP = -1L;
  public static final long NO_PRODUCER_ID = -1L;
  public static final int NO_SEQUENCE = -1;

  private static final int COMPRESSION_MASK = 0x07;
  static final int LOG_APPEND_TIME_FLAG = 0x08;
  static final int TRANSACTIONAL_FLAG = 0x10;
  static final int CONTROL_FLAG = 0x20;
  private static final int DELETE_HORIZON_FLAG = 0x40;

  private final ByteBuffer buffer;
  private final int position;

  private RecordBatch(ByteBuffer buffer, int position) {
    this.buffer = buffer;
    this.position = position;
  }

  /**
   * The batch that begins at an absolute position of a big-endian buffer; the buffer's own position
   * does not count.
   */
  public static RecordBatch at(ByteBuffer buffer, int position) {
    return new RecordBatch(buffer, position);
  }

  /**
   * Whether a whole batch, header and body, begins at the position and ends before the buffer's
   * limit.
   */
  public static boolean fits(ByteBuffer buffer, int position) {
    int available = buffer.limit() - position;
    if (available < HEADER_BYTES) {
      return false;
    }
    int length = buffer.getInt(position + LENGTH_AT);
    return length >= HEADER_BYTES - LOG_OVERHEAD_BYTES && length <= available - LOG_OVERHEAD_BYTES;
  }

  public ByteBuffer buffer() {
    return buffer;
  }

  /** Where in the buffer this batch begins. */
  public int position() {
    return position;
  }

  /** Size of the whole batch in bytes, header included. */
  public int sizeInBytes() {
    return LOG_OVERHEAD_BYTES + buffer.getInt(position + LENGTH_AT);
  }

  public long baseOffset() {
    return buffer.getLong(position + BASE_OFFSET_AT);
  }

  public int lastOffsetDelta() {
    return buffer.getInt(position + LAST_OFFSET_DELTA_AT);
  }

  public long lastOffset() {
    return baseOffset() + lastOffsetDelta();
  }

  public long nextOffset() {
    return lastOffset() + 1;
  }

  public int partitionLeaderEpoch() {
    return buffer.getInt(position + PARTITION_LEADER_EPOCH_AT);
  }

  public byte magic() {
    return buffer.get(position + MAGIC_AT);
  }

  /** The checksum that the batch claims, as an unsigned 32-bit number. */
  public long storedCrc() {
    return buffer.getInt(position + CRC_AT) & 0xFFFF_FFFFL;
  }

  /** The checksum that the bytes have, as an unsigned 32-bit number. Reads the whole batch. */
  public long computedCrc() {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(position + ATTRIBUTES_AT, sizeInBytes() - ATTRIBUTES_AT));
    return crc.getValue();
  }

  public boolean hasValidCrc() {
    return storedCrc() == computedCrc();
  }

  public short attributes() {
    return buffer.getShort(position + ATTRIBUTES_AT);
  }

  /** The compression's number: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 are unknown. */
  public int compressionId() {
    return attributes() & COMPRESSION_MASK;
  }

  public boolean isCompressed() {
    return compressionId() != 0;
  }

  public boolean hasLogAppendTime() {
    return (attributes() & LOG_APPEND_TIME_FLAG) != 0;
  }

  public boolean isTransactional() {
    return (attributes() & TRANSACTIONAL_FLAG) != 0;
  }

  public boolean isControl() {
    return (attributes() & CONTROL_FLAG) != 0;
  }

  public boolean hasDeleteHorizon() {
    return (attributes() & DELETE_HORIZON_FLAG) != 0;
  }

  public long baseTimestamp() {
    return buffer.getLong(position + BASE_TIMESTAMP_AT);
  }

  public long maxTimestamp() {
    return buffer.getLong(position + MAX_TIMESTAMP_AT);
  }

  public long producerId() {
    return buffer.getLong(position + PRODUCER_ID_AT);
  }

  public boolean hasProducerId() {
    return producerId() > NO_PRODUCER_ID;
  }

  public short producerEpoch() {
    return buffer.getShort(position + PRODUCER_EPOCH_AT);
  }

  public int baseSequence() {
    return buffer.getInt(position + BASE_SEQUENCE_AT);
  }

  /** The sequence of the last record; sequences wrap from the largest int to 0. */
  public int lastSequence() {
    int base = baseSequence();
    return base == NO_SEQUENCE ? NO_SEQUENCE : incrementSequence(base, lastOffsetDelta());
  }

  /** How many records the header claims; -1 in batches that compaction emptied is written as 0. */
  public int recordsCount() {
    return buffer.getInt(position + RECORDS_COUNT_AT);
  }

  /** The records' bytes as they lie in the batch, compressed or not. Shares the buffer's memory. */
  public ByteBuffer recordsBytes() {
    return buffer.slice(position + HEADER_BYTES, sizeInBytes() - HEADER_BYTES);
  }

  /** Gives the batch its place in the log. The checksum does not cover these fields. */
  public void assign(long baseOffset, int partitionLeaderEpoch) {
    buffer.putLong(position + BASE_OFFSET_AT, baseOffset);
    buffer.putInt(position + PARTITION_LEADER_EPOCH_AT, partitionLeaderEpoch);
  }

  /**
   * Marks the batch with the broker's time instead of the producer's, and computes its checksum
   * again.
   */
  public void setLogAppendTime(long timestampMs) {
    setMaxTimestamp(TimestampType.LOG_APPEND_TIME, timestampMs);
  }

  /**
   * Sets whose time the records have and the newest of it. Computes the checksum again, which reads
   * the whole batch, if this changes anything.
   */
  public void setMaxTimestamp(TimestampType type, long timestampMs) {
    boolean logAppendTime = type == TimestampType.LOG_APPEND_TIME;
    if (logAppendTime == hasLogAppendTime() && timestampMs == maxTimestamp()) {
      return;
    }
    int others = attributes() & ~LOG_APPEND_TIME_FLAG;
    setAttributes((short) (logAppendTime ? others | LOG_APPEND_TIME_FLAG : others));
    buffer.putLong(position + MAX_TIMESTAMP_AT, timestampMs);
    writeCrc();
  }

  /**
   * Makes the batch one of this producer's; its checksum has to be {@link #writeCrc written} again
   * before it is valid.
   */
  public void setProducer(long producerId, short producerEpoch, int baseSequence) {
    buffer.putLong(position + PRODUCER_ID_AT, producerId);
    buffer.putShort(position + PRODUCER_EPOCH_AT, producerEpoch);
    buffer.putInt(position + BASE_SEQUENCE_AT, baseSequence);
  }

  /** Says how the records are compressed; the checksum has to be written again afterwards. */
  void setCompression(Compression compression) {
    setAttributes((short) ((attributes() & ~COMPRESSION_MASK) | compression.id()));
  }

  private void setAttributes(short attributes) {
    buffer.putShort(position + ATTRIBUTES_AT, attributes);
  }

  /** Stores the checksum of the bytes as they are now. */
  public void writeCrc() {
    buffer.putInt(position + CRC_AT, (int) computedCrc());
  }

  /**
   * A sequence some records later: sequences run from 0 to the largest int and begin at 0 again.
   */
  public static int incrementSequence(int sequence, int increment) {
    return (int) ((sequence + (long) increment) & Integer.MAX_VALUE);
  }

  @Override
  public String toString() {
    return "RecordBatch(baseOffset=%d, lastOffset=%d, leaderEpoch=%d, bytes=%d, records=%d, producerId=%d, producerEpoch=%d, baseSequence=%d)"
        .formatted(
            baseOffset(),
            lastOffset(),
            partitionLeaderEpoch(),
            sizeInBytes(),
            recordsCount(),
            producerId(),
            producerEpoch(),
            baseSequence());
  }
}
