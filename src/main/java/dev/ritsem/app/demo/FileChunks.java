package dev.ritsem.app.demo;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  /** The pieces of all files, each file followed by its end. */
  Source<ChunkRecord, NotUsed> source() {
    return Source.unfoldResource(
        () -> new ChunkReader(files, rounds, chunkBytes, digests),
        ChunkReader::read,
        ChunkReader::close);
  }
}
