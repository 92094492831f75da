package dev.ritsem.app;

import dev.ritsem.metadata.controller.BrokerRegistrationRequest;
import dev.ritsem.metadata.controller.ConfigAlteration;
import dev.ritsem.metadata.controller.Controller;
import dev.ritsem.metadata.controller.NewPartitions;
import dev.ritsem.metadata.controller.NewTopic;
import dev.ritsem.metadata.controller.TopicRef;
import dev.ritsem.metadata.controller.TopicResult;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.replication.Replicas;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The controller as this broker's clients see it: a topic or partition is answered as created when
 * the replicas here have taken it up. Else the client that created it could write to it before it
 * has a leader, and be refused: with acks=0 its first records would be lost, and with several
 * requests in flight and no idempotence they would be stored out of order.
 */
record FollowedController(Controller controller, ImagePublisher images, Replicas replicas)
    implements Controller {
  /** A replica that takes longer is answered without: its clients are refused and try again. */
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(5);

  @Override
  public CompletionStage<List<TopicResult>> createTopics(
      List<NewTopic> topics, boolean validateOnly, Duration timeout) {
    return followed(controller.createTopics(topics, validateOnly, timeout));
  }

  @Override
  public CompletionStage<List<TopicResult>> deleteTopics(List<TopicRef> topics, Duration timeout) {
    return controller.deleteTopics(topics, timeout);
  }

  @Override
  public CompletionStage<List<TopicResult>> createPartitions(
      List<NewPartitions> topics, boolean validateOnly, Duration timeout) {
    return followed(controller.createPartitions(topics, validateOnly, timeout));
  }

  @Override
  public CompletionStage<List<TopicResult>> alterTopicConfigs(
      List<ConfigAlteration> alterations, boolean validateOnly) {
    return controller.alterTopicConfigs(alterations, validateOnly);
  }

  @Override
  public CompletionStage<Long> nextProducerIdBlock() {
    return controller.nextProducerIdBlock();
  }

  @Override
  public CompletionStage<BrokerRegistration> registerBroker(BrokerRegistrationRequest request) {
    return controller.registerBroker(request);
  }

  @Override
  public CompletionStage<BrokerRegistration> unfenceBroker(BrokerId broker, long brokerEpoch) {
    return controller.unfenceBroker(broker, brokerEpoch);
  }

  @Override
  public CompletionStage<BrokerRegistration> fenceBroker(BrokerId broker, long brokerEpoch) {
    return controller.fenceBroker(broker, brokerEpoch);
  }

  private CompletionStage<List<TopicResult>> followed(CompletionStage<List<TopicResult>> created) {
    return created.thenCompose(
        results ->
            replicas
                .following(images.current().version())
                .toCompletableFuture()
                .orTimeout(FOLLOW_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, late) -> results));
  }
}
