package dev.ritsem.metadata.controller;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.EventRejectedException;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotFailed;
import akka.persistence.typed.javadsl.CommandHandlerWithReply;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import akka.persistence.typed.javadsl.ReplyEffect;
import akka.persistence.typed.javadsl.RetentionCriteria;
import akka.persistence.typed.javadsl.SignalHandler;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shell around {@link ControllerCore}: persists what the core decided, applies it to the image,
 * publishes the image and answers, in this order. One request is decided at a time, upon the image
 * in which every earlier one is committed.
 *
 * <p>At each start it first claims a new controller epoch; requests that come earlier wait. If the
 * journal fails, it starts again from what was persisted, after a growing delay; the request whose
 * outcome is then unknown gets no answer and times out at its sender.
 */
public final class ControllerActor
    extends EventSourcedBehaviorWithEnforcedReplies<
        ControllerActor.Command, MetadataEvent, ClusterImage> {
  /** The key of the controller's history in journal and snapshot store: never changes. */
  static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("cluster-metadata");

  /** How many requests may wait while one is persisted; senders stay below it. */
  static final int WAITING_MAX = 4_096;

  private static final int SNAPSHOTS_KEPT = 2;
  private static final Duration RESTART_DELAY_MIN = Duration.ofMillis(200);
  private static final Duration RESTART_DELAY_MAX = Duration.ofSeconds(10);
  private static final double RESTART_DELAY_JITTER = 0.2;

  /** What the controller is told. */
  public sealed interface Command {}

  /** Claims the controllership; the actor sends it to itself. */
  private record Start() implements Command {}

  record CreateTopics(
      List<NewTopic> topics, boolean validateOnly, ActorRef<Reply<List<TopicResult>>> replyTo)
      implements Command {}

  record DeleteTopics(List<TopicRef> topics, ActorRef<Reply<List<TopicResult>>> replyTo)
      implements Command {}

  record CreatePartitions(
      List<NewPartitions> topics, boolean validateOnly, ActorRef<Reply<List<TopicResult>>> replyTo)
      implements Command {}

  record AlterTopicConfigs(
      List<ConfigAlteration> alterations,
      boolean validateOnly,
      ActorRef<Reply<List<TopicResult>>> replyTo)
      implements Command {}

  record ReserveProducerIds(ActorRef<Reply<Long>> replyTo) implements Command {}

  record RegisterBroker(
      BrokerRegistrationRequest request, ActorRef<Reply<BrokerRegistration>> replyTo)
      implements Command {}

  record UnfenceBroker(
      BrokerId broker, long brokerEpoch, ActorRef<Reply<BrokerRegistration>> replyTo)
      implements Command {}

  record FenceBroker(BrokerId broker, long brokerEpoch, ActorRef<Reply<BrokerRegistration>> replyTo)
      implements Command {}

  /**
   * The answer to a command: a value, or the error by which the whole request was refused.
   *
   * @param value null exactly if there is an error
   */
  record Reply<T>(ErrorCode error, @Nullable String message, @Nullable T value) {
    static <T> Reply<T> of(T value) {
      return new Reply<>(ErrorCode.NONE, null, value);
    }

    static <T> Reply<T> refused(WireException refusal) {
      return new Reply<>(refusal.error(), refusal.getMessage(), null);
    }
  }

  private final ActorContext<Command> context;
  private final ControllerDeployment deployment;
  private final ControllerSettings settings;
  private final ControllerCore core;
  private final ImagePublisher publisher;

  /** Whether this life of the actor has claimed its controller epoch. */
  private boolean elected;

  /**
   * The behaviour of the controller of a cluster; there must be one at a time.
   *
   * @param publisher gets every committed image
   */
  public static Behavior<Command> create(
      ControllerDeployment deployment,
      ControllerSettings settings,
      ControllerCore core,
      ImagePublisher publisher) {
    // A journal rejects what it cannot keep, for example for its size. Nothing was stored then, so
    // the actor starts again from what is; its requests are limited so that it does not happen.
    return Behaviors.supervise(
            Behaviors.<Command>setup(
                context -> new ControllerActor(context, deployment, settings, core, publisher)))
        .onFailure(
            EventRejectedException.class,
            SupervisorStrategy.restartWithBackoff(
                RESTART_DELAY_MIN, RESTART_DELAY_MAX, RESTART_DELAY_JITTER));
  }

  private ControllerActor(
      ActorContext<Command> context,
      ControllerDeployment deployment,
      ControllerSettings settings,
      ControllerCore core,
      ImagePublisher publisher) {
    super(
        PERSISTENCE_ID,
        SupervisorStrategy.restartWithBackoff(
            RESTART_DELAY_MIN, RESTART_DELAY_MAX, RESTART_DELAY_JITTER));
    this.context = context;
    this.deployment = deployment;
    this.settings = settings;
    this.core = core;
    this.publisher = publisher;
  }

  @Override
  public String journalPluginId() {
    return deployment.journalPluginId();
  }

  @Override
  public String snapshotPluginId() {
    return deployment.snapshotPluginId();
  }

  @Override
  public Optional<Integer> stashCapacity() {
    return Optional.of(WAITING_MAX);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return RetentionCriteria.snapshotEvery(settings.snapshotEveryEvents(), SNAPSHOTS_KEPT)
        .withDeleteEventsOnSnapshot();
  }

  @Override
  public ClusterImage emptyState() {
    return ClusterImage.EMPTY;
  }

  @Override
  public EventHandler<ClusterImage, MetadataEvent> eventHandler() {
    return ClusterImage::apply;
  }

  @Override
  public SignalHandler<ClusterImage> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecoveryCompleted)
        .onSignal(
            SnapshotFailed.class,
            (image, failed) ->
                context
                    .getLog()
                    .warn(
                        "the image at version {} was not saved", image.version(), failed.failure()))
        .build();
  }

  @Override
  public CommandHandlerWithReply<Command, MetadataEvent, ClusterImage> commandHandler() {
    return newCommandHandlerWithReplyBuilder()
        .forAnyState()
        .onCommand(Start.class, this::onStart)
        .onCommand(CreateTopics.class, this::onCreateTopics)
        .onCommand(DeleteTopics.class, this::onDeleteTopics)
        .onCommand(CreatePartitions.class, this::onCreatePartitions)
        .onCommand(AlterTopicConfigs.class, this::onAlterTopicConfigs)
        .onCommand(ReserveProducerIds.class, this::onReserveProducerIds)
        .onCommand(RegisterBroker.class, this::onRegisterBroker)
        .onCommand(UnfenceBroker.class, this::onUnfenceBroker)
        .onCommand(FenceBroker.class, this::onFenceBroker)
        .build();
  }

  private void onRecoveryCompleted(ClusterImage image) {
    long persisted = lastSequenceNumber(context);
    if (persisted != image.version()) {
      throw new IllegalStateException(
          "the journal ends at event %d, but the image has version %d"
              .formatted(persisted, image.version()));
    }
    publisher.publish(image);
    context.getSelf().tell(new Start());
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onStart(ClusterImage image, Start command) {
    ControllerResult<Integer> claim =
        core.start(image, deployment.clusterId(), deployment.nodeId());
    return Effect()
        .persist(claim.events())
        .thenRun(
            after -> {
              elected = true;
              publisher.publish(after);
              context
                  .getLog()
                  .info(
                      "controller of cluster {} in epoch {}: {} topics, image version {}",
                      after.clusterId(),
                      claim.reply(),
                      after.topics().size(),
                      after.version());
            })
        .thenNoReply()
        .thenUnstashAll();
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onCreateTopics(
      ClusterImage image, CreateTopics command) {
    return decide(
        command.replyTo(),
        () -> core.createTopics(image, command.topics(), command.validateOnly()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onDeleteTopics(
      ClusterImage image, DeleteTopics command) {
    return decide(command.replyTo(), () -> core.deleteTopics(image, command.topics()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onCreatePartitions(
      ClusterImage image, CreatePartitions command) {
    return decide(
        command.replyTo(),
        () -> core.createPartitions(image, command.topics(), command.validateOnly()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onAlterTopicConfigs(
      ClusterImage image, AlterTopicConfigs command) {
    return decide(
        command.replyTo(),
        () -> core.alterTopicConfigs(image, command.alterations(), command.validateOnly()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onReserveProducerIds(
      ClusterImage image, ReserveProducerIds command) {
    return decide(command.replyTo(), () -> core.reserveProducerIds(image));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onRegisterBroker(
      ClusterImage image, RegisterBroker command) {
    return decide(command.replyTo(), () -> core.registerBroker(image, command.request()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onUnfenceBroker(
      ClusterImage image, UnfenceBroker command) {
    return decide(
        command.replyTo(),
        () -> core.unfenceBroker(image, command.broker(), command.brokerEpoch()));
  }

  private ReplyEffect<MetadataEvent, ClusterImage> onFenceBroker(
      ClusterImage image, FenceBroker command) {
    return decide(
        command.replyTo(), () -> core.fenceBroker(image, command.broker(), command.brokerEpoch()));
  }

  /** Decides once elected, commits, publishes, answers. */
  private <T> ReplyEffect<MetadataEvent, ClusterImage> decide(
      ActorRef<Reply<T>> replyTo, Supplier<ControllerResult<T>> decision) {
    if (!elected) {
      return Effect().stash();
    }
    ControllerResult<T> result;
    try {
      result = decision.get();
    } catch (WireException refusal) {
      return Effect().reply(replyTo, Reply.refused(refusal));
    }
    Reply<T> reply = Reply.of(result.reply());
    if (result.events().isEmpty()) {
      return Effect().reply(replyTo, reply);
    }
    return Effect()
        .persist(result.events())
        .thenRun(publisher::publish)
        .thenReply(replyTo, image -> reply);
  }
}
