package dev.ritsem.record;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes a checked batch anew because it cannot be stored as it came: in the topic's codec, or with
 * offsets in order. Streams from the one codec into the other, and stores no more than the topic
 * allows a batch to have.
 */
final class BatchRewriter {
  private final RecordBatch batch;
  private final Compression source;
  private final Compression target;
  private final BatchRules rules;

  BatchRewriter(RecordBatch batch, Compression source, Compression target, BatchRules rules) {
    this.batch = batch;
    this.source = source;
    this.target = target;
    this.rules = rules;
  }

  /**
   * @param offsetsInOrder whether the records can be taken over as they are
   * @throws BatchRejected if the result is larger than the topic allows
   */
  RecordBatch rewrite(boolean offsetsInOrder) throws IOException {
    BatchBuffer buffer = new BatchBuffer(batch.sizeInBytes(), rules.maxMessageBytes());
    try (InputStream input =
            source.decompress(batch.recordsBytes(), BatchValidator.decompressedMax(rules));
        OutputStream output = target.compress(buffer, rules.levels().of(target))) {
      RecordCursor records = RecordCursor.over(input);
      if (offsetsInOrder) {
        records.copyAll(output);
      } else {
        renumber(records, output);
      }
    }
    if (buffer.overflowed()) {
      throw BatchValidator.tooLarge(rules.maxMessageBytes() + 1L, rules);
    }
    return finish(buffer.buffer());
  }

  /** Gives each record the offset delta of its position, and so the length that this makes. */
  private void renumber(RecordCursor records, OutputStream output) throws IOException {
    RecordPrefix prefix = new RecordPrefix();
    for (int index = 0; index < batch.recordsCount(); index++) {
      int length = records.readVarint();
      long end = records.consumed() + length;
      byte attributes = records.readByte();
      long timestampDelta = records.readVarlong();
      int oldDelta = records.readVarint();
      int newLength = length - Varints.sizeOf(oldDelta) + Varints.sizeOf(index);
      prefix.write(newLength, attributes, timestampDelta, index, output);
      records.copy(end - records.consumed(), output);
    }
  }

  private RecordBatch finish(ByteBuffer buffer) {
    int size = buffer.position();
    buffer.put(0, batch.buffer(), batch.position(), RecordBatch.HEADER_BYTES);
    buffer.flip();
    buffer.putInt(RecordBatch.LENGTH_AT, size - RecordBatch.LOG_OVERHEAD_BYTES);
    RecordBatch rewritten = RecordBatch.at(buffer, 0);
    rewritten.setCompression(target);
    rewritten.writeCrc();
    return rewritten;
  }
}
