package dev.ritsem.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ritsem.model.BrokerId;
import dev.ritsem.model.LeaderEpoch;
import dev.ritsem.replication.ReplicaEvent.BecameFollower;
import dev.ritsem.replication.ReplicaEvent.BecameLeader;
import dev.ritsem.replication.ReplicaEvent.BecameOffline;
import dev.ritsem.replication.ReplicaEvent.Deleted;
import dev.ritsem.replication.ReplicaEvent.LogStartMoved;
import dev.ritsem.replication.ReplicaEvent.Truncated;
import dev.ritsem.replication.ReplicaState.Follower;
import dev.ritsem.replication.ReplicaState.Leader;
import dev.ritsem.replication.ReplicaState.Offline;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReplicaEventSerializerTest {
  private static final List<BrokerId> ISR = List.of(new BrokerId(1), new BrokerId(1000));
  private static final LeaderEpoch EPOCH = new LeaderEpoch(7);

  private final ReplicaEventSerializer serializer = new ReplicaEventSerializer();

  static Stream<Arguments> golden() {
    return Stream.of(
        Arguments.of(new BecameLeader(EPOCH, 9, ISR), "became-leader-1", "9f07099f011903e8ffff"),
        Arguments.of(
            new BecameFollower(EPOCH, 9, new BrokerId(2)), "became-follower-1", "9f070902ff"),
        Arguments.of(new BecameOffline(EPOCH, 9), "became-offline-1", "9f0709ff"),
        Arguments.of(new LogStartMoved(1L << 40), "log-start-moved-1", "9f1b0000010000000000ff"),
        Arguments.of(new Truncated(500), "truncated-1", "9f1901f4ff"),
        Arguments.of(new Deleted(), "deleted-1", "9fff"),
        Arguments.of(ReplicaState.INITIAL, "state-1", "9f20002000ff"),
        Arguments.of(new ReplicaState(new Offline(EPOCH), 9, 3), "state-1", "9f0903" + "0700ff"),
        Arguments.of(
            new ReplicaState(new Follower(EPOCH, new BrokerId(2)), 9, 3),
            "state-1",
            "9f0903070102ff"),
        Arguments.of(
            new ReplicaState(new Leader(EPOCH, ISR), 9, 3), "state-1", "9f090307029f011903e8ffff"));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void the_bytes_on_disk_stay_what_they_were(Object object, String manifest, String hex)
      throws Exception {
    assertThat(serializer.manifest(object)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(serializer.toBinary(object))).isEqualTo(hex);
    assertThat(serializer.fromBinary(HexFormat.of().parseHex(hex), manifest)).isEqualTo(object);
  }

  @Test
  void every_kind_of_event_has_golden_bytes() {
    List<Class<?>> covered =
        golden().<Class<?>>map(arguments -> arguments.get()[0].getClass()).distinct().toList();
    assertThat(covered).containsAll(Arrays.asList(ReplicaEvent.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void bytes_that_were_cut_short_are_refused(Object object, String manifest, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(
            () -> serializer.fromBinary(Arrays.copyOf(bytes, bytes.length - 1), manifest))
        .isInstanceOf(NotSerializableException.class);
  }

  @Test
  void a_manifest_of_a_later_version_is_refused() {
    assertThatThrownBy(
            () -> serializer.fromBinary(new byte[] {(byte) 0x9f, (byte) 0xff}, "state-2"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("state-2");
  }
}
