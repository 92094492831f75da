package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.persistence.DeleteSnapshotSuccess;
import akka.persistence.DeleteSnapshotsSuccess;
import akka.persistence.SaveSnapshotFailure;
import akka.persistence.SaveSnapshotSuccess;
import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotProtocol.DeleteSnapshot;
import akka.persistence.SnapshotProtocol.DeleteSnapshots;
import akka.persistence.SnapshotProtocol.LoadSnapshot;
import akka.persistence.SnapshotProtocol.LoadSnapshotFailed;
import akka.persistence.SnapshotProtocol.LoadSnapshotResult;
import akka.persistence.SnapshotProtocol.SaveSnapshot;
import akka.persistence.SnapshotSelectionCriteria;
import akka.testkit.javadsl.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Akka demands of a snapshot store: the cases of its technology compatibility kit
 * (SnapshotStoreSpec), which has no release for our version. Each test finds five snapshots of an
 * id of its own, with the sequence numbers 11 to 15.
 */
class LocalSnapshotsContractTest {
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static JournalSystem journals;

  private final String id = "id-" + IDS.incrementAndGet();
  private final List<SnapshotMetadata> saved = new ArrayList<>();

  @BeforeAll
  static void start() {
    journals = JournalSystem.start(directory);
  }

  @AfterAll
  static void stop() {
    journals.close();
  }

  @BeforeEach
  void five_snapshots() {
    for (int n = 1; n <= 5; n++) {
      saved.add(save(new SnapshotMetadata(id, n + 10L, 0L), "s-" + n));
    }
  }

  @Test
  void nothing_is_loaded_of_an_unknown_id() {
    assertLoaded("unknown", SnapshotSelectionCriteria.latest(), NO_LIMIT, 0);
  }

  @Test
  void nothing_is_loaded_that_is_too_new() {
    assertLoaded(id, SnapshotSelectionCriteria.create(NO_LIMIT, 100), NO_LIMIT, 0);
  }

  @Test
  void nothing_is_loaded_beyond_the_sequence_number() {
    assertLoaded(id, SnapshotSelectionCriteria.create(7, NO_LIMIT), NO_LIMIT, 0);
    assertLoaded(id, SnapshotSelectionCriteria.latest(), 7, 0);
  }

  @Test
  void the_newest_is_loaded() {
    assertLoaded(id, SnapshotSelectionCriteria.latest(), NO_LIMIT, 5);
  }

  @Test
  void the_newest_up_to_a_sequence_number_is_loaded() {
    assertLoaded(id, SnapshotSelectionCriteria.create(13, NO_LIMIT), NO_LIMIT, 3);
    assertLoaded(id, SnapshotSelectionCriteria.latest(), 13, 3);
  }

  @Test
  void the_newest_up_to_a_sequence_number_and_a_time_is_loaded() {
    long time = saved.get(2).timestamp();
    assertLoaded(id, SnapshotSelectionCriteria.create(13, time), NO_LIMIT, 3);
    assertLoaded(id, SnapshotSelectionCriteria.create(NO_LIMIT, time), 13, 3);
  }

  @Test
  void one_is_deleted_by_its_sequence_number() {
    SnapshotMetadata third = new SnapshotMetadata(id, saved.get(2).sequenceNr(), 0L);
    TestKit probe = tell(new DeleteSnapshot(third));
    probe.expectMsg(JournalSystem.TIMEOUT, new DeleteSnapshotSuccess(third));
    assertLoaded(id, SnapshotSelectionCriteria.create(13, NO_LIMIT), NO_LIMIT, 2);
  }

  @Test
  void all_up_to_a_sequence_number_and_a_time_are_deleted() {
    SnapshotMetadata third = saved.get(2);
    delete(SnapshotSelectionCriteria.create(third.sequenceNr(), third.timestamp()));
    assertLoaded(id, SnapshotSelectionCriteria.create(13, NO_LIMIT), NO_LIMIT, 0);
    assertLoaded(id, SnapshotSelectionCriteria.create(14, NO_LIMIT), NO_LIMIT, 4);
  }

  @Test
  void those_that_are_too_new_are_not_deleted() {
    SnapshotMetadata fourth = saved.get(3);
    delete(SnapshotSelectionCriteria.create(fourth.sequenceNr(), saved.get(0).timestamp() - 1));
    assertLoaded(id, SnapshotSelectionCriteria.create(14, NO_LIMIT), NO_LIMIT, 4);
  }

  @Test
  void one_of_the_same_sequence_number_is_replaced() {
    save(new SnapshotMetadata(id, 15, saved.get(4).timestamp() + 1), "s-5 again");
    assertThat(load(id, SnapshotSelectionCriteria.latest(), NO_LIMIT).snapshot())
        .isEqualTo("s-5 again");
    save(saved.get(4), "s-5 once more");
    assertThat(load(id, SnapshotSelectionCriteria.latest(), NO_LIMIT).snapshot())
        .isEqualTo("s-5 once more");
  }

  @Test
  void large_ones_are_kept() {
    String large = "0123456789".repeat(500_000);
    save(new SnapshotMetadata(id, 100, 0L), large);
    assertThat(load(id, SnapshotSelectionCriteria.latest(), NO_LIMIT).snapshot()).isEqualTo(large);
  }

  @Test
  void what_cannot_be_serialized_is_refused() {
    TestKit probe = tell(new SaveSnapshot(new SnapshotMetadata(id, 16, 0L), new Object()));
    assertThat(probe.receiveOne(JournalSystem.TIMEOUT)).isInstanceOf(SaveSnapshotFailure.class);
    assertLoaded(id, SnapshotSelectionCriteria.latest(), NO_LIMIT, 5);
  }

  @Test
  void a_restart_changes_nothing() {
    journals.close();
    journals = JournalSystem.start(directory);
    assertLoaded(id, SnapshotSelectionCriteria.latest(), NO_LIMIT, 5);
    assertLoaded(id, SnapshotSelectionCriteria.create(13, NO_LIMIT), NO_LIMIT, 3);
  }

  @Test
  void an_older_one_stands_in_for_a_corrupt_one_and_none_for_all() throws IOException {
    for (Path file : files()) {
      if (file.toString().contains("-00000000000000000015-")) {
        corrupt(file);
      }
    }
    assertLoaded(id, SnapshotSelectionCriteria.latest(), NO_LIMIT, 4);
    for (Path file : files()) {
      corrupt(file);
    }
    assertThat(
            tell(new LoadSnapshot(id, SnapshotSelectionCriteria.latest(), NO_LIMIT))
                .receiveOne(JournalSystem.TIMEOUT))
        .isInstanceOf(LoadSnapshotFailed.class);
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("snapshots"))) {
      return files.toList();
    }
  }

  private static void corrupt(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1]++;
    Files.write(file, bytes);
  }

  private SnapshotMetadata save(SnapshotMetadata metadata, Object snapshot) {
    TestKit probe = tell(new SaveSnapshot(metadata, snapshot));
    return probe.expectMsgClass(JournalSystem.TIMEOUT, SaveSnapshotSuccess.class).metadata();
  }

  private void delete(SnapshotSelectionCriteria criteria) {
    TestKit probe = tell(new DeleteSnapshots(id, criteria));
    probe.expectMsg(JournalSystem.TIMEOUT, new DeleteSnapshotsSuccess(criteria));
  }

  private void assertLoaded(
      String persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr, int expected) {
    LoadSnapshotResult result = result(persistenceId, criteria, toSequenceNr);
    assertThat(result.toSequenceNr()).isEqualTo(toSequenceNr);
    if (expected == 0) {
      assertThat(result.snapshot().isEmpty()).as("nothing loaded").isTrue();
      return;
    }
    SelectedSnapshot snapshot = result.snapshot().get();
    assertThat(snapshot.snapshot()).isEqualTo("s-" + expected);
    assertThat(snapshot.metadata()).isEqualTo(saved.get(expected - 1));
  }

  private SelectedSnapshot load(
      String persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) {
    return result(persistenceId, criteria, toSequenceNr).snapshot().get();
  }

  private LoadSnapshotResult result(
      String persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr) {
    TestKit probe = tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr));
    return probe.expectMsgClass(JournalSystem.TIMEOUT, LoadSnapshotResult.class);
  }

  private TestKit tell(Object message) {
    TestKit probe = journals.probe();
    journals.snapshots().tell(message, probe.getRef());
    return probe;
  }
}
