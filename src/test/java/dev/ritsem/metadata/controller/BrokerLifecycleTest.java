package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BrokerLifecycleTest {
  private static final BrokerId B0 = new BrokerId(0);
  private static final BrokerId B1 = new BrokerId(1);

  @Test
  void a_broker_is_fenced_until_it_says_that_it_is_ready() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(0);

    BrokerRegistration registered = cluster.register(0, "east");

    assertThat(registered.fenced()).isTrue();
    assertThat(registered.rack()).isEqualTo("east");
    assertThat(cluster.image.isActive(B0)).isFalse();
    assertThat(cluster.unfence(registered).fenced()).isFalse();
    assertThat(cluster.image.activeBrokers())
        .extracting(BrokerRegistration::id)
        .containsExactly(B0);
  }

  @Test
  void a_restarted_leader_leads_again_in_a_higher_epoch() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    cluster.created("a", 1, 1);

    BrokerRegistration again = cluster.register(0, null);

    PartitionRegistration between = partition(cluster);
    assertThat(between.leader()).isNull();
    assertThat(between.isr()).containsExactly(B0);
    assertThat(between.leaderEpoch()).isEqualTo(1);
    cluster.unfence(again);
    assertThat(partition(cluster).leader()).isEqualTo(B0);
    assertThat(partition(cluster).leaderEpoch()).isEqualTo(2);
    assertThat(partition(cluster).partitionEpoch()).isEqualTo(2);
  }

  @Test
  void each_registration_has_a_higher_broker_epoch() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    long first = cluster.broker(0).epoch();

    assertThat(cluster.register(0, null).epoch()).isGreaterThan(first);
  }

  @Test
  void registering_the_same_incarnation_again_changes_nothing() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(0);
    UUID incarnation = new UUID(1, 2);
    BrokerRegistration first = cluster.register(0, incarnation, null);
    long version = cluster.image.version();

    assertThat(cluster.register(0, incarnation, null)).isEqualTo(first);
    assertThat(cluster.image.version()).isEqualTo(version);
  }

  @Test
  void an_incarnation_that_changes_its_endpoints_or_rack_stays_what_it_was_otherwise() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(0);
    UUID incarnation = new UUID(1, 2);
    cluster.unfence(cluster.register(0, incarnation, null));
    cluster.created("a", 1, 1);

    BrokerRegistration moved = cluster.register(0, incarnation, "west");

    assertThat(moved.fenced()).isFalse();
    assertThat(partition(cluster).leaderEpoch()).isZero();
  }

  @Test
  void a_second_broker_with_the_id_of_a_living_one_is_refused() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    cluster.alive.add(cluster.broker(0).incarnation());

    assertRefused(ErrorCode.DUPLICATE_BROKER_REGISTRATION, () -> cluster.register(0, null));

    cluster.alive.clear();
    assertThat(cluster.register(0, null).fenced()).isTrue();
  }

  @Test
  void a_broker_of_another_cluster_is_refused() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(0);
    BrokerRegistrationRequest request =
        new BrokerRegistrationRequest(B0, "other", new UUID(1, 1), List.of(), null);

    assertRefused(
        ErrorCode.INCONSISTENT_CLUSTER_ID,
        () -> cluster.core.registerBroker(cluster.image, request));
  }

  @Test
  void a_broker_without_endpoints_is_refused() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(0);
    BrokerRegistrationRequest request =
        new BrokerRegistrationRequest(
            B0, ClusterFixture.CLUSTER_ID, new UUID(1, 1), List.of(), null);

    assertRefused(
        ErrorCode.INVALID_REGISTRATION, () -> cluster.core.registerBroker(cluster.image, request));
  }

  @Test
  void who_speaks_for_an_earlier_registration_is_refused() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    long earlier = cluster.broker(0).epoch();
    cluster.register(0, null);

    assertRefused(
        ErrorCode.STALE_BROKER_EPOCH, () -> cluster.core.unfenceBroker(cluster.image, B0, earlier));
    assertRefused(
        ErrorCode.STALE_BROKER_EPOCH, () -> cluster.core.fenceBroker(cluster.image, B0, earlier));
    assertRefused(
        ErrorCode.BROKER_ID_NOT_REGISTERED,
        () -> cluster.core.fenceBroker(cluster.image, B1, earlier));
  }

  @Test
  void another_in_sync_replica_takes_over_from_a_broker_that_is_gone() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(2);
    cluster.create(assigned(List.of(0, 1)));

    cluster.fence(0);

    assertThat(partition(cluster).leader()).isEqualTo(B1);
    assertThat(partition(cluster).isr()).containsExactly(B1);
    assertThat(partition(cluster).replicas()).containsExactly(B0, B1);
    assertThat(partition(cluster).leaderEpoch()).isEqualTo(1);
  }

  @Test
  void a_follower_that_is_gone_leaves_the_isr_and_the_leader_epoch_as_it_is() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(2);
    cluster.create(assigned(List.of(0, 1)));

    cluster.fence(1);

    assertThat(partition(cluster).leader()).isEqualTo(B0);
    assertThat(partition(cluster).isr()).containsExactly(B0);
    assertThat(partition(cluster).leaderEpoch()).isZero();
    assertThat(partition(cluster).partitionEpoch()).isEqualTo(1);
  }

  @Test
  void only_the_last_in_sync_replica_may_lead_again() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(2);
    cluster.create(assigned(List.of(0, 1)));
    cluster.fence(0);
    cluster.fence(1);
    assertThat(partition(cluster).leader()).isNull();
    assertThat(partition(cluster).isr()).containsExactly(B1);

    cluster.start(0, null);
    assertThat(partition(cluster).leader()).as("0 may miss what 1 acknowledged").isNull();

    cluster.start(1, null);
    assertThat(partition(cluster).leader()).isEqualTo(B1);
  }

  @Test
  void fencing_and_unfencing_twice_changes_nothing_more() {
    ClusterFixture cluster = ClusterFixture.ofBrokers(1);
    cluster.created("a", 1, 1);
    cluster.fence(0);
    long fenced = cluster.image.version();

    cluster.fence(0);
    assertThat(cluster.image.version()).isEqualTo(fenced);

    cluster.unfence(cluster.broker(0));
    long active = cluster.image.version();
    cluster.unfence(cluster.broker(0));
    assertThat(cluster.image.version()).isEqualTo(active);
  }

  private static NewTopic assigned(List<Integer> brokers) {
    return new NewTopic("a", -1, -1, List.of(new ReplicaAssignment(0, brokers)), Map.of());
  }

  private static PartitionRegistration partition(ClusterFixture cluster) {
    return cluster.topic("a").partitions().get(0);
  }

  private static void assertRefused(ErrorCode error, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WireException.class, e -> assertThat(e.error()).isEqualTo(error));
  }
}
