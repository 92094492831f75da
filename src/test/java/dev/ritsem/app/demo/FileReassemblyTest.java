package dev.ritsem.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class FileReassemblyTest {
  /** SHA-256 of "abc", from the standard that defines it. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private final Histogram latency = new Histogram(3_600_000_000_000L, 3);
  private final FileReassembly reassembly = new FileReassembly(latency);

  @Test
  void piecesInOrderGiveTheChecksumOfTheFile() {
    reassembly.accept(piece("f", 0, "ab"), 100);
    reassembly.accept(piece("f", 1, "c"), 200);
    assertThat(reassembly.completed()).isZero();
    reassembly.accept(end("f", 2), 300);

    assertThat(reassembly.completed()).isOne();
    assertThat(reassembly.bytes()).isEqualTo(3);
    assertThat(reassembly.faults(Map.of("f", ABC))).isEmpty();
    assertThat(latency.getTotalCount()).isEqualTo(3);
  }

  @Test
  void aMissingARepeatedAndAnExchangedPieceAreFaults() {
    reassembly.accept(piece("gap", 1, "b"), 0);
    reassembly.accept(piece("twice", 0, "a"), 0);
    reassembly.accept(piece("twice", 0, "a"), 0);

    assertThat(reassembly.faults(Map.of()))
        .containsExactly(
            "gap: piece 1 came where 0 was due", "twice: piece 0 came where 1 was due");
  }

  @Test
  void anotherChecksumAndAMissingAndAnUnknownFileAreFaults() {
    reassembly.accept(piece("f", 0, "abd"), 0);
    reassembly.accept(end("f", 1), 0);
    reassembly.accept(end("stray", 0), 0);

    assertThat(reassembly.faults(Map.of("f", ABC, "lost", ABC)))
        .hasSize(3)
        .anySatisfy(fault -> assertThat(fault).startsWith("f: SHA-256 is "))
        .contains("lost: did not come back", "stray: came back and was never sent");
  }

  private static ChunkRecord piece(String label, long number, String text) {
    return new ChunkRecord(label, number, 50, false, ByteString.fromString(text));
  }

  private static ChunkRecord end(String label, long number) {
    return new ChunkRecord(label, number, 50, true, ByteString.emptyByteString());
  }
}
