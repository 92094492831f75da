package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.model.BrokerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a broker may ask of the controller, wherever it runs. Thread-safe; nothing here blocks.
 *
 * <p>A stage completes when the answer is committed, and on the controller's own node after its
 * image has been published there. Errors of single items are in their {@link TopicResult}; a
 * request that as a whole is refused completes with a {@link dev.ritsem.model.WireException}:
 * REQUEST_TIMED_OUT if no answer came in time (the outcome is then unknown),
 * THROTTLING_QUOTA_EXCEEDED if too many requests wait already (nothing was done).
 */
public interface Controller {
  /** How long an answer is awaited where the caller names no time of its own. */
  Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /** Producer ids come in blocks of this many (KIP-730). */
  int PRODUCER_ID_BLOCK_SIZE = 1000;

  /**
   * Creates topics.
   *
   * @param validateOnly whether only to say what would happen
   * @return one result per name, in the order of the request
   */
  CompletionStage<List<TopicResult>> createTopics(
      List<NewTopic> topics, boolean validateOnly, Duration timeout);

  default CompletionStage<List<TopicResult>> createTopics(
      List<NewTopic> topics, boolean validateOnly) {
    return createTopics(topics, validateOnly, DEFAULT_TIMEOUT);
  }

  /** Deletes topics, each by its name or by its id. */
  CompletionStage<List<TopicResult>> deleteTopics(List<TopicRef> topics, Duration timeout);

  default CompletionStage<List<TopicResult>> deleteTopics(List<TopicRef> topics) {
    return deleteTopics(topics, DEFAULT_TIMEOUT);
  }

  /** Raises partition counts; the result's partitions are the new total. */
  CompletionStage<List<TopicResult>> createPartitions(
      List<NewPartitions> topics, boolean validateOnly, Duration timeout);

  default CompletionStage<List<TopicResult>> createPartitions(
      List<NewPartitions> topics, boolean validateOnly) {
    return createPartitions(topics, validateOnly, DEFAULT_TIMEOUT);
  }

  /** Changes what topics override of the broker's configs (KIP-339). */
  CompletionStage<List<TopicResult>> alterTopicConfigs(
      List<ConfigAlteration> alterations, boolean validateOnly);

  /**
   * Reserves {@link #PRODUCER_ID_BLOCK_SIZE} producer ids that nobody else was or will be given.
   *
   * @return the first of them
   */
  CompletionStage<Long> nextProducerIdBlock();

  /**
   * Makes a broker known, fenced. Partitions that an earlier incarnation led have no leader until
   * the broker is unfenced.
   *
   * @return its registration, with the epoch that it must name from now on
   */
  CompletionStage<BrokerRegistration> registerBroker(BrokerRegistrationRequest request);

  /**
   * Says that a registered broker is ready: its logs are open. It becomes leader again where nobody
   * else leads, in new leader epochs.
   */
  CompletionStage<BrokerRegistration> unfenceBroker(BrokerId broker, long brokerEpoch);

  /** Takes leaderships from a broker that leaves or can no longer be reached. */
  CompletionStage<BrokerRegistration> fenceBroker(BrokerId broker, long brokerEpoch);
}
