package dev.ritsem.replication;

import akka.actor.SuppressedDeadLetter;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;

/**
 * Answers requests that reached a partition's mailbox too late: its owner had stopped, or did while
 * they were queued. Akka reports such messages as dead letters, and this actor listens; without it
 * their senders would wait for ever.
 */
final class UndeliveredAppends {
  private UndeliveredAppends() {}

  static Behavior<SuppressedDeadLetter> create() {
    return Behaviors.setup(
        context -> {
          context
              .getSystem()
              .eventStream()
              .tell(new EventStream.Subscribe<>(SuppressedDeadLetter.class, context.getSelf()));
          return Behaviors.receiveMessage(
              letter -> {
                answer(letter.message());
                return Behaviors.same();
              });
        });
  }

  /** Answers a request that nobody will handle; anything else is ignored. */
  static void answer(Object message) {
    if (message instanceof PartitionLog.Append append) {
      LeadingLog.answer(append.listener(), append.target().refusal());
    } else if (message instanceof PartitionLog.DeleteRecords request) {
      AppendResult refusal = request.target().refusal();
      request.reply().complete(DeleteRecordsResult.failed(refusal.error(), refusal.message()));
    }
  }
}
