package dev.ritsem.app.demo;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What the consumer makes of the pieces: checks that each file's come in order, each once, and
 * takes the checksum. Used by one thread at a time.
 */
final class FileReassembly {
  private static final int FAULTS_MAX = 20;

  private final Map<String, OpenFile> open = new HashMap<>();
  private final Map<String, String> digests = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Histogram latencyNanos;
  private long records;
  private long bytes;

  /**
   * @param latencyNanos takes the time from sending to reading of each piece
   */
  FileReassembly(Histogram latencyNanos) {
    this.latencyNanos = latencyNanos;
  }

  private static final class OpenFile {
    private final MessageDigest digest = Digests.sha256();
    private long nextPiece;
  }

  /** Takes the next piece of some file. */
  void accept(ChunkRecord piece, long nowNanos) {
    records++;
    bytes += piece.bytes().length();
    latencyNanos.recordValue(
        Math.min(
            Math.max(0, nowNanos - piece.sentNanos()), latencyNanos.getHighestTrackableValue()));
    OpenFile file = open.computeIfAbsent(piece.label(), label -> new OpenFile());
    if (piece.number() != file.nextPiece && faults.size() < FAULTS_MAX) {
      faults.add(
          "%s: piece %d came where %d was due"
              .formatted(piece.label(), piece.number(), file.nextPiece));
    }
    file.nextPiece = piece.number() + 1;
    file.digest.update(piece.bytes().asByteBuffer());
    if (piece.end()) {
      digests.put(piece.label(), HexFormat.of().formatHex(file.digest.digest()));
      open.remove(piece.label());
    }
  }

  /** How many files are complete. */
  int completed() {
    return digests.size();
  }

  long records() {
    return records;
  }

  long bytes() {
    return bytes;
  }

  /**
   * What is wrong; empty if every file is there, whole, and as it was.
   *
   * @param sent SHA-256 by label of what was read from the files
   */
  List<String> faults(Map<String, String> sent) {
    List<String> all = new ArrayList<>(faults);
    sent.forEach(
        (label, digest) -> {
          String received = digests.get(label);
          if (received == null) {
            all.add(label + ": did not come back");
          } else if (!received.equals(digest)) {
            all.add("%s: SHA-256 is %s and was %s".formatted(label, received, digest));
          }
        });
    digests.keySet().stream()
        .filter(label -> !sent.containsKey(label))
        .forEach(label -> all.add(label + ": came back and was never sent"));
    return all;
  }
}
