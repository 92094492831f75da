package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.log.SimulatedDisk;
import dev.ritsem.replication.journal.JournalEntry.Event;
import dev.ritsem.replication.journal.JournalStore.StoredEvent;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Any order of writes, deletions, forces and compactions on a disk that loses power: what was
 * forced is there, what was not is there as whole writes from the beginning or not at all, and
 * nothing else is.
 */
class JournalCrashTest {
  private static final int SEEDS = 300;
  private static final int STEPS = 400;
  private static final int IDS = 5;
  private static final int SEGMENT_BYTES = 4 * 1024;
  private static final Path DIRECTORY = Path.of("/node/journal");

  @Test
  void what_was_forced_survives_and_what_was_not_is_a_prefix() {
    Seeds.forEach(
        JournalCrashTest.class,
        SEEDS,
        seed -> {
          try {
            new Run(Seeds.random(seed)).steps();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void a_full_disk_refuses_writes_and_breaks_nothing() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    JournalStore store = open(disk);
    long acknowledged = 0;
    for (int round = 0; round < 20; round++) {
      disk.fullAfter(500 + 100L * round);
      for (int i = 0; i < 10; i++) {
        try {
          store.write(List.of(event("a", acknowledged + 1, 150)));
          store.force();
          acknowledged++;
        } catch (IOException expected) {
          disk.emptied();
        }
      }
    }
    assertThat(acknowledged).isBetween(100L, 199L);
    disk.crash(Seeds.random(1));
    store = open(disk);
    assertThat(numbers(store, "a"))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, acknowledged).boxed().toList());
    store.close();
  }

  @Test
  void a_saved_snapshot_survives_and_an_unfinished_one_is_not_seen() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    Random random = Seeds.random(1);
    SnapshotFiles files = SnapshotFiles.open(disk, DIRECTORY);
    for (int n = 1; n <= 100; n++) {
      byte[] bytes = new byte[random.nextInt(3000)];
      random.nextBytes(bytes);
      files.save("a", n, n, bytes);
      disk.fullAfter(random.nextInt(1000));
      try {
        files.save("a", n + 1, n, new byte[1500]);
      } catch (IOException expected) {
        disk.emptied();
      }
      disk.crash(random);
      files = SnapshotFiles.open(disk, DIRECTORY);
      assertThat(files.read(files.list("a").get(0))).isEqualTo(bytes);
      assertThat(disk.list(DIRECTORY)).hasSize(files.list("a").size());
    }
  }

  /** Which events of an id are there: those after the deleted ones, to the highest. */
  private record Range(long deletedTo, long highest) {
    private static final Range EMPTY = new Range(0, 0);

    List<Long> numbers() {
      return LongStream.rangeClosed(deletedTo + 1, highest).boxed().toList();
    }
  }

  private static final class Run {
    private final Random random;
    private final SimulatedDisk disk = new SimulatedDisk();

    /** What is written, by id. */
    private final TreeMap<String, Range> written = new TreeMap<>();

    /** What a crash may leave: the state at the last force, and after each operation since. */
    private final List<TreeMap<String, Range>> possible = new ArrayList<>();

    private JournalStore store;

    Run(Random random) throws IOException {
      this.random = random;
      this.store = open(disk);
      possible.add(new TreeMap<>());
    }

    void steps() throws IOException {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(12)) {
          case 0 -> crash();
          case 1 -> delete();
          case 2, 3 -> force();
          case 4 -> compact();
          default -> write();
        }
      }
      crash();
      store.close();
    }

    private void write() throws IOException {
      String id = randomId();
      Range before = written.getOrDefault(id, Range.EMPTY);
      long highest = before.highest();
      List<Event> events = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        events.add(event(id, ++highest, random.nextInt(300)));
      }
      store.write(events);
      written.put(id, new Range(before.deletedTo(), highest));
      possible.add(new TreeMap<>(written));
    }

    private void delete() throws IOException {
      String id = randomId();
      Range before = written.getOrDefault(id, Range.EMPTY);
      long to = random.nextBoolean() ? before.highest() - 1 : Long.MAX_VALUE;
      store.deleteTo(id, to);
      if (before.highest() > 0) {
        long deletedTo = Math.max(before.deletedTo(), Math.min(to, before.highest()));
        written.put(id, new Range(deletedTo, before.highest()));
      }
      possible.add(new TreeMap<>(written));
    }

    private void force() throws IOException {
      store.force();
      possible.clear();
      possible.add(new TreeMap<>(written));
    }

    private void compact() throws IOException {
      force();
      store.compact();
      check(written);
    }

    private void crash() throws IOException {
      boolean killed = random.nextInt(4) == 0;
      if (killed) {
        disk.killProcess();
      } else {
        disk.crash(random);
      }
      store = open(disk);
      TreeMap<String, Range> found = new TreeMap<>();
      for (int i = 0; i < IDS; i++) {
        String id = "id-" + i;
        long highest = store.highestSequenceNr(id);
        if (highest > 0) {
          found.put(id, new Range(highest - numbers(store, id).size(), highest));
        }
      }
      check(found);
      if (killed) {
        // All of it is in the page cache still, and only there.
        assertThat(found).isEqualTo(written);
        return;
      }
      assertThat(possible).as("states that a crash may leave").contains(found);
      written.clear();
      written.putAll(found);
      possible.clear();
      possible.add(found);
    }

    private void check(Map<String, Range> state) throws IOException {
      for (Map.Entry<String, Range> entry : state.entrySet()) {
        assertThat(numbers(store, entry.getKey())).isEqualTo(entry.getValue().numbers());
        assertThat(store.highestSequenceNr(entry.getKey())).isEqualTo(entry.getValue().highest());
      }
    }

    private String randomId() {
      return "id-" + random.nextInt(IDS);
    }
  }

  private static JournalStore open(SimulatedDisk disk) throws IOException {
    return JournalStore.open(disk, DIRECTORY, new ManualClock(1), SEGMENT_BYTES);
  }

  private static Event event(String id, long sequenceNr, int bytes) {
    return new Event(id, sequenceNr, ByteBuffer.allocate(bytes));
  }

  private static List<Long> numbers(JournalStore store, String id) throws IOException {
    return store.read(id, 0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE).stream()
        .map(StoredEvent::sequenceNr)
        .toList();
  }
}
