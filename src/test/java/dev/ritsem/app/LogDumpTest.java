package dev.ritsem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.app.tool.ExitCode;
import dev.ritsem.record.BatchBuilder;
import dev.ritsem.record.Compression;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDumpTest {
  @TempDir Path directory;

  @Test
  void batchesAndRecordsArePrintedAsKafkasToolDoes() throws IOException {
    Path file = directory.resolve("00000000000000000005.log");
    write(file, batch(5, Compression.NONE, "a", "b"), batch(7, Compression.GZIP, "c"));

    CommandLineTest.Run run =
        CommandLineTest.run("log", "dump", file.toString(), "--print-data-log");

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .contains("Dumping " + file, "Log starting offset: 5")
        .contains("baseOffset: 5 lastOffset: 6 count: 2", "isvalid: true")
        .contains("baseOffset: 7 lastOffset: 7 count: 1", "compresscodec: gzip")
        .contains("| offset: 6 CreateTime: 1000 keySize: 1 valueSize: 1 sequence: -1")
        .contains("key: k payload: b", "key: k payload: c");
  }

  @Test
  void withoutTheOptionRecordsStayUnread() throws IOException {
    Path file = directory.resolve("00000000000000000000.log");
    write(file, batch(0, Compression.NONE, "secret"));

    assertThat(CommandLineTest.run("log", "dump", "--files", file.toString()).out())
        .contains("count: 1")
        .doesNotContain("secret")
        .doesNotContain("| offset");
    assertThat(CommandLineTest.run("log", "dump", "--deep-iteration", file.toString()).out())
        .contains("| offset: 0")
        .doesNotContain("secret");
  }

  @Test
  void damageIsSaidAndFailsTheCommand() throws IOException {
    ByteBuffer damaged = batch(0, Compression.NONE, "abc");
    damaged.put(damaged.limit() - 1, (byte) 99);
    Path torn = directory.resolve("00000000000000000000.log");
    write(torn, damaged, ByteBuffer.wrap(new byte[] {1, 2, 3}));

    CommandLineTest.Run run = CommandLineTest.run("log", "dump", torn.toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).contains("isvalid: false", "Found 3 invalid bytes");
  }

  @Test
  void theFilesBesideASegmentAreReadFromADirectory() throws IOException {
    write(directory.resolve("00000000000000000010.index"), ints(4, 100, 9, 250, 0, 0));
    write(
        directory.resolve("00000000000000000010.timeindex"),
        ByteBuffer.allocate(12).putLong(777).putInt(3).flip());
    ByteBuffer producers = ByteBuffer.allocate(50);
    producers.putInt(1).putLong(42).putShort((short) 3).putInt(7).putLong(19).putInt(2);
    producers.putLong(999).putInt(-1).putLong(-1).flip();
    CRC32C crc = new CRC32C();
    crc.update(producers.duplicate());
    write(
        directory.resolve("00000000000000000020.snapshot"),
        ByteBuffer.allocate(6).putShort((short) 1).putInt((int) crc.getValue()).flip(),
        producers);
    Files.writeString(directory.resolve("leader-epoch-checkpoint"), "0\n0\n");

    CommandLineTest.Run run = CommandLineTest.run("log", "dump", directory.toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out().lines())
        .contains("offset: 14 position: 100", "offset: 19 position: 250")
        .contains("timestamp: 777 offset: 13")
        .doesNotContain("offset: 10 position: 0")
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("producerId: 42 producerEpoch: 3")
                    .contains("firstSequence: 5 lastSequence: 7 lastOffset: 19"));
  }

  @Test
  void whatIsNoFileOfALogIsRefused() {
    assertThat(CommandLineTest.run("log", "dump", "notes.txt").exitCode())
        .isEqualTo(ExitCode.USAGE);
    CommandLineTest.Run missing =
        CommandLineTest.run("log", "dump", directory.resolve("00.log").toString());
    assertThat(missing.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(missing.err()).contains("no such file");
  }

  private static ByteBuffer batch(long baseOffset, Compression compression, String... values) {
    try (BatchBuilder builder = new BatchBuilder(compression).baseOffset(baseOffset)) {
      for (String value : values) {
        builder.append(1000L, bytes("k"), bytes(value), List.of());
      }
      return builder.build();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(values.length * Integer.BYTES);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.flip();
  }

  private static void write(Path file, ByteBuffer... parts) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    }
  }
}
