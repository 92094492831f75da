package dev.ritsem.replication.journal;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Actor;
import akka.actor.ActorRef;
import akka.actor.ExtendedActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.DeleteMessagesSuccess;
import akka.persistence.JournalProtocol.DeleteMessagesTo;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.JournalProtocol.WriteMessageFailure;
import akka.persistence.JournalProtocol.WriteMessageRejected;
import akka.persistence.JournalProtocol.WriteMessageSuccess;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.JournalProtocol.WriteMessagesSuccessful$;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.serialization.JSerializer;
import akka.serialization.Serialization;
import akka.serialization.Serialization$;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.log.NioDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Akka demands of a journal: the cases of its technology compatibility kit (JournalSpec),
 * which has no release for our version. Each test finds five events of an id of its own.
 */
class LocalJournalContractTest {
  private static final String WRITER = "writer-1";
  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static JournalSystem journals;

  private final String id = "id-" + IDS.incrementAndGet();

  @BeforeAll
  static void start() {
    journals = startSystem();
  }

  private static JournalSystem startSystem() {
    return JournalSystem.start(
        NioDisk.INSTANCE,
        directory,
        ConfigFactory.parseString(
            """
            akka.actor.serializers.checking = "%1$s$CheckingSerializer"
            akka.actor.serialization-bindings."%1$s$WithReference" = checking
            """
                .formatted(LocalJournalContractTest.class.getName())));
  }

  @AfterAll
  static void stop() {
    journals.close();
  }

  @BeforeEach
  void five_events() {
    List<AtomicWrite> writes = new ArrayList<>();
    for (int n = 1; n <= 3; n++) {
      writes.add(AtomicWrite.apply(event(n, "a-" + n)));
    }
    writes.add(AtomicWrite.apply(seq(List.of(event(4, "a-4"), event(5, "a-5")))));
    TestKit probe = write(writes);
    probe.expectMsg(JournalSystem.TIMEOUT, WriteMessagesSuccessful$.MODULE$);
    for (long n = 1; n <= 5; n++) {
      assertThat(expect(probe, WriteMessageSuccess.class).persistent().sequenceNr()).isEqualTo(n);
    }
  }

  @Test
  void all_events_are_replayed() {
    assertReplay(1, NO_LIMIT, NO_LIMIT, 1, 2, 3, 4, 5);
  }

  @Test
  void events_are_replayed_from_a_lower_bound() {
    assertReplay(3, NO_LIMIT, NO_LIMIT, 3, 4, 5);
  }

  @Test
  void events_are_replayed_to_an_upper_bound() {
    assertReplay(1, 3, NO_LIMIT, 1, 2, 3);
  }

  @Test
  void events_are_replayed_up_to_a_count() {
    assertReplay(1, NO_LIMIT, 3, 1, 2, 3);
  }

  @Test
  void events_are_replayed_between_bounds() {
    assertReplay(2, 3, NO_LIMIT, 2, 3);
  }

  @Test
  void events_are_replayed_between_bounds_up_to_a_count() {
    assertReplay(2, 5, 2, 2, 3);
  }

  @Test
  void one_event_is_replayed_if_the_bounds_are_equal() {
    assertReplay(2, 2, NO_LIMIT, 2);
  }

  @Test
  void one_event_is_replayed_if_the_count_is_one() {
    assertReplay(2, 4, 1, 2);
  }

  @Test
  void nothing_is_replayed_if_the_count_is_zero() {
    assertReplay(2, 4, 0);
  }

  @Test
  void nothing_is_replayed_if_the_bounds_are_the_wrong_way_round() {
    assertReplay(3, 2, NO_LIMIT);
  }

  @Test
  void nothing_is_replayed_of_an_id_that_wrote_nothing() {
    TestKit probe = replay("unknown", 0, NO_LIMIT, NO_LIMIT);
    probe.expectMsg(JournalSystem.TIMEOUT, new RecoverySuccess(0));
  }

  @Test
  void deleted_events_are_not_replayed() {
    delete(3);
    assertReplay(1, NO_LIMIT, NO_LIMIT, 4, 5);
  }

  @Test
  void deleting_does_not_reset_the_highest_sequence_number() {
    delete(3);
    assertReplay(0, NO_LIMIT, NO_LIMIT, 4, 5);
    delete(2);
    assertReplay(0, NO_LIMIT, NO_LIMIT, 4, 5);
  }

  @Test
  void deleting_everything_does_not_reset_the_highest_sequence_number() {
    delete(NO_LIMIT);
    assertReplay(0, NO_LIMIT, NO_LIMIT);
  }

  @Test
  void a_restart_resets_nothing() {
    delete(NO_LIMIT);
    TestKit probe = write(List.of(AtomicWrite.apply(event(6, "a-6"))));
    expect(probe, WriteMessagesSuccessful$.class);
    journals.close();
    journals = startSystem();
    TestKit replayed = replay(id, 1, NO_LIMIT, NO_LIMIT);
    assertThat(expect(replayed, ReplayedMessage.class).persistent().payload()).isEqualTo("a-6");
    replayed.expectMsg(JournalSystem.TIMEOUT, new RecoverySuccess(6));
  }

  @Test
  void events_that_cannot_be_serialized_are_rejected_alone() {
    Object impossible = new Object();
    TestKit probe =
        write(
            List.of(
                AtomicWrite.apply(event(6, "b-6")),
                AtomicWrite.apply(event(7, impossible)),
                AtomicWrite.apply(event(8, "b-8"))));
    probe.expectMsg(JournalSystem.TIMEOUT, WriteMessagesSuccessful$.MODULE$);
    assertThat(expect(probe, WriteMessageSuccess.class).persistent().payload()).isEqualTo("b-6");
    assertThat(expect(probe, WriteMessageRejected.class).message().payload()).isSameAs(impossible);
    assertThat(expect(probe, WriteMessageSuccess.class).persistent().payload()).isEqualTo("b-8");
  }

  @Test
  void a_write_beyond_the_limit_is_rejected() {
    String large = "x".repeat(JournalStore.WRITE_BYTES_MAX);
    TestKit probe = write(List.of(AtomicWrite.apply(event(6, large))));
    probe.expectMsg(JournalSystem.TIMEOUT, WriteMessagesSuccessful$.MODULE$);
    expect(probe, WriteMessageRejected.class);
  }

  @Test
  void events_are_really_serialized_with_transport_information() {
    TestKit probe = journals.probe();
    WithReference payload = new WithReference(probe.getRef());
    TestKit written = write(List.of(AtomicWrite.apply(event(6, payload))));
    expect(written, WriteMessagesSuccessful$.class);
    Object read =
        expect(replay(id, 6, NO_LIMIT, NO_LIMIT), ReplayedMessage.class).persistent().payload();
    assertThat(read).isEqualTo(payload).isNotSameAs(payload);
  }

  @Test
  void metadata_of_events_is_kept() {
    PersistentRepr event = event(6, "a-6").withMetadata("about it");
    expect(write(List.of(AtomicWrite.apply(event))), WriteMessagesSuccessful$.class);
    TestKit probe = replay(id, 6, NO_LIMIT, NO_LIMIT);
    assertThat(expect(probe, ReplayedMessage.class).persistent().metadata().get())
        .isEqualTo("about it");
  }

  @Test
  void long_replays_come_in_order() {
    int last = 5 + 1000;
    List<AtomicWrite> writes =
        IntStream.rangeClosed(6, last)
            .mapToObj(n -> AtomicWrite.apply(event(n, "a-" + n)))
            .toList();
    expect(write(writes), WriteMessagesSuccessful$.class);
    assertReplayTo(last, 1, NO_LIMIT, NO_LIMIT, LongStream.rangeClosed(1, last).toArray());
  }

  /** A payload whose serializer needs to know how this system is reached. */
  public record WithReference(ActorRef reference) {}

  /** Fails if it is called without transport information. */
  public static final class CheckingSerializer extends JSerializer {
    private final ExtendedActorSystem system;

    public CheckingSerializer(ExtendedActorSystem system) {
      this.system = system;
    }

    @Override
    public int identifier() {
      return 9999;
    }

    @Override
    public boolean includeManifest() {
      return false;
    }

    @Override
    public byte[] toBinary(Object object) {
      assertThat(Serialization$.MODULE$.currentTransportInformation().value()).isNotNull();
      ActorRef reference = ((WithReference) object).reference();
      return Serialization.serializedActorPath(reference).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
      String path = new String(bytes, StandardCharsets.UTF_8);
      return new WithReference(system.provider().resolveActorRef(path));
    }
  }

  private PersistentRepr event(long sequenceNr, Object payload) {
    return PersistentRepr.apply(payload, sequenceNr, id, "", false, Actor.noSender(), WRITER);
  }

  private TestKit write(List<AtomicWrite> writes) {
    TestKit probe = journals.probe();
    List<PersistentEnvelope> envelopes = List.copyOf(writes);
    journals.journal().tell(new WriteMessages(seq(envelopes), probe.getRef(), 1), probe.getRef());
    return probe;
  }

  private void delete(long toSequenceNr) {
    TestKit probe = journals.probe();
    journals.journal().tell(new DeleteMessagesTo(id, toSequenceNr, probe.getRef()), probe.getRef());
    probe.expectMsg(JournalSystem.TIMEOUT, new DeleteMessagesSuccess(toSequenceNr));
  }

  private TestKit replay(String persistenceId, long from, long to, long countMax) {
    TestKit probe = journals.probe();
    journals
        .journal()
        .tell(
            new ReplayMessages(from, to, countMax, persistenceId, probe.getRef()), probe.getRef());
    return probe;
  }

  private void assertReplay(long from, long to, long countMax, long... expected) {
    assertReplayTo(5, from, to, countMax, expected);
  }

  private void assertReplayTo(long highest, long from, long to, long countMax, long... expected) {
    TestKit probe = replay(id, from, to, countMax);
    for (long sequenceNr : expected) {
      PersistentRepr event = expect(probe, ReplayedMessage.class).persistent();
      assertThat(event).isEqualTo(event(sequenceNr, "a-" + sequenceNr));
    }
    probe.expectMsg(JournalSystem.TIMEOUT, new RecoverySuccess(highest));
  }

  private static <T> T expect(TestKit probe, Class<T> type) {
    Object message = probe.receiveOne(JournalSystem.TIMEOUT);
    if (message instanceof WriteMessagesFailed failed) {
      throw new AssertionError(failed.cause());
    }
    if (message instanceof WriteMessageFailure failed) {
      throw new AssertionError(failed.cause());
    }
    assertThat(message).isInstanceOf(type);
    return type.cast(message);
  }

  private static <T> Seq<T> seq(List<T> list) {
    return CollectionConverters.asScala(list).toList();
  }
}
