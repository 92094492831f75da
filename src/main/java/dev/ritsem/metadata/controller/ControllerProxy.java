package dev.ritsem.metadata.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.AskPattern;
import dev.ritsem.metadata.controller.ControllerActor.Command;
import dev.ritsem.metadata.controller.ControllerActor.Reply;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The controller as seen from elsewhere on its node: turns calls into messages and answers into
 * stages. It lets only so many requests wait, and gives each only so much time.
 */
public final class ControllerProxy implements Controller {
  /** How many requests may be under way; less than what the actor can keep waiting. */
  static final int IN_FLIGHT_MAX = 1_000;

  private final ActorRef<Command> controller;
  private final Scheduler scheduler;
  private final AtomicInteger inFlight = new AtomicInteger();

  public ControllerProxy(ActorRef<Command> controller, ActorSystem<?> system) {
    this.controller = controller;
    this.scheduler = system.scheduler();
  }

  @Override
  public CompletionStage<List<TopicResult>> createTopics(
      List<NewTopic> topics, boolean validateOnly, Duration timeout) {
    return ask(timeout, replyTo -> new ControllerActor.CreateTopics(topics, validateOnly, replyTo));
  }

  @Override
  public CompletionStage<List<TopicResult>> deleteTopics(List<TopicRef> topics, Duration timeout) {
    return ask(timeout, replyTo -> new ControllerActor.DeleteTopics(topics, replyTo));
  }

  @Override
  public CompletionStage<List<TopicResult>> createPartitions(
      List<NewPartitions> topics, boolean validateOnly, Duration timeout) {
    return ask(
        timeout, replyTo -> new ControllerActor.CreatePartitions(topics, validateOnly, replyTo));
  }

  @Override
  public CompletionStage<List<TopicResult>> alterTopicConfigs(
      List<ConfigAlteration> alterations, boolean validateOnly) {
    return ask(
        DEFAULT_TIMEOUT,
        replyTo -> new ControllerActor.AlterTopicConfigs(alterations, validateOnly, replyTo));
  }

  @Override
  public CompletionStage<Long> nextProducerIdBlock() {
    return ask(DEFAULT_TIMEOUT, ControllerActor.ReserveProducerIds::new);
  }

  @Override
  public CompletionStage<BrokerRegistration> registerBroker(BrokerRegistrationRequest request) {
    return ask(DEFAULT_TIMEOUT, replyTo -> new ControllerActor.RegisterBroker(request, replyTo));
  }

  @Override
  public CompletionStage<BrokerRegistration> unfenceBroker(BrokerId broker, long brokerEpoch) {
    return ask(
        DEFAULT_TIMEOUT,
        replyTo -> new ControllerActor.UnfenceBroker(broker, brokerEpoch, replyTo));
  }

  @Override
  public CompletionStage<BrokerRegistration> fenceBroker(BrokerId broker, long brokerEpoch) {
    return ask(
        DEFAULT_TIMEOUT, replyTo -> new ControllerActor.FenceBroker(broker, brokerEpoch, replyTo));
  }

  private <T> CompletionStage<T> ask(
      Duration timeout, akka.japi.function.Function<ActorRef<Reply<T>>, Command> command) {
    if (inFlight.incrementAndGet() > IN_FLIGHT_MAX) {
      inFlight.decrementAndGet();
      return CompletableFuture.failedFuture(
          new WireException(
              ErrorCode.THROTTLING_QUOTA_EXCEEDED,
              "The controller has " + IN_FLIGHT_MAX + " requests to do already; try again later."));
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    AskPattern.ask(controller, command, timeout, scheduler)
        .whenComplete(
            (reply, failure) -> {
              inFlight.decrementAndGet();
              complete(answer, reply, timeout);
            });
    return answer;
  }

  private static <T> void complete(
      CompletableFuture<T> answer, @Nullable Reply<T> reply, Duration timeout) {
    if (reply == null) {
      answer.completeExceptionally(
          new WireException(
              ErrorCode.REQUEST_TIMED_OUT,
              "The controller has not answered within %d ms.".formatted(timeout.toMillis())));
    } else if (reply.value() == null) {
      String message = reply.message();
      answer.completeExceptionally(
          new WireException(reply.error(), message == null ? "" : message));
    } else {
      answer.complete(reply.value());
    }
  }
}
