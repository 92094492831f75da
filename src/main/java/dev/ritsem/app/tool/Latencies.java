package dev.ritsem.app.tool;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Writes a histogram of nanoseconds for people. */
public final class Latencies {
  private static final double NANOS_PER_MS = 1e6;

  private Latencies() {}

  /** The usual percentiles in milliseconds, on one line. */
  public static String line(Histogram nanos) {
    return "p50 %s  p99 %s  p99.9 %s  max %s ms"
        .formatted(
            millis(nanos.getValueAtPercentile(50)),
            millis(nanos.getValueAtPercentile(99)),
            millis(nanos.getValueAtPercentile(99.9)),
            millis(nanos.getMaxValue()));
  }

  private static String millis(long nanos) {
    double millis = nanos / NANOS_PER_MS;
    return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
  }
}
