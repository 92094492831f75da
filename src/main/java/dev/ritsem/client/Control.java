package dev.ritsem.client;

import akka.Done;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.TopicPartition;

/** What a running source can be asked and told. Thread-safe. */
public interface Control {
  /**
   * Completes the source: it hands out nothing more. What was fetched ahead is dropped; what was
   * handed out goes on downstream.
   *
   * @return completes when the source has ended and its connections are closed
   */
  CompletionStage<Done> stop();

  /** The same as {@link #stop} for a source without offsets of its own to commit. */
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
