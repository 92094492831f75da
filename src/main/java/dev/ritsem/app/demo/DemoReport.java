package dev.ritsem.app.demo;

import dev.ritsem.app.demo.FileChunks.DemoFile;
import dev.ritsem.app.tool.Latencies;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Help.Ansi;

/** Tells what happened in a demonstration, to people, on one screen. */
final class DemoReport {
  private static final double MB = 1024 * 1024;
  private static final int SEGMENTS_SHOWN = 3;

  private final PrintWriter out;
  private final List<DemoFile> files;
  private final int rounds;

  DemoReport(PrintWriter out, List<DemoFile> files, int rounds) {
    this.out = out;
    this.files = files;
    this.rounds = rounds;
  }

  /** Before the stream: the node, and what is going to be streamed. */
  void node(DemoNode node) {
    line("");
    line("@|bold Ritsem demo|@: files in, over a durable log, and out again");
    line("");
    row("node", "started in %d ms, listening on %s", node.startMillis(), node.bootstrap());
    row(
        "data",
        "%s%s",
        node.data(),
        node.temporary() ? " (removed at the end; --data DIR keeps it)" : "");
    long bytes = files.stream().mapToLong(DemoFile::bytes).sum() * rounds;
    row(
        "files",
        "%s%s, %.1f MB in all",
        files.size() == 1 ? files.get(0).name() : files.size() + " files, " + sample(),
        rounds == 1 ? "" : ", " + rounds + " times over",
        bytes / MB);
    row("", "streaming …");
    out.flush();
  }

  private String sample() {
    return files.get(0).name() + " to " + files.get(files.size() - 1).name();
  }

  /** After the stream. */
  void result(DemoNode node, DemoRun.Result result) {
    line("");
    row(
        "written",
        "%,d records in %.2f s  @|bold %.1f MB/s|@  every one acknowledged by all in-sync replicas",
        result.records(),
        result.writeNanos() / 1e9,
        rate(result.bytes(), result.writeNanos()));
    row(
        "read",
        "%,d records in %.2f s  @|bold %.1f MB/s|@  by a consumer of its own, while they were written",
        result.records(),
        result.readNanos() / 1e9,
        rate(result.bytes(), result.readNanos()));
    latency("to the ack", result.ackLatency());
    latency("to the reader", result.readLatency());
    checksums(result);
    segments(node);
    if (result.faults().isEmpty()) {
      tryNext(node);
    }
    out.flush();
  }

  private void latency(String what, Histogram nanos) {
    row(what, "%s  (at full load)", Latencies.line(nanos));
  }

  private void checksums(DemoRun.Result result) {
    if (result.faults().isEmpty()) {
      row(
          "checksums",
          "@|bold,green equal|@: SHA-256 of all %,d files that were written and read",
          files.size() * rounds);
      return;
    }
    row("checksums", "@|bold,red DIFFERENT|@");
    result.faults().forEach(fault -> row("", "%s", fault));
  }

  private void segments(DemoNode node) {
    List<Path> segments = node.segments();
    long bytes = segments.stream().mapToLong(DemoNode::size).sum();
    row("segments", "%d of %.1f MB, Kafka's format byte for byte:", segments.size(), bytes / MB);
    segments.stream().limit(SEGMENTS_SHOWN).forEach(segment -> row("", "%s", segment));
  }

  private void tryNext(DemoNode node) {
    line("");
    line("@|bold Try next|@");
    line("  scripts/ritsem demo --file YOUR-FILE        any size, text or binary");
    if (node.temporary()) {
      line("  scripts/ritsem demo --data demo-data        and then:");
      line("  scripts/ritsem log dump demo-data/demo-0 --print-data-log");
    } else {
      line("  scripts/ritsem log dump " + node.data() + "/demo-0 --print-data-log");
    }
    line(
        "  scripts/ritsem start --daemon               a node for any Kafka client on localhost:9092");
    line("");
  }

  private static double rate(long bytes, long nanos) {
    return bytes / MB / (Math.max(1, nanos) / 1e9);
  }

  private void row(String label, String format, Object... arguments) {
    String text = String.format(Locale.ROOT, format, arguments);
    out.println(Ansi.AUTO.string(String.format("  @|faint %-14s|@ %s", label, text)));
  }

  private void line(String text) {
    out.println(Ansi.AUTO.string(text));
  }
}
