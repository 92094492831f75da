package dev.ritsem.record;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Goes over the records of one batch, compressed or not. Keys and values of an uncompressed batch
 * are slices of its buffer; of a compressed one they are copies, made as the records are asked for.
 * Must be closed, because a codec may hold native memory, and used on one thread.
 *
 * <p>The checksum is the caller's to check ({@link RecordBatch#hasValidCrc}), once per batch. Bytes
 * that are no records are a {@link WireException} with CORRUPT_MESSAGE.
 */
public final class RecordIterator implements Iterator<LogRecord>, AutoCloseable {
  private final RecordBatch batch;
  private final @Nullable InputStream stream;
  private final RecordCursor records;
  private final int count;
  private int index;

  private RecordIterator(RecordBatch batch, @Nullable InputStream stream, RecordCursor records) {
    this.batch = batch;
    this.stream = stream;
    this.records = records;
    this.count = batch.recordsCount();
  }

  /**
   * Over a batch whose magic is 2.
   *
   * @throws WireException CORRUPT_MESSAGE if its codec is unknown or its records do not begin as
   *     the codec demands
   */
  public static RecordIterator over(RecordBatch batch) {
    ByteBuffer bytes = batch.recordsBytes();
    if (!batch.isCompressed()) {
      return new RecordIterator(batch, null, RecordCursor.over(bytes));
    }
    Compression codec =
        Compression.ofId(batch.compressionId())
            .orElseThrow(() -> corrupt(batch, "unknown codec " + batch.compressionId()));
    try {
      InputStream stream = codec.decompress(bytes, Long.MAX_VALUE);
      return new RecordIterator(batch, stream, RecordCursor.over(stream));
    } catch (IOException e) {
      throw corrupt(batch, e.getMessage());
    }
  }

  /** All records of a batch, in a list that does not share the codec's memory. */
  public static List<LogRecord> toList(RecordBatch batch) {
    List<LogRecord> all = new ArrayList<>();
    try (RecordIterator records = over(batch)) {
      records.forEachRemaining(all::add);
    }
    return all;
  }

  @Override
  public boolean hasNext() {
    return index < count;
  }

  @Override
  public LogRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    try {
      LogRecord record = readRecord();
      index++;
      if (index == count && !records.atEnd()) {
        throw new MalformedRecordsException("the batch goes on after its last record");
      }
      return record;
    } catch (MalformedRecordsException | UncheckedIOException e) {
      throw corrupt(batch, e.getMessage());
    }
  }

  @Override
  public void close() {
    if (stream != null) {
      try {
        stream.close();
      } catch (IOException e) {
        throw corrupt(batch, e.getMessage());
      }
    }
  }

  private LogRecord readRecord() {
    int length = records.readVarint();
    long end = records.consumed() + length;
    records.readByte();
    long timestampDelta = records.readVarlong();
    int offsetDelta = records.readVarint();
    ByteBuffer key = readBytes();
    ByteBuffer value = readBytes();
    List<RecordHeader> headers = readHeaders();
    if (records.consumed() != end) {
      throw new MalformedRecordsException("record %d is not as long as it says".formatted(index));
    }
    long timestamp =
        batch.hasLogAppendTime() ? batch.maxTimestamp() : batch.baseTimestamp() + timestampDelta;
    return new LogRecord(batch.baseOffset() + offsetDelta, timestamp, key, value, headers);
  }

  private @Nullable ByteBuffer readBytes() {
    int length = records.readVarint();
    return length < 0 ? null : records.read(length);
  }

  private List<RecordHeader> readHeaders() {
    int headerCount = records.readVarint();
    if (headerCount == 0) {
      return List.of();
    }
    if (headerCount < 0) {
      throw new MalformedRecordsException("a record announces " + headerCount + " headers");
    }
    List<RecordHeader> headers = new ArrayList<>();
    for (int i = 0; i < headerCount; i++) {
      int keyLength = records.readVarint();
      if (keyLength < 0) {
        throw new MalformedRecordsException("a header's key announces " + keyLength + " bytes");
      }
      String key = StandardCharsets.UTF_8.decode(records.read(keyLength)).toString();
      headers.add(new RecordHeader(key, readBytes()));
    }
    return headers;
  }

  private static WireException corrupt(RecordBatch batch, @Nullable String reason) {
    return new WireException(
        ErrorCode.CORRUPT_MESSAGE,
        "The batch at offset %d cannot be read: %s".formatted(batch.baseOffset(), reason));
  }
}
