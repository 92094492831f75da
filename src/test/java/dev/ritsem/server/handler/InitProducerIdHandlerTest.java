package dev.ritsem.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ritsem.metadata.controller.CoreController;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InitProducerIdHandlerTest {
  private final CoreController controller = CoreController.ofBrokers(1);
  private final InitProducerIdHandler handler =
      new InitProducerIdHandler(new ProducerIds(controller));

  static Stream<Short> versions() {
    return HandlerCalls.versionsOf(ApiKeys.INIT_PRODUCER_ID);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void gives_an_idempotent_producer_an_id_in_its_first_epoch(short version) {
    InitProducerIdResponseData response = call(version, idempotent());

    assertThat(response.errorCode()).isEqualTo(ErrorCode.NONE.code());
    assertThat(response.producerId()).isNotNegative();
    assertThat(response.producerEpoch()).isZero();
  }

  @Test
  void gives_every_producer_another_id_over_blocks_and_restarts() {
    Set<Long> ids = new HashSet<>();
    for (int i = 0; i < 1_500; i++) {
      assertThat(ids.add(call(5, idempotent()).producerId())).isTrue();
    }
    InitProducerIdHandler restarted = new InitProducerIdHandler(new ProducerIds(controller));
    InitProducerIdResponseData response =
        HandlerCalls.call(restarted, 5, idempotent(), InitProducerIdResponseData.class);

    assertThat(ids.add(response.producerId())).isTrue();
  }

  @Test
  void asks_to_come_again_while_the_controller_gives_no_block() {
    controller.refuseAll(new WireException(ErrorCode.REQUEST_TIMED_OUT, "away"));

    InitProducerIdResponseData response = call(5, idempotent());

    assertThat(response.errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
    assertThat(response.producerId()).isEqualTo(-1);
  }

  @Test
  void refuses_half_an_identity_and_an_empty_transactional_id() {
    assertThat(call(5, idempotent().setProducerId(7)).errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    assertThat(call(5, idempotent().setProducerEpoch((short) 7)).errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
    assertThat(call(5, idempotent().setTransactionalId("")).errorCode())
        .isEqualTo(ErrorCode.INVALID_REQUEST.code());
  }

  private InitProducerIdResponseData call(int version, InitProducerIdRequestData request) {
    return HandlerCalls.call(handler, version, request, InitProducerIdResponseData.class);
  }

  private static InitProducerIdRequestData idempotent() {
    return new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(1_000);
  }
}
