package dev.ritsem.client;

import akka.Done;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/** The control of one source: commands go into the stage, answers come out of it. */
final class SourceControl implements Control {
  /** What the stage can be told. */
  sealed interface Command {}

  record Stop() implements Command {}

  record AskPositions(CompletableFuture<Map<TopicPartition, Long>> answer) implements Command {}

  record AskMetrics(CompletableFuture<ConsumerMetrics> answer) implements Command {}

  private final CompletableFuture<Done> shutdown = new CompletableFuture<>();
  private final Consumer<Command> stage;

  /**
   * A control.
   *
   * @param stage takes commands from any thread; those that come after the end are dropped
   */
  SourceControl(Consumer<Command> stage) {
    this.stage = stage;
  }

  /** The stage has ended, and its connections are closed. */
  void onShutdown() {
    shutdown.complete(Done.getInstance());
  }

  @Override
  public CompletionStage<Done> stop() {
    stage.accept(new Stop());
    return isShutdown();
  }

  @Override
  public CompletionStage<Done> shutdown() {
    return stop();
  }

  @Override
  public <T> CompletionStage<T> drainAndShutdown(
      CompletionStage<T> streamCompletion, Executor executor) {
    var stopped = stop();
    return streamCompletion
        .handleAsync(
            (result, failure) ->
                stopped.thenApply(
                    done -> {
                      if (failure != null) {
                        throw failure instanceof CompletionException wrapped
                            ? wrapped
                            : new CompletionException(failure);
                      }
                      return result;
                    }),
            executor)
        .thenCompose(Function.identity());
  }

  @Override
  public CompletionStage<Done> isShutdown() {
    return shutdown.minimalCompletionStage();
  }

  @Override
  public CompletionStage<Map<TopicPartition, Long>> positions() {
    CompletableFuture<Map<TopicPartition, Long>> answer = new CompletableFuture<>();
    return ask(new AskPositions(answer), answer);
  }

  @Override
  public CompletionStage<ConsumerMetrics> metrics() {
    CompletableFuture<ConsumerMetrics> answer = new CompletableFuture<>();
    return ask(new AskMetrics(answer), answer);
  }

  private <T> CompletionStage<T> ask(Command command, CompletableFuture<T> answer) {
    stage.accept(command);
    var unused =
        shutdown.thenRun(
            () -> answer.completeExceptionally(new IllegalStateException("the source has ended")));
    return answer.minimalCompletionStage();
  }
}
