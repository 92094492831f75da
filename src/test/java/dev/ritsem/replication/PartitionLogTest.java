package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Props;
import dev.ritsem.log.Log;
import dev.ritsem.log.LogConfig;
import dev.ritsem.log.NioDisk;
import dev.ritsem.log.OpenState;
import dev.ritsem.log.TopicSettings;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicIdPartition;
import dev.ritsem.model.WireException;
import dev.ritsem.testing.ManualClock;
import dev.ritsem.testing.TestActors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
  private static final BrokerId SELF = new BrokerId(1);
  private static final BrokerId OTHER = new BrokerId(2);
  private static final LeaderEpoch EPOCH = new LeaderEpoch(3);
  private static final TopicIdPartition ID = new TopicIdPartition(new TopicId(7, 7), "topic", 0);
  private static final Executor AT_ONCE = Runnable::run;

  @TempDir Path temporary;

  @RegisterExtension
  @Order(1)
  final TestLoops loops = TestLoops.of(1);

  @RegisterExtension
  @Order(2)
  final TestActors actors = TestActors.with(ActorDispatchers.config(1, 2), loops.setup());

  private final ManualClock clock = new ManualClock(1_700_000_000_000L);
  private final FaultyDisk faulty = new FaultyDisk(NioDisk.INSTANCE);
  private final Answers answers = new Answers();
  private final CompletableFuture<Log> opening = new CompletableFuture<>();
  private final Map<LocalPartition, ActorRef<PartitionLog.Command>> owners = new HashMap<>();
  private TestProbe<PartitionReplica.Command> parent;
  private Path directory;

  @BeforeEach
  void listen() {
    directory = temporary.resolve("topic-0");
    parent = actors.probe(PartitionReplica.Command.class);
    actors.spawn(UndeliveredAppends.create(), "undelivered", Props.empty());
  }

  @Test
  void what_comes_while_the_log_is_being_opened_waits_for_it() {
    LocalPartition partition = partition(LogConfig.defaults());
    ActorRef<PartitionLog.Command> owner = spawn(partition, AT_ONCE);
    owner.tell(new PartitionLog.Lead(EPOCH, List.of(SELF)));
    partition.append(Batches.leaderOnly("a", "b"), answers);
    owner.tell(new PartitionLog.Open(opening));
    partition.append(Batches.leaderOnly("c"), answers);

    opening.complete(openLog(LogConfig.defaults()));

    assertThat(answers.next().baseOffset()).isZero();
    assertThat(answers.next().baseOffset()).isEqualTo(2);
  }

  @Test
  void what_comes_before_the_first_role_waits_for_it() {
    LocalPartition partition = partition(LogConfig.defaults());
    ActorRef<PartitionLog.Command> owner = spawn(partition, AT_ONCE);
    owner.tell(
        new PartitionLog.Open(CompletableFuture.completedFuture(openLog(LogConfig.defaults()))));
    Polling.until("the log is open", () -> partition.log() != null);
    partition.append(Batches.leaderOnly("a"), answers);
    owner.tell(new PartitionLog.Lead(EPOCH, List.of(SELF)));
    assertThat(answers.next().baseOffset()).isZero();
    partition.append(Batches.leaderOnly("b"), answers);
    assertThat(answers.next().baseOffset()).isEqualTo(1);
  }

  @Test
  void what_waits_for_a_role_that_does_not_come_is_answered_when_the_replica_goes() {
    LocalPartition partition = partition(LogConfig.defaults());
    ActorRef<PartitionLog.Command> owner = spawn(partition, AT_ONCE);
    partition.append(Batches.leaderOnly("a"), answers);
    owner.tell(new PartitionLog.Open(opening));
    owner.tell(new PartitionLog.Delete());
    partition.append(Batches.leaderOnly("b"), answers);
    opening.complete(openLog(LogConfig.defaults()));
    assertThat(answers.next().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    parent.expectTerminated(owner);
  }

  @Test
  void requests_beyond_the_bound_do_not_wait_for_the_first_role() {
    LocalPartition partition = partition(LogConfig.defaults());
    ActorRef<PartitionLog.Command> owner = spawn(partition, AT_ONCE);
    for (int i = 0; i <= PartitionLog.STASHED_MAX; i++) {
      partition.append(Batches.leaderOnly("a"), answers);
    }
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    owner.tell(
        new PartitionLog.Open(CompletableFuture.completedFuture(openLog(LogConfig.defaults()))));
    owner.tell(new PartitionLog.Lead(EPOCH, List.of(SELF)));
    for (int i = 0; i < PartitionLog.STASHED_MAX; i++) {
      assertThat(answers.next().baseOffset()).isEqualTo(i);
    }
  }

  @Test
  void a_leader_stores_commits_and_answers_on_its_loop() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    LinkedBlockingQueue<String> threads = new LinkedBlockingQueue<>();
    partition.append(
        Batches.allReplicas("a", "b"),
        result -> {
          threads.add(Thread.currentThread().getName());
          answers.accept(result);
        });
    AppendResult result = answers.next();
    assertThat(result.error()).isEqualTo(ErrorCode.NONE);
    assertThat(result.currentLeaderEpoch()).isEqualTo(EPOCH.value());
    assertThat(threads).containsExactly("test-loop-0");
    PartitionView view = partition.view();
    assertThat(view.role()).isEqualTo(Role.LEADER);
    assertThat(view.leaderLog(EPOCH.value()).highWatermark()).isEqualTo(2);
  }

  @Test
  void a_client_with_another_leader_epoch_is_told_who_is_behind() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    assertError(partition, EPOCH.value() - 1, ErrorCode.FENCED_LEADER_EPOCH);
    assertError(partition, EPOCH.value() + 1, ErrorCode.UNKNOWN_LEADER_EPOCH);
  }

  @Test
  void a_follower_refuses_appends_and_reads() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    owner(partition).tell(new PartitionLog.Follow(EPOCH.next(), OTHER));
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    assertError(partition, -1, ErrorCode.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void too_few_in_sync_replicas_refuse_before_anything_is_written() {
    LogConfig two = LogConfig.defaults().with(TopicSettings.MIN_INSYNC_REPLICAS, 2);
    LocalPartition partition = leading(two, AT_ONCE, SELF);
    partition.append(Batches.allReplicas("a"), answers);
    AppendResult refused = answers.next();
    assertThat(refused.error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
    assertThat(refused.message()).contains("min.insync.replicas is 2");
    assertThat(partition.view().leaderLog(-1).logEndOffset()).isZero();
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NONE);
  }

  @Test
  void an_append_that_waits_for_replicas_is_invisible_and_times_out() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF, OTHER);
    partition.append(new AppendRequest(Batches.of("a"), AppendRequest.ACKS_ALL, 1), answers);
    partition.append(Batches.leaderOnly("b"), answers);
    assertThat(answers.next().baseOffset()).as("acks 1 does not wait").isEqualTo(1);
    assertThat(partition.view().leaderLog(-1).highWatermark()).isZero();
    clock.advanceMs(1);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
  }

  @Test
  void the_end_of_a_leadership_answers_all_who_wait() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF, OTHER);
    partition.append(Batches.allReplicas("a"), answers);
    owner(partition).tell(new PartitionLog.Follow(EPOCH.next(), OTHER));
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
  }

  @Test
  void the_controllers_new_isr_releases_who_waited_for_a_replica_that_left() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF, OTHER);
    partition.append(Batches.allReplicas("a"), answers);
    owner(partition).tell(new PartitionLog.Lead(EPOCH, List.of(SELF)));
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NONE);
    assertThat(partition.view().leaderLog(-1).highWatermark()).isEqualTo(1);
  }

  @Test
  void a_disk_that_fails_takes_the_replica_offline_and_is_reported_once() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    AtomicInteger woken = new AtomicInteger();
    partition.awaitProgress(0, false, woken::incrementAndGet);
    faulty.refuse("write");
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    parent.expectMessageClass(PartitionReplica.LogFailed.class);
    assertThat(woken).hasValue(1);
    faulty.refuseNothing();
    partition.append(Batches.leaderOnly("b"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    assertError(partition, -1, ErrorCode.KAFKA_STORAGE_ERROR);
    assertThat(partition.readableEnd(false)).isNegative();
  }

  @Test
  void a_log_that_cannot_be_opened_answers_who_waited_for_it() {
    LocalPartition partition = partition(LogConfig.defaults());
    ActorRef<PartitionLog.Command> owner = spawn(partition, AT_ONCE);
    owner.tell(new PartitionLog.Open(opening));
    partition.append(Batches.leaderOnly("a"), answers);
    opening.completeExceptionally(new IllegalStateException("on purpose"));
    assertThat(answers.next().error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    parent.expectMessageClass(PartitionReplica.LogFailed.class);
  }

  @Test
  void a_broken_invariant_stops_the_owner_and_nothing_is_acknowledged_any_more() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    ActorRef<PartitionLog.Command> owner = owner(partition);
    // A leader outside of its ISR cannot be.
    owner.tell(new PartitionLog.Lead(EPOCH.next(), List.of(OTHER)));
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().isStored()).isFalse();
    parent.expectTerminated(owner);
    assertError(partition, -1, ErrorCode.KAFKA_STORAGE_ERROR);
  }

  @Test
  void a_deleted_partition_is_unknown_and_its_directory_gone() {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF, OTHER);
    partition.append(Batches.allReplicas("a"), answers);
    ActorRef<PartitionLog.Command> owner = owner(partition);
    owner.tell(new PartitionLog.Delete());
    assertThat(answers.next().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    partition.append(Batches.leaderOnly("b"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    parent.expectTerminated(owner);
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void with_flush_messages_an_answer_and_the_readers_wait_for_the_disk() {
    LogConfig flushing = LogConfig.defaults().with(TopicSettings.FLUSH_MESSAGES, 1L);
    LinkedBlockingQueue<Runnable> disk = new LinkedBlockingQueue<>();
    LocalPartition partition = leading(flushing, disk::add, SELF);
    partition.append(Batches.leaderOnly("a"), answers);
    partition.append(Batches.allReplicas("b"), answers);
    run(disk);
    assertThat(answers.next().baseOffset()).isZero();
    assertThat(partition.view().leaderLog(-1).highWatermark()).isEqualTo(1);
    assertThat(answers.isEmpty()).as("the second one came after the flush began").isTrue();
    run(disk);
    assertThat(answers.next().baseOffset()).isEqualTo(1);
    assertThat(partition.view().leaderLog(-1).highWatermark()).isEqualTo(2);
  }

  @Test
  void without_flush_settings_nobody_waits_for_the_disk() {
    LinkedBlockingQueue<Runnable> disk = new LinkedBlockingQueue<>();
    LocalPartition partition = leading(LogConfig.defaults(), disk::add, SELF);
    partition.append(Batches.allReplicas("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.NONE);
    assertThat(disk).isEmpty();
  }

  @Test
  void a_flush_that_fails_acknowledges_nothing() {
    LogConfig flushing = LogConfig.defaults().with(TopicSettings.FLUSH_MESSAGES, 1L);
    LocalPartition partition = leading(flushing, AT_ONCE, SELF);
    faulty.refuse("force");
    partition.append(Batches.leaderOnly("a"), answers);
    assertThat(answers.next().error()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR);
    parent.expectMessageClass(PartitionReplica.LogFailed.class);
  }

  @Test
  void deleting_records_moves_the_start_and_is_answered_by_the_parent() throws Exception {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    partition.append(Batches.leaderOnly("a", "b", "c"), answers);
    answers.next();
    CompletableFuture<DeleteRecordsResult> result =
        partition.deleteRecords(2).toCompletableFuture();
    PartitionReplica.LogStartMoved moved =
        parent.expectMessageClass(PartitionReplica.LogStartMoved.class);
    assertThat(moved.logStartOffset()).isEqualTo(2);
    assertThat(result).as("not before it is journaled").isNotDone();
    assertThat(partition.view().leaderLog(-1).logStartOffset()).isEqualTo(2);
    assertThat(partition.deleteRecords(4).toCompletableFuture().get(10, TimeUnit.SECONDS).error())
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void records_of_a_compacted_topic_are_not_deleted() throws Exception {
    LogConfig compacted =
        LogConfig.defaults().with(TopicSettings.CLEANUP_POLICY, List.of("compact"));
    LocalPartition partition = leading(compacted, AT_ONCE, SELF);
    assertThat(partition.deleteRecords(0).toCompletableFuture().get(10, TimeUnit.SECONDS).error())
        .isEqualTo(ErrorCode.POLICY_VIOLATION);
  }

  @Test
  @Timeout(60)
  void every_append_of_many_threads_is_answered_once_while_the_partition_is_closed()
      throws Exception {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    ActorRef<PartitionLog.Command> owner = owner(partition);
    int threads = 3;
    int appendsEach = 4_000;
    AtomicIntegerArray answered = new AtomicIntegerArray(threads * appendsEach);
    CountDownLatch all = new CountDownLatch(threads * appendsEach);
    ExecutorService producers = Executors.newFixedThreadPool(threads);
    try {
      for (int thread = 0; thread < threads; thread++) {
        int first = thread * appendsEach;
        producers.execute(
            () -> {
              for (int i = first; i < first + appendsEach; i++) {
                int number = i;
                partition.append(
                    Batches.leaderOnly("x"),
                    result -> {
                      answered.incrementAndGet(number);
                      all.countDown();
                    });
                if (number == appendsEach / 2) {
                  owner.tell(
                      new PartitionLog.Close(
                          ErrorCode.NOT_LEADER_OR_FOLLOWER,
                          actors.probe(PartitionLog.Closed.class).ref()));
                }
              }
            });
      }
      assertThat(all.await(40, TimeUnit.SECONDS)).as("all were answered").isTrue();
      for (int i = 0; i < answered.length(); i++) {
        assertThat(answered.get(i)).isEqualTo(1);
      }
    } finally {
      producers.shutdownNow();
    }
  }

  @Test
  @Timeout(60)
  void readers_that_wait_at_the_end_see_every_append() throws Exception {
    LocalPartition partition = leading(LogConfig.defaults(), AT_ONCE, SELF);
    int appends = 20_000;
    CountDownLatch seenAll = new CountDownLatch(2);
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 2; i++) {
        readers.execute(() -> follow(partition, appends, seenAll, readers));
      }
      for (int i = 0; i < appends; i++) {
        partition.append(Batches.leaderOnly("x"), result -> {});
      }
      assertThat(seenAll.await(40, TimeUnit.SECONDS)).as("both readers saw the end").isTrue();
    } finally {
      readers.shutdownNow();
    }
  }

  private static void follow(
      LocalPartition partition, long end, CountDownLatch seenAll, ExecutorService readers) {
    long seen = partition.view().leaderLog(-1).highWatermark();
    if (seen == end) {
      seenAll.countDown();
    } else {
      partition.awaitProgress(
          seen, false, () -> readers.execute(() -> follow(partition, end, seenAll, readers)));
    }
  }

  private LocalPartition partition(LogConfig config) {
    return new LocalPartition(ID, config, new TestHome(opening));
  }

  private LocalPartition leading(LogConfig config, Executor blockingIo, BrokerId... isr) {
    LocalPartition partition = partition(config);
    ActorRef<PartitionLog.Command> owner = spawn(partition, blockingIo);
    owner.tell(new PartitionLog.Open(CompletableFuture.completedFuture(openLog(config))));
    owner.tell(new PartitionLog.Lead(EPOCH, List.of(isr)));
    parent.expectMessageClass(PartitionReplica.RoleSettled.class);
    return partition;
  }

  private ActorRef<PartitionLog.Command> owner(LocalPartition partition) {
    return Objects.requireNonNull(owners.get(partition));
  }

  private ActorRef<PartitionLog.Command> spawn(LocalPartition partition, Executor blockingIo) {
    ActorRef<PartitionLog.Command> owner =
        actors.spawn(
            PartitionLog.create(
                new PartitionLog.Parts(partition, SELF, clock, blockingIo, parent.ref())),
            "log",
            ActorDispatchers.eventLoop(0));
    partition.attach(owner);
    owners.put(partition, owner);
    return owner;
  }

  private Log openLog(LogConfig config) {
    return Log.open(faulty.disk(), directory, ID, config, clock, OpenState.UNKNOWN);
  }

  private static void run(LinkedBlockingQueue<Runnable> disk) {
    try {
      Runnable work = disk.poll(20, TimeUnit.SECONDS);
      assertThat(work).as("work for the disk").isNotNull();
      work.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertError(LocalPartition partition, int leaderEpoch, ErrorCode expected) {
    assertThatThrownBy(() -> partition.view().leaderLog(leaderEpoch))
        .isInstanceOfSatisfying(
            WireException.class, refused -> assertThat(refused.error()).isEqualTo(expected));
  }
}
