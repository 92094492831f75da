package dev.ritsem.log;

/** When the active segment is closed and a new one begun. */
final class RollRule {
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  /**
   * Whether an append needs a new segment first.
   *
   * @param bytes of the append
   * @param lastOffset of the append
   * @param newestMs the largest timestamp in the append, or -1: records measure a segment's age by
   *     each other, as in Kafka, so that old records that are written anew fill whole segments
   */
  static boolean beforeAppend(
      Segment active, LogConfig config, int bytes, long lastOffset, long newestMs, long nowMs) {
    if (active.sizeInBytes() == 0) {
      return !active.fits(bytes, lastOffset);
    }
    return active.sizeInBytes() > config.segmentBytes() - bytes
        || !active.fits(bytes, lastOffset)
        || active.indexBytes() > config.segmentIndexBytes() - OffsetIndex.ENTRY_BYTES
        || ageMs(active, newestMs, nowMs) > ageMaxMs(active, config);
  }

  /** Whether the active segment is past its age without an append: then it can expire some day. */
  static boolean byAge(Segment active, LogConfig config, long nowMs) {
    return active.sizeInBytes() > 0 && ageMs(active, nowMs, nowMs) > ageMaxMs(active, config);
  }

  private static long ageMs(Segment active, long newestMs, long nowMs) {
    return active.firstTimestamp() >= 0 && newestMs >= 0
        ? newestMs - active.firstTimestamp()
        : nowMs - active.createdMs();
  }

  /** The jitter differs from segment to segment but not from one look to the next. */
  private static long ageMaxMs(Segment active, LogConfig config) {
    long jitterMaxMs = Math.min(config.segmentJitterMs(), config.segmentMs());
    if (jitterMaxMs == 0) {
      return config.segmentMs();
    }
    long mixed = (active.file().path().hashCode() * 31L + active.baseOffset()) * MIX;
    return config.segmentMs() - Math.floorMod(mixed >>> 1, jitterMaxMs);
  }

  private RollRule() {}
}
