package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.log.BrokenLogException;
import dev.ritsem.log.Disk;
import dev.ritsem.log.NioDisk;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.replication.journal.JournalEntry.Event;
import dev.ritsem.replication.journal.JournalStore.StoredEvent;
import dev.ritsem.testing.ManualClock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal's files: what is read back, what survives, and that they stay small. */
class JournalStoreTest {
  private static final int SEGMENT_BYTES = 8 * 1024;
  private static final int EVENT_BYTES = 200;

  @TempDir Path directory;

  @SuppressWarnings("NullAway.Init")
  private JournalStore store;

  @BeforeEach
  void open() throws IOException {
    store = JournalStore.open(disk(), directory, new ManualClock(1), SEGMENT_BYTES);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private static Disk disk() {
    return NioDisk.INSTANCE;
  }

  private void reopen() throws IOException {
    store.close();
    open();
  }

  @Test
  void events_of_many_ids_are_read_back_after_a_restart() throws IOException {
    for (long n = 1; n <= 50; n++) {
      for (String id : List.of("a", "b", "c")) {
        store.write(List.of(event(id, n)));
      }
    }
    assertThat(store.segmentCount()).as("several segments").isGreaterThan(2);
    for (int i = 0; i < 2; i++) {
      for (String id : List.of("a", "b", "c")) {
        assertThat(numbers(id))
            .containsExactly(LongStream.rangeClosed(1, 50).boxed().toArray(Long[]::new));
        assertThat(store.highestSequenceNr(id)).isEqualTo(50);
      }
      reopen();
    }
  }

  @Test
  void a_write_of_several_events_is_read_by_pages() throws IOException {
    store.write(List.of(event("a", 1), event("a", 2), event("a", 3), event("a", 4)));
    assertThat(store.read("a", 2, 9, 2, Integer.MAX_VALUE))
        .extracting(StoredEvent::sequenceNr)
        .containsExactly(2L, 3L);
    assertThat(store.read("a", 1, 9, 9, EVENT_BYTES + 1))
        .as("the second event reaches the bound")
        .hasSize(2);
  }

  @Test
  void the_highest_number_outlives_every_event() throws IOException {
    store.write(List.of(event("a", 1), event("a", 2)));
    store.deleteTo("a", Long.MAX_VALUE);
    fillAndCompact("b");
    reopen();
    assertThat(numbers("a")).isEmpty();
    assertThat(store.highestSequenceNr("a")).isEqualTo(2);
    store.write(List.of(event("a", 3)));
    assertThat(numbers("a")).containsExactly(3L);
  }

  @Test
  void deleted_events_give_their_room_back() throws IOException {
    long bytes = 0;
    store.write(List.of(event("keeps", 1)));
    for (long n = 1; n <= 3000; n++) {
      store.write(List.of(event("a", n)));
      store.deleteTo("a", n - 2);
      store.force();
      store.compact();
      bytes = Math.max(bytes, store.sizeInBytes());
    }
    assertThat(bytes).as("largest size").isLessThan(4 * SEGMENT_BYTES);
    for (int i = 0; i < 2; i++) {
      assertThat(numbers("a")).containsExactly(2999L, 3000L);
      assertThat(numbers("keeps")).containsExactly(1L);
      reopen();
    }
    assertThat(bytesOnDisk()).isEqualTo(store.sizeInBytes());
  }

  @Test
  void what_is_wanted_is_never_compacted_away() throws IOException {
    for (long n = 1; n <= 500; n++) {
      store.write(List.of(event("a", n), event("b", n)));
    }
    assertThat(store.compact()).as("no garbage, nothing to do").isFalse();
    store.deleteTo("b", 490);
    while (store.compact()) {
      assertThat(numbers("a")).hasSize(500);
      assertThat(numbers("b")).hasSize(10);
    }
    reopen();
    assertThat(numbers("a")).hasSize(500);
    assertThat(numbers("b")).hasSize(10);
  }

  @Test
  void the_first_copies_may_come_back_after_a_crash_in_a_compaction() throws IOException {
    for (long n = 1; n <= 100; n++) {
      store.write(List.of(event("a", n), event("b", n)));
    }
    store.deleteTo("b", 100);
    store.deleteTo("a", 5);
    store.force();
    Map<Path, byte[]> before = new HashMap<>();
    for (Path segment : segments()) {
      before.put(segment, Files.readAllBytes(segment));
    }
    while (store.compact()) {
      store.force();
    }
    store.close();
    before.keySet().removeIf(Files::exists);
    assertThat(before).as("segments that were compacted").isNotEmpty();
    for (Map.Entry<Path, byte[]> segment : before.entrySet()) {
      Files.write(segment.getKey(), segment.getValue());
    }
    open();
    assertThat(numbers("a")).hasSize(95).startsWith(6L);
    assertThat(numbers("b")).isEmpty();
    assertThat(store.highestSequenceNr("b")).isEqualTo(100);
  }

  @Test
  void a_torn_tail_is_cut() throws IOException {
    store.write(List.of(event("a", 1)));
    store.write(List.of(event("a", 2), event("a", 3)));
    store.close();
    Path last = segments().get(0);
    long whole = Files.size(last);
    try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
      file.setLength(whole - 1);
    }
    open();
    assertThat(numbers("a")).as("both events of the torn write are gone").containsExactly(1L);
    assertThat(store.highestSequenceNr("a")).isEqualTo(1);
    store.write(List.of(event("a", 2)));
    reopen();
    assertThat(numbers("a")).containsExactly(1L, 2L);
  }

  @Test
  void noise_behind_the_last_write_is_cut() throws IOException {
    store.write(List.of(event("a", 1)));
    store.close();
    Path last = segments().get(0);
    byte[] noise = new byte[1000];
    noise[RecordBatch.MAGIC_AT] = RecordBatch.MAGIC_V2;
    noise[RecordBatch.LENGTH_AT + 3] = 100;
    Files.write(last, noise, StandardOpenOption.APPEND);
    open();
    assertThat(numbers("a")).containsExactly(1L);
    assertThat(bytesOnDisk()).isEqualTo(store.sizeInBytes());
  }

  @Test
  void damage_before_the_last_segment_stops_the_start() throws IOException {
    while (store.segmentCount() < 3) {
      store.write(List.of(event("a", store.highestSequenceNr("a") + 1)));
    }
    store.close();
    Path first = segments().get(0);
    byte[] bytes = Files.readAllBytes(first);
    bytes[bytes.length / 2]++;
    Files.write(first, bytes);
    assertThatThrownBy(
            () -> JournalStore.open(disk(), directory, new ManualClock(1), SEGMENT_BYTES))
        .isInstanceOf(BrokenLogException.class)
        .hasMessageContaining(first.toString());
    bytes[bytes.length / 2]--;
    Files.write(first, bytes);
    open();
  }

  @Test
  void damage_that_comes_later_is_found_by_the_read() throws IOException {
    store.write(List.of(event("a", 1)));
    store.force();
    Path last = segments().get(0);
    byte[] bytes = Files.readAllBytes(last);
    bytes[bytes.length - 1]++;
    Files.write(last, bytes);
    assertThatThrownBy(() -> numbers("a")).isInstanceOf(BrokenLogException.class);
  }

  @Test
  void thousands_of_ids_are_indexed() throws IOException {
    for (int i = 0; i < 5000; i++) {
      store.write(List.of(event("topic-" + i + "@1", 1), event("topic-" + i + "@1", 2)));
    }
    reopen();
    assertThat(store.persistenceIdCount()).isEqualTo(5000);
    assertThat(numbers("topic-4999@1")).containsExactly(1L, 2L);
  }

  private void fillAndCompact(String id) throws IOException {
    for (long n = 1; n <= 200; n++) {
      store.write(List.of(event(id, n)));
    }
    store.deleteTo(id, 200);
    store.force();
    assertThat(store.compact()).isTrue();
    while (store.compact()) {
      store.force();
    }
  }

  private List<Long> numbers(String id) throws IOException {
    List<StoredEvent> events =
        store.read(id, 0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (StoredEvent event : events) {
      assertThat(event.bytes()).isEqualTo(event(id, event.sequenceNr()).bytes());
    }
    return events.stream().map(StoredEvent::sequenceNr).toList();
  }

  private static Event event(String id, long sequenceNr) {
    ByteBuffer bytes = ByteBuffer.allocate(EVENT_BYTES);
    bytes.put((id + sequenceNr).getBytes(StandardCharsets.UTF_8)).rewind();
    return new Event(id, sequenceNr, bytes);
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted(Comparator.naturalOrder()).toList();
    }
  }

  private long bytesOnDisk() throws IOException {
    long bytes = 0;
    for (Path file : segments()) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
