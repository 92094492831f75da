package dev.ritsem.record;

import dev.ritsem.model.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * Decides whether a leader may append what somebody sent, and makes it fit to be stored. This is
 * the only way to a {@link ValidatedBatches}.
 *
 * <p>Checked: that there is one whole batch of format v2, its size, its checksum, that its counts
 * agree with each other and with the records in it, its producer fields, each record's structure,
 * key and timestamp. Set: the newest timestamp, the log append time if the topic wants it. Written
 * anew: records whose codec is not the topic's, and those whose offsets are not in order. The
 * answers are those of Kafka 4's broker; where that fails with an unexpected error (unknown codec,
 * undecodable records) the answer here names what is wrong.
 *
 * <p>Works in place and without an object per record; of compressed records it holds one window of
 * some kilobytes. How far a batch may inflate is bounded by {@link #DECOMPRESSED_BYTES_MAX}.
 */
public final class BatchValidator {
  /**
   * So many bytes the records of a compressed batch may hold, or as many as the topic allows stored
   * bytes if that is more. Kafka knows no such bound; without one, a megabyte keeps a broker busy
   * with gigabytes.
   */
  public static final int DECOMPRESSED_BYTES_MAX = 128 * 1024 * 1024;

  /** The first version of a produce request in which zstd may be used (KIP-110). */
  private static final short ZSTD_SINCE_PRODUCE_VERSION = 7;

  /** The smallest length that any batch of any format has; less is not the begin of a batch. */
  private static final int LENGTH_MIN = 14;

  private static final int BYTES_UP_TO_MAGIC = RecordBatch.MAGIC_AT + 1;

  private BatchValidator() {}

  /**
   * What a broker checks of a produce request before it looks for the partition: one batch, of
   * format v2, in a codec that this version of the request may carry. Reads headers only.
   *
   * @throws BatchRejected with the answer for the client
   */
  public static void checkForm(ByteBuffer records, short produceVersion) {
    RecordBatch batch = onlyBatch(records);
    if (produceVersion < ZSTD_SINCE_PRODUCE_VERSION
        && batch.compressionId() == Compression.ZSTD.id()) {
      throw new BatchRejected(
          ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
          "Produce requests with version %d are not allowed to use ZStandard compression"
              .formatted(produceVersion));
    }
  }

  /**
   * Checks one batch, from the buffer's position to its limit, and prepares it for the append.
   *
   * @param records big-endian and writable, direct or on the heap: header fields are changed in
   *     place; bytes of an incomplete batch behind the first are left out, as Kafka leaves them out
   * @throws BatchRejected with the answer for the client
   */
  public static ValidatedBatches validate(
      ByteBuffer records, BatchRules rules, long nowMs, Origin origin) {
    RecordBatch batch = onlyBatch(records);
    checkHeader(batch, rules, origin);
    Compression source = compressionOf(batch);
    RecordsCheck check = new RecordsCheck(batch, rules, nowMs);
    try {
      checkRecords(batch, source, check, rules);
      check.throwIfRejected();
      boolean logAppendTime = rules.timestampType() == TimestampType.LOG_APPEND_TIME;
      long maxTimestamp = logAppendTime ? nowMs : check.maxTimestamp();
      Compression target = targetOf(batch, source, rules);
      RecordBatch storable =
          target == source && check.offsetsInOrder()
              ? batch
              : new BatchRewriter(batch, source, target, rules).rewrite(check.offsetsInOrder());
      storable.setMaxTimestamp(rules.timestampType(), maxTimestamp);
      return new ValidatedBatches(
          bytesOf(storable),
          1,
          storable.recordsCount(),
          maxTimestamp,
          logAppendTime ? nowMs : RecordBatch.NO_TIMESTAMP);
    } catch (MalformedRecordsException e) {
      throw new BatchRejected(ErrorCode.INVALID_RECORD, "Invalid records: " + e.getMessage());
    } catch (UncheckedIOException e) {
      throw undecodable(source, e);
    } catch (IOException e) {
      throw undecodable(source, e);
    }
  }

  private static void checkRecords(
      RecordBatch batch, Compression source, RecordsCheck check, BatchRules rules)
      throws IOException {
    if (source == Compression.NONE) {
      check.run(RecordCursor.over(batch.recordsBytes()), batch.recordsCount());
      return;
    }
    try (InputStream records = source.decompress(batch.recordsBytes(), decompressedMax(rules))) {
      check.run(RecordCursor.over(records), batch.recordsCount());
    }
  }

  static long decompressedMax(BatchRules rules) {
    return Math.max(DECOMPRESSED_BYTES_MAX, rules.maxMessageBytes());
  }

  /** Control records stay as they were written; others get the topic's codec. */
  private static Compression targetOf(RecordBatch batch, Compression source, BatchRules rules) {
    return batch.isControl() ? source : rules.compression().orElse(source);
  }

  private static ByteBuffer bytesOf(RecordBatch batch) {
    return batch
        .buffer()
        .duplicate()
        .position(batch.position())
        .limit(batch.position() + batch.sizeInBytes());
  }

  private static RecordBatch onlyBatch(ByteBuffer records) {
    ByteBuffer view = records.duplicate();
    int first = wholeBatchBytes(view, view.position());
    if (first == 0) {
      throw invalid("Produce requests must have at least one record batch per partition");
    }
    RecordBatch batch = RecordBatch.at(view, view.position());
    if (batch.magic() != RecordBatch.MAGIC_V2) {
      throw invalid(
          "Produce requests are only allowed to contain record batches with magic version 2");
    }
    if (first < RecordBatch.HEADER_BYTES) {
      throw new BatchRejected(
          ErrorCode.CORRUPT_MESSAGE,
          "Record batch is corrupt (the size %d is smaller than the minimum allowed overhead %d)"
              .formatted(first, RecordBatch.HEADER_BYTES));
    }
    if (wholeBatchBytes(view, view.position() + first) != 0) {
      throw invalid(
          "Produce requests are only allowed to contain exactly one record batch per partition");
    }
    return batch;
  }

  /** The size of the batch at a position, of any format; 0 if no whole batch is there. */
  private static int wholeBatchBytes(ByteBuffer view, int at) {
    int available = view.limit() - at;
    if (available < RecordBatch.LOG_OVERHEAD_BYTES) {
      return 0;
    }
    int length = view.getInt(at + RecordBatch.LENGTH_AT);
    if (length < LENGTH_MIN) {
      throw new BatchRejected(
          ErrorCode.CORRUPT_MESSAGE,
          "Record size %d is less than the minimum record overhead (%d)"
              .formatted(length, LENGTH_MIN));
    }
    if (available < BYTES_UP_TO_MAGIC) {
      return 0;
    }
    byte magic = view.get(at + RecordBatch.MAGIC_AT);
    if (magic < 0 || magic > RecordBatch.MAGIC_V2) {
      throw new BatchRejected(ErrorCode.CORRUPT_MESSAGE, "Invalid magic found in record: " + magic);
    }
    boolean whole = length <= available - RecordBatch.LOG_OVERHEAD_BYTES;
    return whole ? RecordBatch.LOG_OVERHEAD_BYTES + length : 0;
  }

  private static void checkHeader(RecordBatch batch, BatchRules rules, Origin origin) {
    if (origin == Origin.CLIENT && batch.baseOffset() != 0) {
      throw invalid(
          "The baseOffset of the record batch should be 0, but it is " + batch.baseOffset());
    }
    if (batch.sizeInBytes() > rules.maxMessageBytes()) {
      throw tooLarge(batch.sizeInBytes(), rules);
    }
    long computedCrc = batch.computedCrc();
    if (batch.storedCrc() != computedCrc) {
      throw new BatchRejected(
          ErrorCode.CORRUPT_MESSAGE,
          "Record is corrupt (stored crc = %d, computed crc = %d)"
              .formatted(batch.storedCrc(), computedCrc));
    }
    checkCounts(batch);
    if (origin == Origin.CLIENT) {
      checkProducer(batch);
    }
  }

  private static void checkCounts(RecordBatch batch) {
    int count = batch.recordsCount();
    if (batch.lastOffsetDelta() < 0) {
      throw invalid("Batch has an invalid offset range: last delta " + batch.lastOffsetDelta());
    }
    if (count <= 0) {
      throw invalid("Invalid reported count for record batch: " + count);
    }
    if (batch.lastOffsetDelta() != count - 1) {
      throw invalid(
          "Inconsistent batch offset range (last delta %d) and count of records %d"
              .formatted(batch.lastOffsetDelta(), count));
    }
  }

  private static void checkProducer(RecordBatch batch) {
    if (batch.isControl()) {
      throw invalid("Clients are not allowed to write control records");
    }
    if (batch.hasProducerId() && batch.baseSequence() < 0) {
      throw invalid(
          "Invalid sequence number %d in record batch with producerId %d"
              .formatted(batch.baseSequence(), batch.producerId()));
    }
    if (batch.hasProducerId() && batch.producerEpoch() < 0) {
      throw invalid(
          "Invalid epoch %d in record batch with producerId %d"
              .formatted(batch.producerEpoch(), batch.producerId()));
    }
    if (batch.isTransactional() && !batch.hasProducerId()) {
      throw invalid("A transactional record batch needs a producer id");
    }
  }

  private static Compression compressionOf(RecordBatch batch) {
    return Compression.ofId(batch.compressionId())
        .orElseThrow(
            () ->
                new BatchRejected(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "Unknown compression type id: " + batch.compressionId()));
  }

  static BatchRejected tooLarge(long sizeInBytes, BatchRules rules) {
    return new BatchRejected(
        ErrorCode.MESSAGE_TOO_LARGE,
        "The record batch size is %d bytes which exceeds the maximum configured value of %d"
            .formatted(sizeInBytes, rules.maxMessageBytes()));
  }

  private static BatchRejected undecodable(Compression source, Exception failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    String codec = source.wireName().toUpperCase(Locale.ROOT);
    // "Too large" and not "invalid": a producer then splits the batch and tries its parts.
    return cause instanceof DecompressionLimitException
        ? new BatchRejected(ErrorCode.MESSAGE_TOO_LARGE, codec + ": " + failure.getMessage())
        : new BatchRejected(
            ErrorCode.INVALID_RECORD,
            "Records cannot be decompressed as %s: %s".formatted(codec, failure.getMessage()));
  }

  private static BatchRejected invalid(String message) {
    return new BatchRejected(ErrorCode.INVALID_RECORD, message);
  }
}
