package dev.ritsem.client;

import akka.Done;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;

/** What a running source can be asked and told. Thread-safe. */
public interface Control {
  /**
   * Fetches no more, completes the source when what is fetched has been taken, and keeps its
   * connections until {@link #shutdown} or the completion.
   *
   * @return completes when the source has completed
   */
  CompletionStage<Done> stop();

  /**
   * Completes the source at once and gives its connections back.
   *
   * @return completes when all is given back
   */
  CompletionStage<Done> shutdown();

  /**
   * Stops the source, waits until the stream is done with what it was given, and shuts down.
   *
   * @param streamCompletion what the stream's sink materialized
   * @param executor runs the steps in between
   * @return the stream's own result, after the shutdown; its failure if it failed
   */
  <T> CompletionStage<T> drainAndShutdown(CompletionStage<T> streamCompletion, Executor executor);

  /** Completes when the source has ended for whatever reason and has given everything back. */
  CompletionStage<Done> isShutdown();

  /**
   * The next offset that each partition delivers. Completes when every partition has found its
   * start, so what is produced afterwards is seen by a source that started at latest.
   */
  CompletionStage<Map<TopicPartition, Long>> positions();

  /** What the source has done so far. */
  CompletionStage<ConsumerMetrics> metrics();
}
