package dev.ritsem.client.transport;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** A request on its way and the place of its answer. Used on its connection's event loop. */
final class Call {
  final ApiKeys api;
  final ApiMessage request;
  final CompletableFuture<ApiMessage> answer = new CompletableFuture<>();

  /** When the answer has to be there, on the clock's nanosecond scale. */
  final long deadlineNanos;

  /** Set when it is sent. */
  short version;

  int correlationId;

  Call(ApiKeys api, ApiMessage request, long deadlineNanos) {
    this.api = api;
    this.request = request;
    this.deadlineNanos = deadlineNanos;
  }

  /** A produce request with acks=0 is never answered. */
  static boolean expectsAnswer(ApiMessage request) {
    return !(request instanceof ProduceRequestData produce) || produce.acks() != 0;
  }

  /** How long the broker may wait on purpose before it answers, in ms. */
  static int waitMs(ApiMessage request) {
    return request instanceof FetchRequestData fetch ? fetch.maxWaitMs() : 0;
  }
}
