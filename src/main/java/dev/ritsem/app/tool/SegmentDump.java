package dev.ritsem.app.tool;

import dev.ritsem.model.WireException;
import dev.ritsem.record.Compression;
import dev.ritsem.record.ControlRecordType;
import dev.ritsem.record.EndTransactionMarker;
import dev.ritsem.record.LogRecord;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordHeader;
import dev.ritsem.record.RecordIterator;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Prints the batches of one segment. */
final class SegmentDump {
  private final PrintWriter out;
  private final boolean records;
  private final boolean data;

  /**
   * @param records whether to print a line per record too
   * @param data whether those lines have keys and values
   */
  SegmentDump(PrintWriter out, boolean records, boolean data) {
    this.out = out;
    this.records = records;
    this.data = data;
  }

  /**
   * Prints what is there.
   *
   * @return whether the file consists of whole, valid batches
   */
  boolean dump(long baseOffset, ByteBuffer log) {
    out.println("Log starting offset: " + baseOffset);
    boolean whole = true;
    int position = 0;
    while (RecordBatch.fits(log, position)) {
      RecordBatch batch = RecordBatch.at(log, position);
      boolean valid = batch.magic() == RecordBatch.MAGIC_V2 && batch.hasValidCrc();
      out.println(describe(batch, valid));
      if (records && valid) {
        valid = printRecords(batch);
      }
      whole &= valid;
      position += batch.sizeInBytes();
    }
    int rest = log.limit() - position;
    if (rest > 0 && isZero(log, position)) {
      out.println("Found " + rest + " preallocated bytes at the end of the file");
    } else if (rest > 0) {
      out.println("Found " + rest + " invalid bytes at the end of the file");
      whole = false;
    }
    return whole;
  }

  private static String describe(RecordBatch batch, boolean valid) {
    // Of a batch whose records may be dropped once they are old, the base timestamp is the horizon.
    OptionalLong horizon =
        batch.hasDeleteHorizon() ? OptionalLong.of(batch.baseTimestamp()) : OptionalLong.empty();
    return ("baseOffset: %d lastOffset: %d count: %d baseSequence: %d lastSequence: %d"
            + " producerId: %d producerEpoch: %d partitionLeaderEpoch: %d isTransactional: %s"
            + " isControl: %s deleteHorizonMs: %s position: %d %s: %d size: %d magic: %d"
            + " compresscodec: %s crc: %d isvalid: %s")
        .formatted(
            batch.baseOffset(),
            batch.lastOffset(),
            batch.recordsCount(),
            batch.baseSequence(),
            batch.lastSequence(),
            batch.producerId(),
            batch.producerEpoch(),
            batch.partitionLeaderEpoch(),
            batch.isTransactional(),
            batch.isControl(),
            horizon,
            batch.position(),
            timestampName(batch),
            batch.maxTimestamp(),
            batch.sizeInBytes(),
            batch.magic(),
            Compression.ofId(batch.compressionId()).map(Compression::wireName).orElse("unknown"),
            batch.storedCrc(),
            valid);
  }

  private boolean printRecords(RecordBatch batch) {
    int sequence = batch.baseSequence();
    try (RecordIterator iterator = RecordIterator.over(batch)) {
      while (iterator.hasNext()) {
        out.println(describe(batch, iterator.next(), sequence));
        sequence =
            sequence == RecordBatch.NO_SEQUENCE
                ? sequence
                : RecordBatch.incrementSequence(sequence, 1);
      }
      return true;
    } catch (WireException e) {
      out.println("| the records cannot be read: " + e.getMessage());
      return false;
    }
  }

  private String describe(RecordBatch batch, LogRecord record, int sequence) {
    StringBuilder line =
        new StringBuilder(
            "| offset: %d %s: %d keySize: %d valueSize: %d sequence: %d headerKeys: [%s]"
                .formatted(
                    record.offset(),
                    timestampName(batch),
                    record.timestamp(),
                    size(record.key()),
                    size(record.value()),
                    sequence,
                    record.headers().stream()
                        .map(RecordHeader::key)
                        .collect(Collectors.joining(","))));
    if (batch.isControl()) {
      line.append(describeControl(record));
    } else if (data) {
      if (record.key() != null) {
        line.append(" key: ").append(text(record.key()));
      }
      if (record.value() != null) {
        line.append(" payload: ").append(text(record.value()));
      }
    }
    return line.toString();
  }

  private static String describeControl(LogRecord record) {
    ByteBuffer key = record.key();
    if (key == null) {
      return " endTxnMarker: none";
    }
    ControlRecordType type = ControlRecordType.of(key);
    return type.endsTransaction()
        ? " endTxnMarker: %s coordinatorEpoch: %d"
            .formatted(type, EndTransactionMarker.of(record).coordinatorEpoch())
        : " controlType: " + type;
  }

  private static String timestampName(RecordBatch batch) {
    return batch.hasLogAppendTime() ? "LogAppendTime" : "CreateTime";
  }

  private static int size(@Nullable ByteBuffer bytes) {
    return bytes == null ? -1 : bytes.remaining();
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private static boolean isZero(ByteBuffer bytes, int from) {
    for (int i = from; i < bytes.limit(); i++) {
      if (bytes.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
