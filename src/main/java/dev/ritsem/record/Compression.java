package dev.ritsem.record;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.compress.Lz4Compression;
import org.apache.kafka.common.compress.ZstdCompression;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * How the records of a batch are compressed: one codec for all records of a batch together, its
 * number in the batch's attributes, its name in {@code compression.type}.
 *
 * <p>Decompression is made for bytes that a stranger sent. It streams; it never allocates what a
 * length prefix announces before that many bytes have arrived; it stops at a given number of bytes;
 * and whatever is wrong with the input is an {@link IOException}.
 */
public enum Compression {
  NONE(0, "none"),
  GZIP(1, "gzip"),
  SNAPPY(2, "snappy"),
  LZ4(3, "lz4"),
  ZSTD(4, "zstd");

  private static final Compression[] BY_ID = values();
  private static final int GZIP_INPUT_BYTES = 8 * 1024;
  private static final int GZIP_OUTPUT_BYTES = 16 * 1024;

  // The codecs' working buffers (a 64 KiB block, a 128 KiB window) are kept per thread: validation
  // runs on few threads, and allocating them anew costs more than decompressing a small batch.
  private static final ThreadLocal<BufferSupplier> BUFFERS =
      ThreadLocal.withInitial(BufferSupplier::create);

  private final int id;
  private final String wireName;

  Compression(int id, String wireName) {
    this.id = id;
    this.wireName = wireName;
  }

  /** The number in bits 0 to 2 of a batch's attributes. */
  public int id() {
    return id;
  }

  /** The name as {@code compression.type} writes it. */
  public String wireName() {
    return wireName;
  }

  /** The codec of a number, or nothing for numbers that no codec has. */
  public static Optional<Compression> ofId(int id) {
    return id >= 0 && id < BY_ID.length ? Optional.of(BY_ID[id]) : Optional.empty();
  }

  /** The codec of a name, or nothing for names that no codec has. */
  public static Optional<Compression> ofName(String name) {
    for (Compression compression : BY_ID) {
      if (compression.wireName.equals(name)) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads compressed bytes, from the buffer's position to its limit. Must be used and closed on the
   * thread that calls this.
   *
   * @param decompressedBytesMax reading further than this fails with a {@link
   *     DecompressionLimitException}
   * @throws IOException if the bytes do not even begin like this codec's
   */
  public InputStream decompress(ByteBuffer compressed, long decompressedBytesMax)
      throws IOException {
    ByteBuffer input = compressed.duplicate();
    try {
      return new BoundedDecompression(open(input), decompressedBytesMax);
    } catch (RuntimeException e) {
      throw new IOException("not a " + wireName + " stream", e);
    }
  }

  private InputStream open(ByteBuffer input) throws IOException {
    return switch (this) {
      case NONE -> new BufferInput(input);
      case GZIP ->
          new BufferedInputStream(
              new GZIPInputStream(new BufferInput(input), GZIP_INPUT_BYTES), GZIP_OUTPUT_BYTES);
      case SNAPPY -> new SnappyInput(input);
      case LZ4 ->
          new Lz4Compression.Builder()
              .build()
              .wrapForInput(input, RecordBatch.MAGIC_V2, BUFFERS.get());
      case ZSTD ->
          new ZstdCompression.Builder()
              .build()
              .wrapForInput(input, RecordBatch.MAGIC_V2, BUFFERS.get());
    };
  }

  /**
   * Compresses what is written into the target. Closing the stream writes the codec's end.
   *
   * @param level as {@link CompressionLevels#of} gives it; ignored by codecs without levels
   */
  OutputStream compress(BatchBuffer target, int level) {
    org.apache.kafka.common.compress.Compression codec =
        switch (this) {
          case NONE -> org.apache.kafka.common.compress.Compression.NONE;
          case GZIP -> org.apache.kafka.common.compress.Compression.gzip().level(level).build();
          case SNAPPY -> org.apache.kafka.common.compress.Compression.snappy().build();
          case LZ4 -> org.apache.kafka.common.compress.Compression.lz4().level(level).build();
          case ZSTD -> org.apache.kafka.common.compress.Compression.zstd().level(level).build();
        };
    return codec.wrapForOutput(target, RecordBatch.MAGIC_V2);
  }
}
