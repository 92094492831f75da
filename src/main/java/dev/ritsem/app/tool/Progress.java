package dev.ritsem.app.tool;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a long piece of work has come: one line on standard error that is written over a
 * few times a second, and only where a person watches. Used by one thread at a time.
 */
final class Progress implements AutoCloseable {
  /** Set by the launcher script if standard error is a terminal. */
  private static final boolean TERMINAL = Boolean.getBoolean("ritsem.terminal");

  private static final long REDRAW_NANOS = 200_000_000L;
  private static final double MB = 1024 * 1024;

  private final @Nullable PrintWriter err;
  private final String verb;
  private final long totalBytes;
  private final long start = System.nanoTime();
  private long drawnAt = start;
  private long records;
  private long bytes;

  private Progress(@Nullable PrintWriter err, String verb, long totalBytes) {
    this.err = err;
    this.verb = verb;
    this.totalBytes = totalBytes;
  }

  static Progress silent() {
    return new Progress(null, "", 0);
  }

  /**
   * @param totalBytes how much there is to do; 0 if that is not known
   */
  static Progress of(PrintWriter err, String verb, long totalBytes) {
    return new Progress(err, verb, totalBytes);
  }

  void add(long moreRecords, long moreBytes) {
    records += moreRecords;
    bytes += moreBytes;
    long now = System.nanoTime();
    if (err != null && TERMINAL && now - drawnAt > REDRAW_NANOS) {
      drawnAt = now;
      err.print("\r" + line(now) + "\033[K");
      err.flush();
    }
  }

  /** Replaces the line by what was done in all. */
  void finish(String result) {
    if (err != null) {
      long now = System.nanoTime();
      err.printf(
          Locale.ROOT,
          "%s%s in %.1f s (%.1f MB/s)%n",
          TERMINAL ? "\r\033[K" : "",
          result,
          seconds(now),
          bytes / MB / seconds(now));
    }
  }

  private String line(long now) {
    String share =
        totalBytes > 0 ? String.format(Locale.ROOT, " %3d %%", 100 * bytes / totalBytes) : "";
    return String.format(
        Locale.ROOT,
        "%s%s  %,d records  %.1f MB  %.1f MB/s",
        verb,
        share,
        records,
        bytes / MB,
        bytes / MB / seconds(now));
  }

  private double seconds(long now) {
    return Math.max(1, now - start) / 1e9;
  }

  @Override
  public void close() {
    if (err != null) {
      err.flush();
    }
  }
}
