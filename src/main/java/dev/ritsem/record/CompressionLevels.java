package dev.ritsem.record;

/**
 * How hard the broker compresses when it does so itself ({@code compression.gzip.level}, {@code
 * compression.lz4.level}, {@code compression.zstd.level}; KIP-390). Snappy knows no levels.
 *
 * @param gzip 1 to 9, or -1 for the codec's own default
 * @param lz4 1 to 17
 * @param zstd -131072 to 22
 */
public record CompressionLevels(int gzip, int lz4, int zstd) {
  public static final CompressionLevels DEFAULTS = new CompressionLevels(-1, 9, 3);

  /** The level for a codec; 0 for those without levels. */
  public int of(Compression compression) {
    return switch (compression) {
      case GZIP -> gzip;
      case LZ4 -> lz4;
      case ZSTD -> zstd;
      case NONE, SNAPPY -> 0;
    };
  }
}
