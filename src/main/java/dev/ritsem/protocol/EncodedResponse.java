package dev.ritsem.protocol;

import dev.ritsem.record.RecordsSlice;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A response, or a request, laid out for sending: one buffer with all bytes that are not records,
 * and the record slices that go out between them.
 *
 * <pre>
 *   inline[0 .. at(0)) | slice 0 | inline[at(0) .. at(1)) | slice 1 | ... | inline[at(n-1) .. end)
 * </pre>
 *
 * <p>Positions count from the first byte of {@link #inline}, the 4-byte length included. Whoever
 * holds it releases every slice exactly once.
 */
public final class EncodedResponse {
  private final ByteBuffer inline;
  private final List<RecordsSlice> slices;
  private final int[] positions;
  private final int sizeInBytes;

  EncodedResponse(ByteBuffer inline, List<RecordsSlice> slices, int[] positions, int sizeInBytes) {
    this.inline = inline;
    this.slices = slices;
    this.positions = positions;
    this.sizeInBytes = sizeInBytes;
  }

  /** All bytes that are not records, from position to limit; this instance's own view. */
  public ByteBuffer inline() {
    return inline;
  }

  /** The records, in order; empty for nearly every response. */
  public List<RecordsSlice> slices() {
    return slices;
  }

  /** How many inline bytes go out before the slice of this index. */
  public int inlineBytesBefore(int sliceIndex) {
    return positions[sliceIndex];
  }

  /** Everything together, the 4-byte length included. */
  public int sizeInBytes() {
    return sizeInBytes;
  }

  public void release() {
    slices.forEach(RecordsSlice::release);
  }
}
