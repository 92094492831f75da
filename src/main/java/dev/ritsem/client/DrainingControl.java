package dev.ritsem.client;

import akka.Done;
import akka.japi.Pair;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;

/**
 * A source's control together with the completion of the stream behind it, so that the whole can be
 * drained with one call. Use it as the combiner of materialized values: {@code toMat(sink,
 * DrainingControl::create)}.
 *
 * @param <T> what the stream completes with
 */
public final class DrainingControl<T> implements Control {
  private final Control control;
  private final CompletionStage<T> streamCompletion;

  private DrainingControl(Control control, CompletionStage<T> streamCompletion) {
    this.control = control;
    this.streamCompletion = streamCompletion;
  }

  public static <T> DrainingControl<T> create(
      Control control, CompletionStage<T> streamCompletion) {
    return new DrainingControl<>(control, streamCompletion);
  }

  public static <T> DrainingControl<T> create(Pair<Control, CompletionStage<T>> pair) {
    return new DrainingControl<>(pair.first(), pair.second());
  }

  /** Stops the source, waits for the stream, shuts down; gives the stream's result. */
  public CompletionStage<T> drainAndShutdown(Executor executor) {
    return control.drainAndShutdown(streamCompletion, executor);
  }

  /** What the stream completes with. */
  public CompletionStage<T> streamCompletion() {
    return streamCompletion;
  }

  @Override
  public CompletionStage<Done> stop() {
    return control.stop();
  }

  @Override
  public CompletionStage<Done> shutdown() {
    return control.shutdown();
  }

  @Override
  public <S> CompletionStage<S> drainAndShutdown(
      CompletionStage<S> streamCompletion, Executor executor) {
    return control.drainAndShutdown(streamCompletion, executor);
  }

  @Override
  public CompletionStage<Done> isShutdown() {
    return control.isShutdown();
  }

  @Override
  public CompletionStage<Map<TopicPartition, Long>> positions() {
    return control.positions();
  }

  @Override
  public CompletionStage<ConsumerMetrics> metrics() {
    return control.metrics();
  }
}
