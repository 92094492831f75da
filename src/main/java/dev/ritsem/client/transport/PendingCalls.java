package dev.ritsem.client.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The calls of one connection: those that wait for it to stand, and those that are out. */
final class PendingCalls {
  /** Calls that one connection holds at most; more are refused at once. */
  private static final int CALLS_MAX = 1_000;

  private final Deque<Call> waiting = new ArrayDeque<>();

  /** In the order in which they were sent, which is that of the answers. */
  private final Deque<Call> out = new ArrayDeque<>();

  boolean isFull() {
    return waiting.size() + out.size() >= CALLS_MAX;
  }

  void waitForConnection(Call call) {
    waiting.add(call);
  }

  /** The next call that waits; null if none does. */
  @Nullable Call takeWaiting() {
    return waiting.poll();
  }

  void sent(Call call) {
    out.add(call);
  }

  /**
   * The call that an answer is for.
   *
   * @throws IllegalStateException if it is not the next one
   */
  Call answered(int correlationId) {
    Call next = out.peek();
    if (next == null || next.correlationId != correlationId) {
      throw new IllegalStateException("the broker answers what was not asked");
    }
    return out.remove();
  }

  /** The call whose deadline is looked after; null if there is none. */
  @Nullable Call first() {
    return out.isEmpty() ? waiting.peek() : out.peek();
  }

  boolean anyOverdue(long nowNanos) {
    return Stream.concat(out.stream(), waiting.stream())
        .anyMatch(call -> call.deadlineNanos <= nowNanos);
  }

  void failAll(KafkaException failure) {
    List<Call> failed = new ArrayList<>(out);
    failed.addAll(waiting);
    out.clear();
    waiting.clear();
    failed.forEach(call -> call.answer.completeExceptionally(failure));
  }
}
