package dev.ritsem.metadata.controller;

import dev.ritsem.config.Settings;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The controller without an actor and without a journal, for tests of what stands above it: the
 * real core decides, and every call is answered before it returns.
 */
public final class CoreController implements Controller {
  public static final String CLUSTER_ID = ClusterFixture.CLUSTER_ID;

  private final ImagePublisher publisher = new ImagePublisher();
  private final ControllerCore core;
  private ClusterImage image = ClusterImage.EMPTY;
  private @Nullable WireException refusal;

  public CoreController(ControllerSettings settings, Settings broker) {
    Random random = Seeds.random(1);
    this.core =
        new ControllerCore(
            settings,
            new LogConfigRules(broker),
            registered -> false,
            IdSource.from(random),
            random);
    decide(now -> core.start(now, CLUSTER_ID, new BrokerId(1)));
  }

  /** One with default settings, and active brokers 1 to {@code count}, without hosts. */
  public static CoreController ofBrokers(int count) {
    CoreController controller =
        new CoreController(ControllerSettings.of(Settings.defaults()), Settings.defaults());
    for (int id = 1; id <= count; id++) {
      controller.start(id, new Endpoint("PLAINTEXT", "PLAINTEXT", "", 9090 + id));
    }
    return controller;
  }

  /** Registers a broker and makes it active. */
  public BrokerRegistration start(int id, Endpoint... endpoints) {
    BrokerRegistration registered =
        registerBroker(
                new BrokerRegistrationRequest(
                    new BrokerId(id),
                    CLUSTER_ID,
                    new UUID(id, image.version()),
                    List.of(endpoints),
                    "rack-" + id))
            .toCompletableFuture()
            .join();
    return unfenceBroker(registered.id(), registered.epoch()).toCompletableFuture().join();
  }

  /** Creates a topic that must be possible. */
  public TopicResult create(NewTopic topic) {
    TopicResult result = createTopics(List.of(topic), false).toCompletableFuture().join().get(0);
    if (!result.succeeded()) {
      throw new AssertionError(result.toString());
    }
    return result;
  }

  /** From now on refuses every request as a whole. */
  public void refuseAll(WireException why) {
    refusal = why;
  }

  public ImagePublisher publisher() {
    return publisher;
  }

  public ClusterImage image() {
    return image;
  }

  @Override
  public CompletionStage<List<TopicResult>> createTopics(
      List<NewTopic> topics, boolean validateOnly, Duration timeout) {
    return decide(now -> core.createTopics(now, topics, validateOnly));
  }

  @Override
  public CompletionStage<List<TopicResult>> deleteTopics(List<TopicRef> topics, Duration timeout) {
    return decide(now -> core.deleteTopics(now, topics));
  }

  @Override
  public CompletionStage<List<TopicResult>> createPartitions(
      List<NewPartitions> topics, boolean validateOnly, Duration timeout) {
    return decide(now -> core.createPartitions(now, topics, validateOnly));
  }

  @Override
  public CompletionStage<List<TopicResult>> alterTopicConfigs(
      List<ConfigAlteration> alterations, boolean validateOnly) {
    return decide(now -> core.alterTopicConfigs(now, alterations, validateOnly));
  }

  @Override
  public CompletionStage<Long> nextProducerIdBlock() {
    return decide(core::reserveProducerIds);
  }

  @Override
  public CompletionStage<BrokerRegistration> registerBroker(BrokerRegistrationRequest request) {
    return decide(now -> core.registerBroker(now, request));
  }

  @Override
  public CompletionStage<BrokerRegistration> unfenceBroker(BrokerId broker, long brokerEpoch) {
    return decide(now -> core.unfenceBroker(now, broker, brokerEpoch));
  }

  @Override
  public CompletionStage<BrokerRegistration> fenceBroker(BrokerId broker, long brokerEpoch) {
    return decide(now -> core.fenceBroker(now, broker, brokerEpoch));
  }

  private synchronized <T> CompletionStage<T> decide(
      Function<ClusterImage, ControllerResult<T>> decision) {
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    try {
      ControllerResult<T> result = decision.apply(image);
      image = image.applyAll(result.events());
      publisher.publish(image);
      return CompletableFuture.completedFuture(result.reply());
    } catch (WireException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
