package dev.ritsem.app.demo;

import dev.ritsem.app.demo.FileChunks.DemoFile;
import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.app.tool.RitsemCommand;
import dev.ritsem.app.tool.ToolException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the main job in one command, and checks it. */
@Command(
    name = "demo",
    description =
        "Start a node, stream real files into it and out again, compare, and tell about it.",
    footer = {
      "",
      "The files are cut into records, written through an Akka Streams sink, and read back over a",
      "connection of its own by an independent consumer while they are still being written. The",
      "node listens on a free port; it and its data are gone afterwards, unless --data is given.",
      "",
      "Examples:",
      "  ritsem demo",
      "  ritsem demo --file film.mp4 --chunk-size 65536",
      "  ritsem demo --data ./demo-data     and look at the segments afterwards",
      "",
      "Exit codes: 0 every byte came back; 1 one did not; 4 the node could not start."
    })
public final class DemoCommand extends RitsemCommand {
  /** The project's own pages are repeated until there is something to measure. */
  private static final long DEFAULT_BYTES = 32L << 20;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Stream this file, of any size and kind; may be repeated (default: the project's LICENSE"
              + " and documentation, over and over).")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the node's data here (default: a temporary directory, removed again).")
  private @Nullable Path data;

  @Option(
      names = "--chunk-size",
      paramLabel = "BYTES",
      defaultValue = "1024",
      description = "Bytes of a record (default: 1024).")
  private int chunkBytes = 1024;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "3",
      description = "Partitions of the topic; a file lies in one (default: 3).")
  private int partitions = 3;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "How many times over to stream the files (default: once; LICENSE and"
              + " documentation until 32 MB are reached).")
  private @Nullable Integer rounds;

  @Override
  public Integer call() throws Exception {
    checkNumbers();
    List<DemoFile> streamed = files.isEmpty() ? ownPages() : given();
    int times = rounds == null ? (files.isEmpty() ? defaultRounds(streamed) : 1) : rounds;
    FileChunks chunks = new FileChunks(streamed, times, chunkBytes);
    DemoReport report = new DemoReport(out(), streamed, times);
    try (DemoNode node = DemoNode.start(data, partitions)) {
      report.node(node);
      DemoRun run = new DemoRun(node, chunks);
      DemoRun.Result result = run.stream();
      report.result(node, result);
      return result.faults().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private void checkNumbers() {
    if (chunkBytes < 1 || chunkBytes > DemoNode.CHUNK_BYTES_MAX) {
      throw new ToolException(
          ExitCode.USAGE, "--chunk-size must be from 1 to " + DemoNode.CHUNK_BYTES_MAX);
    }
    if (partitions < 1 || (rounds != null && rounds < 1)) {
      throw new ToolException(ExitCode.USAGE, "--partitions and --rounds must be at least 1");
    }
  }

  private static int defaultRounds(List<DemoFile> files) {
    long once = Math.max(1, files.stream().mapToLong(DemoFile::bytes).sum());
    return (int) Math.max(1, (DEFAULT_BYTES + once - 1) / once);
  }

  private List<DemoFile> given() throws IOException {
    List<DemoFile> found = new ArrayList<>();
    for (Path file : files) {
      if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
        throw new ToolException(ExitCode.USAGE, "there is no file " + file + " that can be read");
      }
      found.add(new DemoFile(file, file.toString(), Files.size(file)));
    }
    return found;
  }

  private static List<DemoFile> ownPages() throws IOException {
    Path home = Path.of(System.getProperty("ritsem.home", "."));
    List<DemoFile> found = new ArrayList<>();
    try (Stream<Path> pages = Files.walk(home.resolve("docs"))) {
      for (Path page :
          Stream.concat(
                  Stream.of("LICENSE", "README.md", "CONTRIBUTING.md", "CHANGELOG.md")
                      .map(home::resolve),
                  pages.sorted())
              .filter(Files::isRegularFile)
              .toList()) {
        found.add(new DemoFile(page, home.relativize(page).toString(), Files.size(page)));
      }
    }
    if (found.isEmpty()) {
      throw new ToolException(
          ExitCode.USAGE, "there is nothing to stream in " + home + "; use --file");
    }
    return found;
  }
}
