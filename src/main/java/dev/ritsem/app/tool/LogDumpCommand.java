package dev.ritsem.app.tool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what is in segment files, line for line as Kafka's dump tool does. */
@Command(
    name = "dump",
    description =
        "Print the batches of .log files and the entries of .index, .timeindex, .txnindex and"
            + " .snapshot files. Of a directory, all of them.",
    footer = {
      "",
      "Examples:",
      "  ritsem log dump data/rides-0/00000000000000000000.log --print-data-log",
      "  ritsem log dump data/rides-0",
      "",
      "Exit codes: 0 all files are whole; 1 something in them is damaged, or cannot be read."
    })
final class LogDumpCommand extends RitsemCommand {
  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files or partition directories.")
  private List<Path> paths = new ArrayList<>();

  @Option(
      names = "--files",
      paramLabel = "FILE",
      split = ",",
      description = "The same, as Kafka's tool takes them: with commas.")
  private List<Path> moreFiles = new ArrayList<>();

  @Option(
      names = "--print-data-log",
      description = "Also print the records: offsets, keys, values, headers.")
  private boolean printData;

  @Option(
      names = "--deep-iteration",
      description = "Also decompress and walk the records, and print them without their data.")
  private boolean deep;

  @Override
  public Integer call() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : Stream.concat(paths.stream(), moreFiles.stream()).toList()) {
      addFiles(path, files);
    }
    if (files.isEmpty()) {
      throw new ToolException(ExitCode.USAGE, "name at least one file or partition directory");
    }
    boolean whole = true;
    for (Path file : files) {
      whole &= dump(file);
    }
    return whole ? ExitCode.OK : ExitCode.FAILED;
  }

  private static void addFiles(Path path, List<Path> files) throws IOException {
    if (!Files.isDirectory(path)) {
      files.add(path);
      return;
    }
    try (Stream<Path> children = Files.list(path)) {
      children.filter(child -> kind(child) != Kind.OTHER).sorted().forEach(files::add);
    }
  }

  private boolean dump(Path file) throws IOException {
    Kind kind = kind(file);
    if (kind == Kind.OTHER) {
      throw new ToolException(
          ExitCode.USAGE,
          "%s is not a .log, .index, .timeindex, .txnindex or .snapshot file".formatted(file));
    }
    out().println("Dumping " + file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return switch (kind) {
        case LOG ->
            new SegmentDump(out(), deep || printData, printData).dump(baseOffset(file), bytes);
        case INDEX -> IndexDump.offsetIndex(out(), baseOffset(file), bytes);
        case TIME_INDEX -> IndexDump.timeIndex(out(), baseOffset(file), bytes);
        case TRANSACTION_INDEX -> IndexDump.transactionIndex(out(), bytes);
        case SNAPSHOT -> IndexDump.producerSnapshot(out(), bytes);
        case OTHER -> throw new IllegalStateException("unreachable for " + file);
      };
    }
  }

  private enum Kind {
    LOG,
    INDEX,
    TIME_INDEX,
    TRANSACTION_INDEX,
    SNAPSHOT,
    OTHER
  }

  private static Kind kind(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return switch (dot < 0 ? "" : name.substring(dot)) {
      case ".log" -> Kind.LOG;
      case ".index" -> Kind.INDEX;
      case ".timeindex" -> Kind.TIME_INDEX;
      case ".txnindex" -> Kind.TRANSACTION_INDEX;
      case ".snapshot" -> Kind.SNAPSHOT;
      default -> Kind.OTHER;
    };
  }

  /** The offset that a file's name begins with. */
  private static long baseOffset(Path file) {
    String name = file.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.indexOf('.')));
    } catch (NumberFormatException e) {
      throw new ToolException(
          ExitCode.USAGE, file + " does not begin with an offset, as a segment's files do", e);
    }
  }
}
