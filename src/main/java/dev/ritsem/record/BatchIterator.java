package dev.ritsem.record;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Goes over the whole batches of a buffer. It ends where no whole batch follows: a fetch answer may
 * well end in the middle of one.
 */
public final class BatchIterator implements Iterator<RecordBatch> {
  private final ByteBuffer buffer;
  private int position;

  /** Over the bytes from the buffer's position to its limit. */
  public BatchIterator(ByteBuffer buffer) {
    this.buffer = buffer.duplicate();
    this.position = buffer.position();
  }

  /** For use in a loop over all batches. */
  public static Iterable<RecordBatch> over(ByteBuffer buffer) {
    return () -> new BatchIterator(buffer);
  }

  @Override
  public boolean hasNext() {
    return RecordBatch.fits(buffer, position);
  }

  @Override
  public RecordBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    RecordBatch batch = RecordBatch.at(buffer, position);
    position += batch.sizeInBytes();
    return batch;
  }
}
