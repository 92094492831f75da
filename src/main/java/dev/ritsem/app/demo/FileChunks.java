package dev.ritsem.app.demo;

import akka.NotUsed;
import akka.stream.javadsl.FileIO;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** Files as a stream of pieces, with the checksum of what was read of each. */
final class FileChunks {
  private final List<DemoFile> files;
  private final int rounds;
  private final int chunkBytes;
  private final Map<String, String> digests = new ConcurrentHashMap<>();

  /**
   * @param rounds how many times over each file is streamed, each time as a file of its own
   * @param chunkBytes most bytes of a piece
   */
  FileChunks(List<DemoFile> files, int rounds, int chunkBytes) {
    this.files = List.copyOf(files);
    this.rounds = rounds;
    this.chunkBytes = chunkBytes;
  }

  /**
   * A file to stream.
   *
   * @param name what people see
   */
  record DemoFile(Path path, String name, long bytes) {}

  /** How many labels will end. */
  int count() {
    return files.size() * rounds;
  }

  /** SHA-256 in hexadecimal by label, of the bytes as they were read; complete with the stream. */
  Map<String, String> digests() {
    return digests;
  }

  Source<ChunkRecord, NotUsed> source() {
    return Source.from(() -> IntStream.range(0, rounds).boxed().iterator())
        .mapConcat(round -> files.stream().map(file -> new Pass(file, round)).toList())
        .flatMapConcat(this::pieces);
  }

  private record Pass(DemoFile file, int round) {
    String label() {
      return round == 0 ? file.name() : file.name() + " #" + (round + 1);
    }
  }

  private Source<ChunkRecord, NotUsed> pieces(Pass pass) {
    String label = pass.label();
    MessageDigest digest = Digests.sha256();
    long[] number = {0};
    Source<ChunkRecord, NotUsed> pieces =
        FileIO.fromPath(pass.file().path(), chunkBytes)
            .map(
                bytes -> {
                  digest.update(bytes.asByteBuffer());
                  return new ChunkRecord(label, number[0]++, System.nanoTime(), false, bytes);
                })
            .mapMaterializedValue(reading -> NotUsed.getInstance());
    return pieces.concatLazy(
        Source.lazySource(
            () -> {
              digests.put(label, HexFormat.of().formatHex(digest.digest()));
              return Source.single(
                  new ChunkRecord(
                      label, number[0], System.nanoTime(), true, ByteString.emptyByteString()));
            }));
  }
}
