package dev.ritsem.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.producer.ProducerBatch;
import dev.ritsem.client.producer.ProducerCore;
import dev.ritsem.client.producer.ProducerLimits;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.Compression;
import dev.ritsem.testing.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** Single decisions of the producer core, answer by answer. */
class ProducerCoreTest {
  private static final byte[] VALUE = new byte[100];
  private static final long DELIVERY_TIMEOUT_MS = 5_000;

  private final SimulatedCluster cluster = new SimulatedCluster(Seeds.random(1), 1);
  private final Random random = Seeds.random(2);
  private final ProducerCore core = core();
  private long nowMs = cluster.nowMs();

  private ProducerCore core() {
    cluster.createTopic("t", 1);
    ProducerLimits limits =
        ProducerLimitsForTests.create(Compression.NONE, 10_000, DELIVERY_TIMEOUT_MS);
    return new ProducerCore(cluster.bootstrap(), limits, null, random, nowMs);
  }

  /** Lets the core talk to the cluster, but keeps its produce requests. */
  private List<OutgoingRequest> produceRequests() {
    List<OutgoingRequest> held = new ArrayList<>();
    boolean talked = true;
    while (talked) {
      List<OutgoingRequest> sent = new ArrayList<>();
      core.poll(nowMs, sent::add);
      talked = false;
      for (OutgoingRequest request : sent) {
        if (request.api() == ApiKeys.PRODUCE) {
          held.add(request);
        } else {
          talked = true;
          core.onAnswer(request, cluster.handle(0, request.api(), request.body()), nowMs);
        }
      }
    }
    return held;
  }

  private ProducerBatch append() {
    ProducerBatch batch = core.append("t", 0, nowMs, null, VALUE, List.of(), nowMs);
    if (batch == null) {
      produceRequests();
      batch = core.append("t", 0, nowMs, null, VALUE, List.of(), nowMs);
    }
    if (batch == null) {
      throw new AssertionError("the topic is not known");
    }
    return batch;
  }

  /** Fills and sends one batch. */
  private OutgoingRequest sendOne() {
    append();
    core.flush(true);
    List<OutgoingRequest> sent = produceRequests();
    core.flush(false);
    assertThat(sent).hasSize(1);
    return sent.get(0);
  }

  private void answer(OutgoingRequest request, ErrorCode error) {
    ProduceResponseData answer = new ProduceResponseData();
    TopicProduceResponse topic = new TopicProduceResponse().setName("t");
    topic
        .partitionResponses()
        .add(new PartitionProduceResponse().setIndex(0).setErrorCode(error.code()));
    answer.responses().add(topic);
    core.onAnswer(request, answer, nowMs);
  }

  @Test
  void a_record_lingers_and_then_leaves() {
    append();
    assertThat(produceRequests()).isEmpty();
    nowMs = core.wakeAtMs();
    assertThat(produceRequests()).hasSize(1);
  }

  @Test
  void nothing_follows_a_partitions_first_batch_before_it_is_stored_and_then_five_are_out() {
    List<OutgoingRequest> out = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      append();
      out.addAll(produceRequests());
    }
    assertThat(out).hasSize(1);

    answer(out.get(0), ErrorCode.NONE);
    assertThat(produceRequests()).hasSize(5);
    assertThat(produceRequests()).isEmpty();
  }

  @Test
  void memory_is_bounded() {
    while (core.hasRoom()) {
      append();
    }
    OutgoingRequest first = produceRequests().get(0);
    assertThat(core.hasRoom()).isFalse();
    answer(first, ErrorCode.NONE);
    assertThat(core.hasRoom()).isTrue();
  }

  @Test
  void a_repeat_that_the_broker_has_forgotten_the_offset_of_is_stored_all_the_same() {
    ProducerBatch batch = append();
    nowMs = core.wakeAtMs();
    answer(produceRequests().get(0), ErrorCode.DUPLICATE_SEQUENCE_NUMBER);

    assertThat(core.failure()).isNull();
    assertThat(batch.isAcknowledged()).isTrue();
    assertThat(batch.offset(0)).isEqualTo(-1);
  }

  @Test
  void a_gap_that_nothing_of_ours_explains_is_an_error() {
    answer(sendOne(), ErrorCode.NONE);
    answer(sendOne(), ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);

    assertThat(core.failure()).isInstanceOf(OutOfOrderSequenceException.class);
  }

  @Test
  void a_batch_that_overtook_a_failed_one_goes_out_again_behind_it() {
    answer(sendOne(), ErrorCode.NONE);
    OutgoingRequest lost = sendOne();
    OutgoingRequest overtaking = sendOne();
    answer(overtaking, ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    assertThat(produceRequests()).as("while the other is out").isEmpty();
    answer(lost, ErrorCode.NOT_ENOUGH_REPLICAS);

    nowMs += 1_000;
    List<OutgoingRequest> again = produceRequests();
    assertThat(again).hasSize(1);
    assertThat(bytes(again.get(0))).isEqualTo(bytes(lost));
    answer(again.get(0), ErrorCode.NONE);
    List<OutgoingRequest> behind = produceRequests();
    assertThat(behind).hasSize(1);
    assertThat(bytes(behind.get(0))).isEqualTo(bytes(overtaking));
    assertThat(core.failure()).isNull();
  }

  private static ByteBuffer bytes(OutgoingRequest request) {
    ProduceRequestData data = (ProduceRequestData) request.body();
    return WireRecords.bytesOf(data.topicData().iterator().next().partitionData().get(0).records());
  }

  @Test
  void at_the_delivery_timeout_the_brokers_last_error_is_reported() {
    answer(sendOne(), ErrorCode.NOT_ENOUGH_REPLICAS);
    nowMs += DELIVERY_TIMEOUT_MS;
    produceRequests();

    assertThat(core.failure()).isInstanceOf(NotEnoughReplicasException.class);
  }

  @Test
  void at_the_delivery_timeout_of_a_batch_that_never_left_a_timeout_is_reported() {
    answer(sendOne(), ErrorCode.NONE);
    append();
    nowMs += DELIVERY_TIMEOUT_MS;
    produceRequests();

    assertThat(core.failure())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("Expiring")
        .hasMessageContaining("t-0");
  }
}
