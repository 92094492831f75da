package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Actor;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.JournalProtocol.WriteMessageFailure;
import akka.persistence.JournalProtocol.WriteMessageSuccess;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.JournalProtocol.WriteMessagesSuccessful$;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** When a write is answered: after the force that covers it, which it shares with others. */
class GroupCommitTest {
  private static final int IDS = 100;

  @TempDir Path directory;

  private final GatedDisk disk = new GatedDisk();

  @SuppressWarnings("NullAway.Init")
  private JournalSystem journals;

  @BeforeEach
  void start() {
    journals = JournalSystem.start(disk, directory, ConfigFactory.empty());
    TestKit probe = write("first", 1);
    assertWritten(probe);
  }

  @AfterEach
  void stop() {
    disk.letThrough();
    journals.close();
  }

  @Test
  void writes_of_many_ids_share_a_force_and_none_is_answered_before_it() {
    int before = disk.forces();
    disk.hold();
    TestKit waiting = write("waiting", 1);
    TestKit probe = journals.probe();
    for (int i = 0; i < IDS; i++) {
      write("id-" + i, 1, probe);
    }
    waiting.expectNoMessage(Duration.ofMillis(200));
    probe.expectNoMessage(Duration.ofMillis(50));
    disk.letThrough();
    assertWritten(waiting);
    for (int i = 0; i < IDS; i++) {
      assertWritten(probe);
    }
    assertThat(disk.forces() - before).as("forces for %d writes", IDS + 1).isBetween(1, 5);
  }

  @Test
  void a_replay_does_not_show_what_a_crash_could_still_take_back() {
    disk.hold();
    write("a", 1);
    TestKit probe = journals.probe();
    journals.journal().tell(new ReplayMessages(1, 9, 9, "a", probe.getRef()), probe.getRef());
    probe.expectNoMessage(Duration.ofMillis(200));
    disk.letThrough();
    probe.expectMsgClass(JournalSystem.TIMEOUT, ReplayedMessage.class);
    probe.expectMsg(JournalSystem.TIMEOUT, new RecoverySuccess(1));
  }

  @Test
  void after_a_failed_force_nothing_is_acknowledged_any_more() {
    disk.failForces();
    for (int n = 1; n <= 3; n++) {
      TestKit probe = write("a", n);
      probe.expectMsgClass(JournalSystem.TIMEOUT, WriteMessagesFailed.class);
      probe.expectMsgClass(JournalSystem.TIMEOUT, WriteMessageFailure.class);
    }
  }

  private TestKit write(String id, long sequenceNr) {
    TestKit probe = journals.probe();
    write(id, sequenceNr, probe);
    return probe;
  }

  private void write(String id, long sequenceNr, TestKit probe) {
    List<PersistentEnvelope> writes =
        List.of(
            AtomicWrite.apply(
                PersistentRepr.apply(
                    "event", sequenceNr, id, "", false, Actor.noSender(), "writer")));
    journals
        .journal()
        .tell(
            new WriteMessages(CollectionConverters.asScala(writes).toList(), probe.getRef(), 1),
            probe.getRef());
  }

  private static void assertWritten(TestKit probe) {
    probe.expectMsg(JournalSystem.TIMEOUT, WriteMessagesSuccessful$.MODULE$);
    probe.expectMsgClass(JournalSystem.TIMEOUT, WriteMessageSuccess.class);
  }
}
