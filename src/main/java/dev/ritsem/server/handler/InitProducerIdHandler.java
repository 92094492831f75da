package dev.ritsem.server.handler;

import dev.ritsem.model.ErrorCode;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Gives idempotent producers their ids (KIP-98). Versions 0 to 5. Transactional producers are told
 * that their coordinator is not available: there is none yet.
 */
public final class InitProducerIdHandler implements RequestHandler<InitProducerIdRequestData> {
  private static final long NO_ID = -1;
  private static final short NO_EPOCH = -1;
  private static final short FIRST_EPOCH = 0;

  private final ProducerIds producerIds;

  public InitProducerIdHandler(ProducerIds producerIds) {
    this.producerIds = producerIds;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public void handle(InitProducerIdRequestData request, RequestContext context, Reply reply) {
    boolean halfKnown = (request.producerId() == NO_ID) != (request.producerEpoch() == NO_EPOCH);
    String transactionalId = request.transactionalId();
    if (halfKnown || (transactionalId != null && transactionalId.isEmpty())) {
      reply.send(failed(ErrorCode.INVALID_REQUEST));
    } else if (transactionalId != null) {
      reply.send(failed(ErrorCode.COORDINATOR_NOT_AVAILABLE));
    } else {
      Answers.sendWhenDone(
          producerIds.next(),
          id -> new InitProducerIdResponseData().setProducerId(id).setProducerEpoch(FIRST_EPOCH),
          refusal -> failed(refusal.error()),
          reply);
    }
  }

  private static InitProducerIdResponseData failed(ErrorCode error) {
    return new InitProducerIdResponseData()
        .setErrorCode(error.code())
        .setProducerId(NO_ID)
        .setProducerEpoch(NO_EPOCH);
  }
}
