package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Judge: Apache Kafka's segment dump tool. It parses every file of a partition directory with
 * Kafka's own storage classes, checks the CRC of each batch and compares the indexes with the log.
 */
public final class SegmentDump {
  private static final String MAIN_CLASS = "org.apache.kafka.tools.DumpLogSegments";
  private static final Pattern COMPLAINT =
      Pattern.compile(
          "isvalid: false|Mismatches in|is followed by|Found timestamp mismatch"
              + "|Found out of order|sanity check failed|Exception|corrupt|Ignoring unknown file",
          Pattern.CASE_INSENSITIVE);

  /**
   * The tool of 4.3.1 reports every segment whose first offset is not 0, Apache Kafka's own too: it
   * compares the first record with a predecessor that does not exist.
   */
  private static final Pattern FALSE_ALARM =
      Pattern.compile(
          "Non-consecutive offsets in \\S*?0*(\\d+)\\.log\\n  -1 is followed by \\1\\n");

  private static final Pattern RECORD = Pattern.compile("^\\| offset: ", Pattern.MULTILINE);
  private static final List<String> KINDS =
      List.of(".log", ".index", ".timeindex", ".txnindex", ".snapshot");

  private SegmentDump() {}

  /**
   * Has every segment file, index and producer snapshot of the directory read.
   *
   * @return how many records the tool found
   * @throws AssertionError if it complains about anything
   */
  public static long check(Path partitionDirectory) {
    List<Path> files = filesOf(partitionDirectory);
    assertThat(files).as("files of %s", partitionDirectory).isNotEmpty();
    Judge tools = Judge.of("kafka-tools-4.3.1");
    String all = files.stream().map(Path::toString).collect(Collectors.joining(","));
    Verdict dump = tools.run(MAIN_CLASS, "--deep-iteration", "--files", all);
    Verdict indexes =
        tools.run(
            MAIN_CLASS,
            "--verify-index-only",
            "--files",
            files.stream()
                .map(Path::toString)
                .filter(name -> name.endsWith("index"))
                .collect(Collectors.joining(",")));
    for (Verdict verdict : List.of(dump, indexes)) {
      verdict.mustSucceed();
      String said = FALSE_ALARM.matcher(verdict.out() + verdict.err()).replaceAll("");
      assertThat(COMPLAINT.matcher(said).find())
          .as("the dump tool complains:\n%s", firstComplaint(said))
          .isFalse();
    }
    return RECORD.matcher(dump.out()).results().count();
  }

  private static List<Path> filesOf(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> KINDS.stream().anyMatch(kind -> file.toString().endsWith(kind)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String firstComplaint(String said) {
    return said.lines()
        .dropWhile(line -> !COMPLAINT.matcher(line).find())
        .limit(20)
        .collect(Collectors.joining("\n"));
  }
}
