package dev.ritsem.app.demo;

import akka.util.ByteString;
import dev.ritsem.app.demo.FileChunks.DemoFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads files piece by piece, one after the other and round after round. One file is open at a
 * time. Used by one thread at a time.
 */
final class ChunkReader {
  private final List<DemoFile> files;
  private final int rounds;
  private final int chunkBytes;
  private final Map<String, String> digests;

  private int round;
  private int index;
  private @Nullable Opened open;

  /**
   * @param digests gets the checksum of each file when its end is reached, by its label
   */
  ChunkReader(List<DemoFile> files, int rounds, int chunkBytes, Map<String, String> digests) {
    this.files = files;
    this.rounds = rounds;
    this.chunkBytes = chunkBytes;
    this.digests = digests;
  }

  private static final class Opened {
    private final String label;
    private final InputStream input;
    private final MessageDigest digest = Digests.sha256();
    private long nextPiece;

    Opened(String label, InputStream input) {
      this.label = label;
      this.input = input;
    }
  }

  /** The next piece, or the end of a file; empty when all is read. */
  Optional<ChunkRecord> read() throws IOException {
    if (round == rounds) {
      return Optional.empty();
    }
    Opened file = open;
    if (file == null) {
      DemoFile next = files.get(index);
      String label = round == 0 ? next.name() : next.name() + " #" + (round + 1);
      file = new Opened(label, Files.newInputStream(next.path()));
      open = file;
    }
    byte[] piece = file.input.readNBytes(chunkBytes);
    boolean end = piece.length == 0;
    if (end) {
      digests.put(file.label, HexFormat.of().formatHex(file.digest.digest()));
      advance();
    } else {
      file.digest.update(piece);
    }
    return Optional.of(
        new ChunkRecord(
            file.label,
            file.nextPiece++,
            System.nanoTime(),
            end,
            ByteString.fromArrayUnsafe(piece)));
  }

  private void advance() throws IOException {
    close();
    index++;
    if (index == files.size()) {
      index = 0;
      round++;
    }
  }

  void close() throws IOException {
    Opened file = open;
    if (file != null) {
      open = null;
      file.input.close();
    }
  }
}
