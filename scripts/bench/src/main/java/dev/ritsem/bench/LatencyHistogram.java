package dev.ritsem.bench;

/** Log-linear histogram of microseconds, under 1 % relative error. One per thread, then merge. */
final class LatencyHistogram {
  private static final int STEPS = 128;
  private static final int POWERS = 40;

  private final long[] counts = new long[POWERS * STEPS];
  private long count;
  private long max;
  private double sum;

  void add(long micros) {
    long value = Math.max(0, micros);
    counts[index(value)]++;
    count++;
    sum += value;
    max = Math.max(max, value);
  }

  void merge(LatencyHistogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
    sum += other.sum;
    max = Math.max(max, other.max);
  }

  double quantileMs(double quantile) {
    if (count == 0) {
      return Double.NaN;
    }
    long wanted = (long) Math.ceil(quantile * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return Math.min(max, value(i)) / 1000.0;
      }
    }
    return max / 1000.0;
  }

  void into(Measurement measurement, String prefix) {
    measurement.put(prefix + "p50_ms", quantileMs(0.50));
    measurement.put(prefix + "p99_ms", quantileMs(0.99));
    measurement.put(prefix + "p999_ms", quantileMs(0.999));
    measurement.put(prefix + "max_ms", max / 1000.0);
    measurement.put(prefix + "mean_ms", count == 0 ? Double.NaN : sum / count / 1000.0);
  }

  private static int index(long value) {
    int power = 63 - Long.numberOfLeadingZeros(value | 1);
    if (power < 7) {
      return (int) value;
    }
    int shift = power - 7;
    return Math.min(POWERS * STEPS - 1, (shift + 1) * STEPS + (int) ((value >>> shift) - STEPS));
  }

  private static long value(int index) {
    if (index < 2 * STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    return ((index % STEPS) + (long) STEPS) << shift;
  }
}
