package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.ritsem.metadata.controller.ConfigAlteration.ConfigOperation;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.IdSource;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.Seeds;
import dev.ritsem.testing.TestActors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ControllerActorTest {
  private static final BrokerId NODE = new BrokerId(1);
  private static final long ANSWER_MAX_S = 20;

  @RegisterExtension final TestActors actors = TestActors.with(config());

  private final PersistenceTestKit journal = PersistenceTestKit.create(actors.system());
  private final ImagePublisher publisher = new ImagePublisher();
  private final Random random = Seeds.random(11);
  private int lives;

  private static Config config() {
    return MetadataSerializer.config()
        .withFallback(PersistenceTestKitPlugin.config())
        .withFallback(PersistenceTestKitSnapshotPlugin.config())
        .withFallback(
            ConfigFactory.parseString(
                """
                akka.persistence.testkit.events.serialize = true
                akka.persistence.testkit.snapshots.serialize = true
                """));
  }

  @Test
  void formats_a_new_cluster_and_takes_over() throws Exception {
    List<ClusterImage> seen = new CopyOnWriteArrayList<>();
    publisher.subscribe(seen::add);
    Controller controller = controller(1_000);

    registerNode(controller);

    ClusterImage image = publisher.current();
    assertThat(image.clusterId()).isEqualTo(ClusterFixture.CLUSTER_ID);
    assertThat(image.controllerId()).isEqualTo(NODE);
    assertThat(image.controllerEpoch()).isEqualTo(1);
    assertThat(image.features().finalized()).containsOnlyKeys("metadata.version");
    assertThat(seen).extracting(ClusterImage::version).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void has_published_what_it_answers() throws Exception {
    Controller controller = controller(1_000);
    registerNode(controller);

    TopicResult created = answer(create(controller, "a")).get(0);
    assertThat(published("a").id()).isEqualTo(created.id());

    answer(controller.createPartitions(List.of(NewPartitions.increaseTo("a", 4)), false));
    assertThat(published("a").partitions()).hasSize(4);

    answer(
        controller.alterTopicConfigs(
            List.of(
                ConfigAlteration.incremental(
                    "a", List.of(ConfigOperation.set("retention.ms", "5")))),
            false));
    assertThat(published("a").configs()).isEqualTo(Map.of("retention.ms", "5"));

    answer(controller.deleteTopics(List.of(TopicRef.of(created.id()))));
    assertThat(publisher.current().topics().find("a")).isNull();
  }

  @Test
  void knows_after_a_restart_what_it_answered_before() throws Exception {
    ActorRef<ControllerActor.Command> first = spawn(1_000);
    Controller controller = new ControllerProxy(first, actors.system());
    registerNode(controller);
    answer(create(controller, "a"));
    long block = answer(controller.nextProducerIdBlock());
    ClusterImage before = publisher.current();
    stop(first);

    ImagePublisher republished = new ImagePublisher();
    Controller again = new ControllerProxy(spawn(1_000, republished), actors.system());

    assertThat(answer(again.nextProducerIdBlock())).isEqualTo(block + 1_000);
    ClusterImage after = republished.current();
    assertThat(after.topics()).isEqualTo(before.topics());
    assertThat(after.brokers()).isEqualTo(before.brokers());
    assertThat(after.controllerEpoch()).isEqualTo(before.controllerEpoch() + 1);
  }

  @Test
  void recovers_from_snapshots_and_the_few_events_after_them() throws Exception {
    ActorRef<ControllerActor.Command> first = spawn(3);
    Controller controller = new ControllerProxy(first, actors.system());
    registerNode(controller);
    for (int topic = 0; topic < 20; topic++) {
      answer(create(controller, "topic-" + topic));
    }
    ClusterImage before = publisher.current();
    stop(first);
    assertThat(journal.persistedInStorage(ControllerActor.PERSISTENCE_ID.id()))
        .as("events that two snapshots have made superfluous are gone")
        .hasSizeLessThan(15);

    ImagePublisher republished = new ImagePublisher();
    registerNode(new ControllerProxy(spawn(3, republished), actors.system()));

    assertThat(republished.current().topics()).isEqualTo(before.topics());
    assertThat(republished.current().version()).isGreaterThan(before.version());
  }

  @Test
  void answers_requests_that_came_before_it_was_ready_in_their_order() throws Exception {
    Controller controller = controller(1_000);
    List<CompletionStage<Long>> blocks = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      blocks.add(controller.nextProducerIdBlock());
    }

    for (int i = 0; i < 200; i++) {
      assertThat(answer(blocks.get(i))).isEqualTo(i * 1_000L);
    }
  }

  @Test
  void hands_out_no_block_of_producer_ids_that_is_not_persisted() throws Exception {
    Controller controller = controller(1_000);

    long block = answer(controller.nextProducerIdBlock());

    assertThat(journal.persistedInStorage(ControllerActor.PERSISTENCE_ID.id()))
        .contains(new MetadataEvent.ProducerIdsReserved(block, 1_000));
  }

  @Test
  void says_why_it_refuses_a_whole_request() throws Exception {
    Controller controller = controller(1_000);
    registerNode(controller);

    assertRefused(
        ErrorCode.POLICY_VIOLATION,
        controller.createTopics(List.of(new NewTopic("a", 20_000, 1, Map.of())), false));
    assertRefused(ErrorCode.BROKER_ID_NOT_REGISTERED, controller.fenceBroker(new BrokerId(9), 1));
  }

  @Test
  void says_when_no_answer_came_in_time() {
    ActorRef<ControllerActor.Command> nobody =
        actors.kit().createTestProbe(ControllerActor.Command.class).ref();
    Controller controller = new ControllerProxy(nobody, actors.system());

    assertRefused(
        ErrorCode.REQUEST_TIMED_OUT,
        controller.createTopics(List.of(NewTopic.withDefaults("a")), false, Duration.ofMillis(50)));
  }

  @Test
  void refuses_more_requests_than_may_wait() {
    ActorRef<ControllerActor.Command> nobody =
        actors.kit().createTestProbe(ControllerActor.Command.class).ref();
    Controller controller = new ControllerProxy(nobody, actors.system());
    for (int i = 0; i < ControllerProxy.IN_FLIGHT_MAX; i++) {
      assertThat(controller.nextProducerIdBlock().toCompletableFuture()).isNotDone();
    }

    assertRefused(ErrorCode.THROTTLING_QUOTA_EXCEEDED, controller.nextProducerIdBlock());
  }

  @Test
  void goes_on_after_the_journal_failed() throws Exception {
    Controller controller = controller(1_000);
    registerNode(controller);
    answer(create(controller, "a"));

    journal.failNextPersisted(ControllerActor.PERSISTENCE_ID.id());
    CompletionStage<List<TopicResult>> unknown =
        controller.createTopics(List.of(NewTopic.withDefaults("b")), false, Duration.ofMillis(500));
    assertRefused(ErrorCode.REQUEST_TIMED_OUT, unknown);

    assertThat(answer(create(controller, "c")).get(0).error()).isEqualTo(ErrorCode.NONE);
    assertThat(publisher.current().topics().find("a")).isNotNull();
    assertThat(publisher.current().topics().find("b")).isNull();
    assertThat(publisher.current().controllerEpoch()).isEqualTo(2);
  }

  @Test
  void goes_on_after_the_journal_rejected_an_event() throws Exception {
    Controller controller = controller(1_000);
    registerNode(controller);

    journal.rejectNextPersisted(ControllerActor.PERSISTENCE_ID.id());
    assertRefused(
        ErrorCode.REQUEST_TIMED_OUT,
        controller.createTopics(
            List.of(NewTopic.withDefaults("b")), false, Duration.ofMillis(500)));

    assertThat(answer(create(controller, "c")).get(0).error()).isEqualTo(ErrorCode.NONE);
    assertThat(publisher.current().topics().find("b")).isNull();
  }

  @Test
  void stops_on_the_history_of_another_cluster() throws Exception {
    ActorRef<ControllerActor.Command> first = spawn(1_000);
    registerNode(new ControllerProxy(first, actors.system()));
    stop(first);

    ActorRef<ControllerActor.Command> stranger =
        spawnIn(new ControllerDeployment("another", NODE, journalId(), snapshotsId()), 1_000);

    actors.probe(Object.class).expectTerminated(stranger, Duration.ofSeconds(ANSWER_MAX_S));
  }

  private TopicImage published(String topic) {
    return Objects.requireNonNull(publisher.current().topics().find(topic));
  }

  private CompletionStage<List<TopicResult>> create(Controller controller, String name) {
    return controller.createTopics(List.of(NewTopic.withDefaults(name)), false);
  }

  private BrokerRegistration registerNode(Controller controller) throws Exception {
    BrokerRegistration registered =
        answer(
            controller.registerBroker(
                new BrokerRegistrationRequest(
                    NODE,
                    ClusterFixture.CLUSTER_ID,
                    new UUID(3, 4),
                    List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "", 9092)),
                    null)));
    return answer(controller.unfenceBroker(NODE, registered.epoch()));
  }

  private Controller controller(int snapshotEveryEvents) {
    return new ControllerProxy(spawn(snapshotEveryEvents), actors.system());
  }

  private ActorRef<ControllerActor.Command> spawn(int snapshotEveryEvents) {
    return spawn(snapshotEveryEvents, publisher);
  }

  private ActorRef<ControllerActor.Command> spawn(int snapshotEvery, ImagePublisher to) {
    return spawnIn(deployment(), snapshotEvery, to);
  }

  private ActorRef<ControllerActor.Command> spawnIn(
      ControllerDeployment deployment, int snapshotEvery) {
    return spawnIn(deployment, snapshotEvery, new ImagePublisher());
  }

  private ActorRef<ControllerActor.Command> spawnIn(
      ControllerDeployment deployment, int snapshotEvery, ImagePublisher to) {
    ControllerSettings settings = new ControllerSettings(1, 1, true, snapshotEvery);
    ControllerCore core =
        new ControllerCore(
            settings,
            new ClusterFixture.FewConfigs(),
            registered -> false,
            IdSource.from(random),
            random);
    return actors.spawn(
        ControllerActor.create(deployment, settings, core, to),
        "controller-" + lives++,
        Props.empty());
  }

  private static ControllerDeployment deployment() {
    return new ControllerDeployment(ClusterFixture.CLUSTER_ID, NODE, journalId(), snapshotsId());
  }

  private static String journalId() {
    return PersistenceTestKitPlugin.PluginId();
  }

  private static String snapshotsId() {
    return PersistenceTestKitSnapshotPlugin.PluginId();
  }

  private void stop(ActorRef<ControllerActor.Command> controller) {
    actors.kit().stop(controller, Duration.ofSeconds(ANSWER_MAX_S));
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(ANSWER_MAX_S, TimeUnit.SECONDS);
  }

  private static void assertRefused(ErrorCode error, CompletionStage<?> stage) {
    assertThatThrownBy(() -> answer(stage))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(WireException.class, e -> assertThat(e.error()).isEqualTo(error));
  }
}
