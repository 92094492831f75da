package dev.ritsem.client.cluster;

import java.util.function.Consumer;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A deterministic state machine that talks to brokers: it is told the time and what was answered,
 * and says which requests to send. It runs on one thread at a time, and equal inputs give equal
 * outputs. A shell sends the requests, and brings each one's answer or failure back exactly once.
 */
public interface ClientCore {
  /**
   * Hands out every request that is due. To be called after each input and at {@link #wakeAtMs}.
   */
  void poll(long nowMs, Consumer<OutgoingRequest> out);

  /** When {@link #poll} is due even if nothing happens; {@link Long#MAX_VALUE} for never. */
  long wakeAtMs();

  void onAnswer(OutgoingRequest request, ApiMessage answer, long nowMs);

  /**
   * The request failed.
   *
   * @param failure a {@link org.apache.kafka.common.errors.RetriableException} if the outcome is
   *     unknown or nothing was sent
   */
  void onFailure(OutgoingRequest request, Throwable failure, long nowMs);
}
