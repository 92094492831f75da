package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.testing.ManualClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NioDiskTest {
  @TempDir Path directory = Path.of("");

  private final Disk disk = NioDisk.INSTANCE;

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void writesAndReadsAtPositions() throws IOException {
    Path path = directory.resolve("file");
    try (DiskFile file = disk.open(path)) {
      file.write(text("world"), 6);
      file.write(text("hello "), 0);
      file.force();
      ByteBuffer read = ByteBuffer.allocate(20);
      assertThat(file.read(read, 3)).isEqualTo(8);
      assertThat(file.read(ByteBuffer.allocate(1), 11)).isZero();
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      assertThat(file.transferTo(6, 100, Channels.newChannel(sent))).isEqualTo(5);
      assertThat(sent).hasToString("world");
      file.truncate(5);
      assertThat(file.size()).isEqualTo(5);
    }
    assertThat(Files.readString(path)).isEqualTo("hello");
    assertThat(disk.map(path)).isEqualTo(text("hello"));
  }

  @Test
  void doesNotCreateWhatIsOpenedForReading() {
    Path missing = directory.resolve("missing");
    assertThatThrownBy(() -> disk.openForReading(missing)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> disk.map(missing)).isInstanceOf(NoSuchFileException.class);
    assertThat(missing).doesNotExist();
  }

  @Test
  void aMappingOutlivesTheReplacementOfItsFile() throws IOException {
    Path path = directory.resolve("file");
    AtomicFile.replace(disk, path, "old content");
    ByteBuffer mapped = disk.map(path);
    AtomicFile.replaceDurably(disk, path, "new");

    assertThat(mapped).isEqualTo(text("old content"));
    assertThat(AtomicFile.readText(disk, path)).isEqualTo("new");
    assertThat(disk.list(directory)).containsExactly(new Disk.Entry(path, 3, false));
  }

  @Test
  void aLogSurvivesOnRealFiles() throws IOException {
    Path partition = directory.resolve("t-0");
    TopicIdPartition id = new TopicIdPartition(new TopicId(1, 2), "t", 0);
    ManualClock clock = new ManualClock(1_000);
    LogConfig config =
        LogConfig.defaults()
            .with(TopicSettings.SEGMENT_BYTES, 2_000)
            .with(TopicSettings.INDEX_INTERVAL_BYTES, 100);
    Log log = Log.open(disk, partition, id, config, clock, OpenState.UNKNOWN);
    for (int i = 0; i < 200; i++) {
      log.appendAsLeader(TestBatches.of(i, "value-" + i), 0);
    }
    log.advanceHighWatermark(200);
    log.truncateTo(150);
    log.abandon();

    Log again = Log.open(disk, partition, id, config, clock, new OpenState(false, 0, 0, 150));
    assertThat(again.view().logEndOffset()).isEqualTo(150);
    for (long offset = 0; offset < 150; offset++) {
      LogRead read = again.view().read(offset, 1, true, 150);
      assertThat(StandardCharsets.UTF_8.decode(read.records().toByteBuffer()).toString())
          .contains("value-" + offset);
      read.records().release();
    }
    again.close();
  }
}
