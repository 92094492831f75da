package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Actor;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayMessagesFailure;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.persistence.SnapshotProtocol.LoadSnapshot;
import akka.persistence.SnapshotProtocol.LoadSnapshotFailed;
import akka.persistence.SnapshotSelectionCriteria;
import akka.testkit.javadsl.TestKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Files that cannot be opened: whoever needs them is told at once, and what is the matter. */
class DamagedJournalTest {
  @TempDir Path directory;

  @Test
  void requests_to_a_journal_that_cannot_be_opened_fail_with_the_cause() throws IOException {
    Files.write(directory.resolve("journal"), new byte[1]);
    try (JournalSystem journals = JournalSystem.start(directory)) {
      TestKit probe = journals.probe();
      journals.journal().tell(new ReplayMessages(1, 9, 9, "a", probe.getRef()), probe.getRef());
      assertThat(probe.expectMsgClass(JournalSystem.TIMEOUT, ReplayMessagesFailure.class).cause())
          .hasMessageContaining("could not be opened")
          .hasRootCauseInstanceOf(IOException.class);
      PersistentRepr event =
          PersistentRepr.apply("event", 1, "a", "", false, Actor.noSender(), "writer");
      List<PersistentEnvelope> writes = List.of(AtomicWrite.apply(event));
      journals
          .journal()
          .tell(
              new WriteMessages(CollectionConverters.asScala(writes).toList(), probe.getRef(), 1),
              probe.getRef());
      probe.expectMsgClass(JournalSystem.TIMEOUT, WriteMessagesFailed.class);
    }
  }

  @Test
  void requests_to_a_snapshot_store_that_cannot_be_opened_fail_with_the_cause() throws IOException {
    Files.write(directory.resolve("snapshots"), new byte[1]);
    try (JournalSystem journals = JournalSystem.start(directory)) {
      TestKit probe = journals.probe();
      journals
          .snapshots()
          .tell(
              new LoadSnapshot("a", SnapshotSelectionCriteria.latest(), Long.MAX_VALUE),
              probe.getRef());
      assertThat(probe.expectMsgClass(JournalSystem.TIMEOUT, LoadSnapshotFailed.class).cause())
          .hasMessageContaining("could not be opened");
    }
  }
}
