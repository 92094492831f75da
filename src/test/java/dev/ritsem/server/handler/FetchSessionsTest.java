package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.model.TopicId;
import dev.ritsem.testing.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.junit.jupiter.api.Test;

class FetchSessionsTest {
  private static final long LONG_MS = FetchSessions.EVICTION_MS + 1;

  private final FetchSessions sessions = new FetchSessions(2, Seeds.random(1));

  @Test
  void aNewSessionDoesNotPutOutOnesThatAreUsed() {
    assertThat(sessions.create(false, partitions(1), 0)).isNotNull();
    assertThat(sessions.create(false, partitions(1), 0)).isNotNull();
    assertThat(sessions.create(false, partitions(5), 1_000)).isNull();
    assertThat(sessions.count()).isEqualTo(2);
  }

  @Test
  void aNewSessionPutsOutTheOneThatWasNotUsedForLongest() {
    FetchSession unused = create(1, 0);
    FetchSession used = create(1, 0);
    assertThat(used.advance(new FetchRequestData().setSessionEpoch(1), LONG_MS)).isTrue();
    assertThat(sessions.create(false, partitions(1), LONG_MS)).isNotNull();
    assertThat(sessions.find(unused.id())).isNull();
    assertThat(sessions.find(used.id())).isSameAs(used);
  }

  @Test
  void aLargerSessionPutsOutASmallerOldOne() {
    FetchSession small = create(1, 0);
    FetchSession large = create(10, 0);
    for (FetchSession session : List.of(small, large)) {
      session.advance(new FetchRequestData().setSessionEpoch(1), LONG_MS);
    }
    assertThat(sessions.create(false, partitions(1), LONG_MS)).isNull();
    assertThat(sessions.create(false, partitions(5), LONG_MS)).isNotNull();
    assertThat(sessions.find(small.id())).isNull();
    assertThat(sessions.find(large.id())).isNotNull();
  }

  @Test
  void aWrongEpochChangesNothing() {
    FetchSession session = create(1, 0);
    FetchRequestData adding = request(3).setSessionEpoch(2);
    assertThat(session.advance(adding, 0)).isFalse();
    assertThat(session.size()).isEqualTo(1);
    assertThat(session.advance(adding.setSessionEpoch(1), 0)).isTrue();
    assertThat(session.size()).isEqualTo(3);
    assertThat(session.advance(adding.setSessionEpoch(1), 0)).isFalse();
  }

  @Test
  void partitionsThatHadRecordsAreReadLast() {
    FetchSession session = create(3, 0);
    List<FetchedPartition> order = session.snapshot();
    session.moveToEnd(List.of(order.get(0)));
    assertThat(session.snapshot()).containsExactly(order.get(1), order.get(2), order.get(0));
  }

  private FetchSession create(int size, long nowMs) {
    return Objects.requireNonNull(sessions.create(false, partitions(size), nowMs));
  }

  private static Map<FetchedPartition.Key, FetchedPartition> partitions(int count) {
    Map<FetchedPartition.Key, FetchedPartition> partitions = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      FetchedPartition.Key key = new FetchedPartition.Key("topic", TopicId.ZERO, i);
      partitions.put(key, new FetchedPartition(key, new FetchPartition().setPartition(i)));
    }
    return partitions;
  }

  private static FetchRequestData request(int partitions) {
    FetchTopic topic = new FetchTopic().setTopic("topic");
    for (int i = 0; i < partitions; i++) {
      topic.partitions().add(new FetchPartition().setPartition(i));
    }
    return new FetchRequestData().setTopics(List.of(topic));
  }
}
