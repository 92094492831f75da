package dev.ritsem.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.metadata.image.MetadataEvent.BrokerFenced;
import dev.ritsem.metadata.image.MetadataEvent.BrokerRegistered;
import dev.ritsem.metadata.image.MetadataEvent.BrokerUnfenced;
import dev.ritsem.metadata.image.MetadataEvent.ClusterFormatted;
import dev.ritsem.metadata.image.MetadataEvent.ControllerElected;
import dev.ritsem.metadata.image.MetadataEvent.FeatureLevelSet;
import dev.ritsem.metadata.image.MetadataEvent.PartitionChange;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsChanged;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsCreated;
import dev.ritsem.metadata.image.MetadataEvent.ProducerIdsReserved;
import dev.ritsem.metadata.image.MetadataEvent.TopicConfigsChanged;
import dev.ritsem.metadata.image.MetadataEvent.TopicCreated;
import dev.ritsem.metadata.image.MetadataEvent.TopicDeleted;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicId;
import dev.ritsem.model.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterImageTest {
  private static final BrokerId B1 = new BrokerId(1);
  private static final BrokerId B2 = new BrokerId(2);
  private static final TopicId ID = new TopicId(1, 1);
  private static final PartitionRegistration PARTITION =
      PartitionRegistration.initial(List.of(B1), List.of(B1));

  private static final ClusterImage IMAGE =
      ClusterImage.EMPTY.applyAll(
          List.of(
              new ClusterFormatted("c"),
              new ControllerElected(B1, 3),
              new BrokerRegistered(broker(4)),
              new BrokerUnfenced(B1, 4),
              new TopicCreated(topic("a", ID)),
              new ProducerIdsReserved(0, 10)));

  static List<MetadataEvent> eventsThatDoNotFollow() {
    PartitionRegistration older = new PartitionRegistration(List.of(B1), List.of(B1), B1, 0, 0);
    return List.of(
        new ClusterFormatted("again"),
        new ControllerElected(B1, 3),
        new BrokerRegistered(broker(4)),
        new BrokerFenced(B1, 3),
        new BrokerUnfenced(B2, 4),
        new TopicCreated(topic("a", new TopicId(2, 2))),
        new TopicCreated(topic("b", ID)),
        new TopicDeleted(new TopicId(9, 9)),
        new PartitionsCreated(ID, 2, List.of(PARTITION)),
        new PartitionsCreated(new TopicId(9, 9), 1, List.of(PARTITION)),
        new PartitionsChanged(List.of(new PartitionChange(ID, 0, older))),
        new PartitionsChanged(List.of(new PartitionChange(ID, 1, older))),
        new TopicConfigsChanged(new TopicId(9, 9), Map.of(), Set.of()),
        new ProducerIdsReserved(9, 10));
  }

  @ParameterizedTest
  @MethodSource("eventsThatDoNotFollow")
  void refuses_an_event_that_does_not_follow_from_the_image(MetadataEvent event) {
    assertThatThrownBy(() -> IMAGE.apply(event)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void counts_the_events_that_made_it() {
    assertThat(IMAGE.version()).isEqualTo(6);
    assertThat(IMAGE.apply(new ControllerElected(B1, 4)).version()).isEqualTo(7);
  }

  @Test
  void an_older_image_stays_as_it_was() {
    ClusterImage after =
        IMAGE.applyAll(
            List.of(
                new TopicConfigsChanged(ID, Map.of("k", "v"), Set.of()),
                new PartitionsCreated(ID, 1, List.of(PARTITION)),
                new BrokerFenced(B1, 4)));

    assertThat(after.partition(new TopicPartition("a", 1))).isEqualTo(PARTITION);
    assertThat(IMAGE.partition(new TopicPartition("a", 1))).isNull();
    assertThat(IMAGE.topics().require(ID).configs()).isEmpty();
    assertThat(IMAGE.isActive(B1)).isTrue();
    assertThat(after.isActive(B1)).isFalse();
    assertThat(after.activeBrokers()).isEmpty();
  }

  @Test
  void a_feature_at_level_zero_is_off() {
    ClusterImage on = IMAGE.apply(new FeatureLevelSet("f", (short) 2));
    assertThat(on.features().finalized()).containsEntry("f", (short) 2);
    assertThat(on.apply(new FeatureLevelSet("f", (short) 0)).features().finalized()).isEmpty();
  }

  @Test
  void a_topic_that_is_deleted_can_be_created_again_under_another_id() {
    TopicId next = new TopicId(2, 2);
    ClusterImage after =
        IMAGE.applyAll(List.of(new TopicDeleted(ID), new TopicCreated(topic("a", next))));

    assertThat(after.topics().find("a")).isSameAs(after.topics().find(next));
    assertThat(after.topics().find(ID)).isNull();
  }

  @Test
  void lists_topics_by_name() {
    ClusterImage image =
        IMAGE.applyAll(
            List.of(
                new TopicCreated(topic("c", new TopicId(3, 3))),
                new TopicCreated(topic("b", new TopicId(2, 2)))));

    assertThat(image.topics().all()).extracting(TopicImage::name).containsExactly("a", "b", "c");
    assertThat(image.topics().from("b")).extracting(TopicImage::name).containsExactly("b", "c");
  }

  @Test
  void knows_the_systems_own_topics() {
    assertThat(topic("__consumer_offsets", ID).internal()).isTrue();
    assertThat(topic("__mine", ID).internal()).isFalse();
  }

  @Test
  void a_partition_cannot_be_what_makes_no_sense() {
    assertImpossible(List.of(), List.of(), null);
    assertImpossible(List.of(B1, B1), List.of(B1), B1);
    assertImpossible(List.of(B1), List.of(B2), B2);
    assertImpossible(List.of(B1), List.of(), null);
    assertImpossible(List.of(B1, B2), List.of(B1), B2);
  }

  @Test
  void the_leader_epoch_grows_exactly_with_the_leader() {
    PartitionRegistration both = PartitionRegistration.initial(List.of(B1, B2), List.of(B1, B2));

    assertThat(both.next(List.of(B1), B1))
        .isEqualTo(new PartitionRegistration(List.of(B1, B2), List.of(B1), B1, 0, 1));
    assertThat(both.next(List.of(B2), B2))
        .isEqualTo(new PartitionRegistration(List.of(B1, B2), List.of(B2), B2, 1, 1));
    assertThat(both.next(List.of(B2), null).leaderEpoch()).isEqualTo(1);
  }

  private static void assertImpossible(
      List<BrokerId> replicas, List<BrokerId> isr, @Nullable BrokerId leader) {
    assertThatThrownBy(() -> new PartitionRegistration(replicas, isr, leader, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TopicImage topic(String name, TopicId id) {
    return new TopicImage(name, id, List.of(PARTITION), Map.of());
  }

  private static BrokerRegistration broker(long epoch) {
    return new BrokerRegistration(
        B1,
        new UUID(epoch, 0),
        epoch,
        List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "", 9092)),
        null,
        true);
  }
}
