package dev.ritsem.client.producer;

import dev.ritsem.client.cluster.Backoff;
import dev.ritsem.client.cluster.MetadataCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.transport.Lane;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.ProducerIdAndEpoch;
import java.util.function.Consumer;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * The id under which an idempotent producer's batches are known to the brokers: asked for once; its
 * epoch is raised here when a partition's sequences have to start anew (KIP-360).
 */
final class ProducerIdentity {
  private final Backoff backoff;
  private ProducerIdAndEpoch current = ProducerIdAndEpoch.NONE;
  private boolean asking;
  private int failures;
  private long askNotBeforeMs;
  private @Nullable RuntimeException failure;

  ProducerIdentity(Backoff backoff) {
    this.backoff = backoff;
  }

  /** NONE until there is one. */
  ProducerIdAndEpoch current() {
    return current;
  }

  @Nullable RuntimeException failure() {
    return failure;
  }

  long wakeAtMs() {
    return current.isPresent() || asking ? Long.MAX_VALUE : askNotBeforeMs;
  }

  void poll(MetadataCore metadata, long nowMs, Consumer<OutgoingRequest> out) {
    if (nowMs < wakeAtMs()) {
      return;
    }
    asking = true;
    InitProducerIdRequestData request =
        new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(-1);
    out.accept(
        new OutgoingRequest(
            metadata.anyBroker(), Lane.REQUESTS, ApiKeys.INIT_PRODUCER_ID, request, this));
  }

  void onAnswer(ApiMessage answer, long nowMs) {
    InitProducerIdResponseData given = (InitProducerIdResponseData) answer;
    ErrorCode error = ErrorCode.of(given.errorCode());
    if (error == ErrorCode.NONE) {
      asking = false;
      current = new ProducerIdAndEpoch(given.producerId(), given.producerEpoch());
    } else if (error.retriable()) {
      onFailure(nowMs);
    } else {
      failure = Errors.forCode(error.code()).exception();
    }
  }

  void onFailure(long nowMs) {
    asking = false;
    failures++;
    askNotBeforeMs = nowMs + backoff.pauseMs(failures);
  }

  /**
   * The identity for a partition whose broker has forgotten the old one: the same id with a higher
   * epoch; NONE, until a new id is there, if no epoch is left.
   */
  ProducerIdAndEpoch bumped(ProducerIdAndEpoch forgotten) {
    if (!current.isPresent()) {
      return current;
    }
    boolean alreadyNewer =
        current.producerId() != forgotten.producerId()
            || current.producerEpoch() > forgotten.producerEpoch();
    if (!alreadyNewer) {
      current =
          current.producerEpoch() == Short.MAX_VALUE
              ? ProducerIdAndEpoch.NONE
              : new ProducerIdAndEpoch(current.producerId(), (short) (current.producerEpoch() + 1));
    }
    return current;
  }
}
