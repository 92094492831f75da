package dev.ritsem.replication.journal;

import akka.actor.Actor;
import akka.japi.pf.ReceiveBuilder;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import com.typesafe.config.Config;
import dev.ritsem.replication.journal.JournalEntry.Event;
import dev.ritsem.replication.journal.JournalStore.StoredEvent;
import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/**
 * The journal plugin: {@link JournalStore} as an Akka Persistence journal. It is an actor on a
 * dispatcher of its own, because it waits for the disk, and the store's only user.
 *
 * <p>Group commit: a write is put into the file at once and answered after the next force, for
 * which the actor sends itself a message. Whatever has arrived before that message is covered by
 * the same force; while the actor waits for the disk, the next group gathers in its mailbox. Each
 * persistent actor has one write under way, which bounds the mailbox by their number. Reads are
 * answered after the force too, so that nobody acts on an event that a crash could still take back.
 */
public final class LocalJournal extends AsyncWriteJournal {
  /** How much of a replay is done before other messages get their turn. */
  private static final int REPLAY_EVENTS_MAX = 200;

  private static final int REPLAY_BYTES_MAX = 1024 * 1024;

  private final Opened<JournalStore> store;
  private final Serialization serialization;

  /** What the next force answers. */
  private final List<Answer<?>> afterForce = new ArrayList<>();

  /** Sent to itself: make everything written so far durable, and answer. */
  private enum Force {
    INSTANCE
  }

  /** Sent to itself: the next part of a replay. */
  private record Replay(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long countMax,
      Consumer<PersistentRepr> replayed,
      CompletableFuture<Void> done) {}

  private record Answer<T>(CompletableFuture<T> future, @Nullable T value) {
    void give() {
      future.complete(value);
    }
  }

  /**
   * @param config the plugin's section: {@code segment-bytes}
   */
  public LocalJournal(Config config) {
    LocalJournalSetup setup = LocalJournalSetup.of(context().system());
    this.serialization = SerializationExtension.get(context().system());
    this.store =
        Opened.attempt(
            "the journal",
            () ->
                JournalStore.open(
                    setup.disk(),
                    setup.journalDirectory(),
                    setup.clock(),
                    Math.toIntExact(config.getBytes("segment-bytes"))));
    if (store.failure() != null) {
      context().system().log().error(store.failure(), "The journal cannot be opened");
    }
  }

  @Override
  public void postStop() throws Exception {
    if (store.failure() == null) {
      onForce();
      store.get().close();
    }
    super.postStop();
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
    return ReceiveBuilder.create()
        .matchEquals(Force.INSTANCE, force -> onForce())
        .match(Replay.class, this::onReplay)
        .build()
        .onMessage();
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> writes) {
    List<Optional<Exception>> rejections = new ArrayList<>();
    try {
      for (AtomicWrite write : writes) {
        rejections.add(write(write));
      }
      return answerAfterForce(rejections);
    } catch (IOException | RuntimeException e) {
      // The writes before this one are in the file, with an unknown outcome: their actors are told
      // of a failure, and read the journal when they start again.
      return failed(e);
    }
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    try {
      store.get().deleteTo(persistenceId, toSequenceNr);
      return this.<Void>answerAfterForce(null);
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    try {
      return answerAfterForce(store.get().highestSequenceNr(persistenceId));
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** Akka calls this from a future's callback, so the work goes through the mailbox. */
  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long countMax,
      Consumer<PersistentRepr> replayed) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tellSelf(new Replay(persistenceId, fromSequenceNr, toSequenceNr, countMax, replayed, done));
    return FutureConverters.asScala(done);
  }

  private void onReplay(Replay replay) {
    try {
      int pageMax = (int) Math.min(REPLAY_EVENTS_MAX, replay.countMax());
      List<StoredEvent> page =
          store
              .get()
              .read(
                  replay.persistenceId(),
                  replay.fromSequenceNr(),
                  replay.toSequenceNr(),
                  pageMax,
                  REPLAY_BYTES_MAX);
      for (StoredEvent event : page) {
        replay.replayed().accept(deserialize(event));
      }
      long last = page.isEmpty() ? replay.toSequenceNr() : page.get(page.size() - 1).sequenceNr();
      long highest = store.get().highestSequenceNr(replay.persistenceId());
      if (page.size() == replay.countMax() || last >= Math.min(replay.toSequenceNr(), highest)) {
        giveAfterForce(new Answer<>(replay.done(), null));
        return;
      }
      tellSelf(
          new Replay(
              replay.persistenceId(),
              last + 1,
              replay.toSequenceNr(),
              replay.countMax() - page.size(),
              replay.replayed(),
              replay.done()));
    } catch (IOException | RuntimeException e) {
      replay.done().completeExceptionally(e);
    }
  }

  private void onForce() {
    List<Answer<?>> answers = List.copyOf(afterForce);
    afterForce.clear();
    try {
      store.get().force();
    } catch (IOException | RuntimeException e) {
      answers.forEach(answer -> answer.future().completeExceptionally(e));
      return;
    }
    answers.forEach(Answer::give);
    try {
      if (store.get().compact()) {
        // One segment at a time, so that writes get their turn in between.
        scheduleForce();
      }
    } catch (IOException | RuntimeException e) {
      context().system().log().error(e, "The journal could not be compacted; it grows on");
    }
  }

  /** Puts a write into the file, unless an event of it cannot be kept: that is its rejection. */
  private Optional<Exception> write(AtomicWrite write) throws IOException {
    List<Event> events = new ArrayList<>(write.size());
    long bytes = 0;
    for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
      try {
        ByteBuffer serialized = ByteBuffer.wrap(serialize(event));
        bytes += serialized.remaining();
        events.add(new Event(event.persistenceId(), event.sequenceNr(), serialized));
      } catch (NotSerializableException e) {
        return Optional.of(e);
      }
    }
    if (bytes > JournalStore.WRITE_BYTES_MAX) {
      return Optional.of(
          new IllegalArgumentException(
              "%d bytes of events in one write of %s; the journal takes %d"
                  .formatted(bytes, write.persistenceId(), JournalStore.WRITE_BYTES_MAX)));
    }
    store.get().write(events);
    return Optional.empty();
  }

  private byte[] serialize(PersistentRepr event) throws NotSerializableException {
    // Who sent the command is of no interest later, and its reference of no use.
    PersistentRepr stored =
        event.update(
            event.sequenceNr(),
            event.persistenceId(),
            event.deleted(),
            Actor.noSender(),
            event.writerUuid());
    try {
      return serialization.serialize(stored).get();
    } catch (Exception e) {
      // Whatever a serializer throws, also what it does not declare: the event cannot be kept.
      NotSerializableException rejection =
          new NotSerializableException(
              "%s of %s: %s"
                  .formatted(event.payload().getClass(), event.persistenceId(), e.getMessage()));
      rejection.initCause(e);
      throw rejection;
    }
  }

  private PersistentRepr deserialize(StoredEvent event) throws IOException {
    byte[] bytes = new byte[event.bytes().remaining()];
    event.bytes().duplicate().get(bytes);
    try {
      return serialization.deserialize(bytes, PersistentRepr.class).get();
    } catch (Exception e) {
      // Whatever a serializer throws, also what it does not declare.
      throw new IOException("event %d cannot be read".formatted(event.sequenceNr()), e);
    }
  }

  private <T> Future<T> answerAfterForce(@Nullable T value) throws IOException {
    Answer<T> answer = new Answer<>(new CompletableFuture<>(), value);
    giveAfterForce(answer);
    return FutureConverters.asScala(answer.future());
  }

  private void giveAfterForce(Answer<?> answer) throws IOException {
    if (!store.get().isForceDue()) {
      answer.give();
      return;
    }
    afterForce.add(answer);
    if (afterForce.size() == 1) {
      scheduleForce();
    }
  }

  private void scheduleForce() {
    tellSelf(Force.INSTANCE);
  }

  private void tellSelf(Object message) {
    self().tell(message, self());
  }

  private static <T> Future<T> failed(Exception cause) {
    return FutureConverters.asScala(CompletableFuture.failedFuture(cause));
  }
}
