package dev.ritsem.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IndexesTest {
  private static final Path DIRECTORY = Path.of("/data/t-0");
  private static final Path FILE = DIRECTORY.resolve("index");
  private static final long BASE = 1000;

  private final SimulatedDisk disk = new SimulatedDisk();

  @BeforeEach
  void createDirectory() {
    disk.createDirectories(DIRECTORY);
  }

  private String bytes() throws IOException {
    return HexFormat.of().formatHex(disk.content(FILE));
  }

  @Test
  void anOffsetIndexIsWrittenAsKafkaReadsIt() throws IOException {
    OffsetIndex index = OffsetIndex.create(disk, FILE, BASE);
    index.append(1004, 0x10);
    index.append(1300, 0x1234);
    assertThat(bytes()).as("kept in memory at first").isEmpty();
    index.file().write();

    assertThat(bytes()).isEqualTo("0000000400000010" + "0000012c00001234");
  }

  @Test
  void aTimeIndexIsWrittenAsKafkaReadsIt() throws IOException {
    TimeIndex index = TimeIndex.create(disk, FILE, BASE);
    index.appendIfNewer(0x18bcfe56800L, 1004);
    index.appendIfNewer(0x18bcfe56800L, 1005);
    index.appendIfNewer(0x18bcfe56801L, 1300);
    index.file().write();

    assertThat(bytes()).isEqualTo("0000018bcfe5680000000004" + "0000018bcfe568010000012c");
  }

  @Test
  void aTransactionIndexIsWrittenAsKafkaReadsItAndAtOnce() throws IOException {
    TransactionIndex index = TransactionIndex.of(disk, FILE, false);
    assertThat(disk.exists(FILE)).isFalse();
    index.append(new AbortedTransaction(7, 1001, 1010, 1005));

    assertThat(bytes())
        .isEqualTo(
            "0000"
                + "0000000000000007"
                + "00000000000003e9"
                + "00000000000003f2"
                + "00000000000003ed");
  }

  @Test
  void anOffsetIsFoundAmongManyMoreEntriesThanAreKeptInMemory() throws IOException {
    OffsetIndex index = OffsetIndex.create(disk, FILE, BASE);
    List<OffsetIndex.Entries> snapshots = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      index.append(BASE + i * 3L, i * 100);
      if (i % 2500 == 0) {
        snapshots.add(index.entries());
      }
    }

    OffsetIndex.Entries entries = index.entries();
    assertThat(entries.count()).isEqualTo(10_000);
    for (int i = 0; i < 10_000; i += 7) {
      assertThat(entries.floor(BASE + i * 3L + 2)).isEqualTo(i);
      assertThat(entries.position(i)).isEqualTo(i * 100);
      assertThat(entries.firstAtOrAfter(i * 100 - 1)).isEqualTo(i);
    }
    assertThat(entries.floor(BASE - 1)).isEqualTo(-1);
    assertThat(entries.firstAtOrAfter(1_000_000)).isEqualTo(10_000);
    assertThat(snapshots.get(1).count()).as("a snapshot does not grow").isEqualTo(2501);
    assertThat(snapshots.get(1).lastOffset(2500)).isEqualTo(BASE + 7500);
  }

  @Test
  void entriesReadBeforeATruncationStayAsTheyWere() throws IOException {
    OffsetIndex index = OffsetIndex.create(disk, FILE, BASE);
    for (int i = 0; i < 10; i++) {
      index.append(BASE + i, i * 10);
    }
    OffsetIndex.Entries before = index.entries();

    index.truncateToPosition(50);
    index.append(BASE + 90, 900);

    assertThat(before.count()).isEqualTo(10);
    assertThat(before.lastOffset(5)).isEqualTo(BASE + 5);
    assertThat(index.entries().count()).isEqualTo(6);
    assertThat(index.entries().lastOffset(5)).isEqualTo(BASE + 90);
  }

  @Test
  void entriesAreFoundAgainInTheFile() throws IOException {
    TimeIndex index = TimeIndex.create(disk, FILE, BASE);
    index.appendIfNewer(10, 1001);
    index.appendIfNewer(20, 1005);
    index.file().write();

    TimeIndex again = TimeIndex.of(disk, FILE, BASE);
    assertThat(again.entries().lastBelow(20)).isZero();
    assertThat(again.entries().lastBelow(21)).isOne();
    assertThat(again.entries().offset(1)).isEqualTo(1005);
    again.truncateToOffset(1005);
    assertThat(again.entries().count()).isOne();
  }

  @Test
  void aFileThatCannotBeAnIndexIsRefused() {
    disk.put(FILE, new byte[OffsetIndex.ENTRY_BYTES + 1]);
    assertThatThrownBy(() -> OffsetIndex.of(disk, FILE, BASE).entries())
        .isInstanceOf(CorruptFileException.class);

    byte[] beyondTheSegment = new byte[OffsetIndex.ENTRY_BYTES];
    beyondTheSegment[7] = 100;
    disk.put(FILE, beyondTheSegment);
    assertThatThrownBy(() -> OffsetIndex.of(disk, FILE, BASE).check(100))
        .isInstanceOf(CorruptFileException.class);
  }

  @Test
  void aDiskThatRefusesTheEntriesKeepsThemInMemory() throws IOException {
    OffsetIndex index = OffsetIndex.create(disk, FILE, BASE);
    index.append(1001, 10);
    disk.fullAfter(0);
    assertThatThrownBy(() -> index.file().write()).isInstanceOf(IOException.class);
    disk.emptied();

    assertThat(index.entries().count()).isOne();
    index.file().write();
    assertThat(bytes()).isEqualTo("000000010000000a");
  }

  @Test
  void abortedTransactionsAreFoundByTheRangeThatTheyOverlap() throws IOException {
    TransactionIndex index = TransactionIndex.of(disk, FILE, false);
    AbortedTransaction early = new AbortedTransaction(1, 10, 20, 15);
    AbortedTransaction late = new AbortedTransaction(2, 15, 30, 31);
    index.append(early);
    index.append(late);

    assertThat(overlapping(index, 0, 12)).containsExactly(early);
    assertThat(overlapping(index, 0, 16)).containsExactly(early, late);
    assertThat(overlapping(index, 21, 40)).containsExactly(late);
    assertThat(overlapping(index, 31, 40)).isEmpty();
    index.truncateToOffset(30);
    assertThat(overlapping(index, 0, 100)).containsExactly(early);
  }

  private static List<AbortedTransaction> overlapping(TransactionIndex index, long from, long upTo)
      throws IOException {
    List<AbortedTransaction> found = new ArrayList<>();
    index.collect(from, upTo, found);
    return found;
  }
}
