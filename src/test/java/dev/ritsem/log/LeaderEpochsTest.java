package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.OffsetAndEpoch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaderEpochsTest {
  private static final LeaderEpochs EPOCHS = LeaderEpochs.NONE.with(2, 10).with(4, 20).with(7, 35);

  @Test
  void tellsWhereAnEpochEnded() {
    assertThat(EPOCHS.endOffsetFor(2, 50)).isEqualTo(new OffsetAndEpoch(20, 2));
    assertThat(EPOCHS.endOffsetFor(3, 50)).isEqualTo(new OffsetAndEpoch(20, 2));
    assertThat(EPOCHS.endOffsetFor(4, 50)).isEqualTo(new OffsetAndEpoch(35, 4));
    assertThat(EPOCHS.endOffsetFor(7, 50)).isEqualTo(new OffsetAndEpoch(50, 7));
  }

  @Test
  void answersForEpochsBeforeTheFirstWithTheBeginning() {
    assertThat(EPOCHS.endOffsetFor(1, 50)).isEqualTo(new OffsetAndEpoch(10, 1));
  }

  @Test
  void doesNotKnowEpochsToComeOrNone() {
    OffsetAndEpoch unknown = new OffsetAndEpoch(-1, -1);
    assertThat(EPOCHS.endOffsetFor(8, 50)).isEqualTo(unknown);
    assertThat(EPOCHS.endOffsetFor(-1, 50)).isEqualTo(unknown);
    assertThat(LeaderEpochs.NONE.endOffsetFor(0, 50)).isEqualTo(unknown);
  }

  @Test
  void anEpochThatBeginsEarlierReplacesThoseItContradicts() {
    assertThat(EPOCHS.with(8, 20)).isEqualTo(LeaderEpochs.NONE.with(2, 10).with(8, 20));
    assertThat(EPOCHS.with(7, 99)).isEqualTo(EPOCHS);
  }

  @Test
  void followsTruncationAtBothEnds() {
    assertThat(EPOCHS.truncatedTo(20)).isEqualTo(LeaderEpochs.NONE.with(2, 10));
    assertThat(EPOCHS.truncatedTo(21)).isEqualTo(LeaderEpochs.NONE.with(2, 10).with(4, 20));
    assertThat(EPOCHS.startingAt(25)).isEqualTo(LeaderEpochs.NONE.with(4, 25).with(7, 35));
    assertThat(EPOCHS.startingAt(100)).isEqualTo(LeaderEpochs.NONE.with(7, 100));
    assertThat(EPOCHS.startingAt(5)).isEqualTo(EPOCHS);
  }

  @Test
  void isWrittenAsKafkaReadsIt() throws IOException {
    assertThat(CheckpointFile.ofEpochs(EPOCHS)).isEqualTo("0\n3\n2 10\n4 20\n7 35\n");
    assertThat(read("0\n3\n2 10\n4 20\n7 35\n")).isEqualTo(EPOCHS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0\n",
        "1\n0\n",
        "0\n1\n2 10",
        "0\n2\n2 10\n",
        "0\n1\n2 10 3\n",
        "0\n1\nx 10\n",
        "0\n1\n2 -10\n",
        "0\n1\n2 10\n4 20\n"
      })
  void refusesAFileThatIsTornOrMadeUp(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(CorruptFileException.class);
  }

  private static LeaderEpochs read(String text) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Path file = Path.of("/data/t-0/leader-epoch-checkpoint");
    disk.put(file, text.getBytes(StandardCharsets.UTF_8));
    return CheckpointFile.readEpochs(disk, file);
  }
}
