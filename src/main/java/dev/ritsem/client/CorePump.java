package dev.ritsem.client;

import akka.stream.stage.AsyncCallback;
import dev.ritsem.client.cluster.ClientCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.transport.LateAnswers;
import dev.ritsem.client.transport.Transport;
import dev.ritsem.model.Clock;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.FutureConverters;

/**
 * Connects a core with a transport and with time: what every graph stage around a core does. Lives
 * in the stage, and enters it from other threads through one asynchronous callback.
 */
final class CorePump {
  /** Something that happened outside of the stage. */
  sealed interface Signal {}

  /** A request was answered, or failed: one of both is null. */
  record Arrival(OutgoingRequest request, @Nullable ApiMessage answer, @Nullable Throwable failure)
      implements Signal {}

  /** Time has passed, or the stage has asked itself to go on later. */
  record Wake() implements Signal {}

  private static final Wake WAKE = new Wake();

  private final ClientCore core;
  private final Transport transport;
  private final Clock clock;
  private final EventLoopGroup timers;
  private final AsyncCallback<Signal> signals;
  private long timerAtMs = Long.MAX_VALUE;
  private boolean pollRequested;

  CorePump(
      ClientCore core,
      Transport transport,
      Clock clock,
      EventLoopGroup timers,
      AsyncCallback<Signal> signals) {
    this.core = core;
    this.transport = transport;
    this.clock = clock;
    this.timers = timers;
    this.signals = signals;
  }

  /** Hands a signal to the core. The stage looks at the core afterwards, and polls. */
  void accept(Signal signal) {
    if (signal instanceof Arrival arrival) {
      ApiMessage answer = arrival.answer();
      if (answer != null) {
        core.onAnswer(arrival.request(), answer, clock.nowMs());
      } else if (arrival.failure() != null) {
        core.onFailure(arrival.request(), arrival.failure(), clock.nowMs());
      }
    } else {
      pollRequested = false;
      timerAtMs = timerAtMs <= clock.nowMs() ? Long.MAX_VALUE : timerAtMs;
    }
  }

  /**
   * Polls once the stage has dealt with everything that waits for it now, so that what comes in a
   * burst goes out together.
   */
  void requestPoll() {
    if (!pollRequested) {
      pollRequested = true;
      signals.invoke(WAKE);
    }
  }

  /** Sends what is due. */
  void poll() {
    core.poll(clock.nowMs(), this::send);
    arm();
  }

  /** Sees to it that the stage wakes when the core is next due. */
  void arm() {
    long wake = core.wakeAtMs();
    if (wake < timerAtMs) {
      timerAtMs = wake;
      long delay = Math.max(0, wake - clock.nowMs());
      var unused = timers.next().schedule(() -> signals.invoke(WAKE), delay, TimeUnit.MILLISECONDS);
    }
  }

  private void send(OutgoingRequest request) {
    CompletionStage<ApiMessage> answer =
        transport.send(request.broker(), request.lane(), request.api(), request.body());
    var unused = answer.whenComplete((message, failure) -> arrive(request, message, failure));
  }

  private void arrive(
      OutgoingRequest request, @Nullable ApiMessage answer, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    Arrival arrival = new Arrival(request, answer, cause);
    if (answer instanceof FetchResponseData) {
      // If the stage has ended meanwhile, nobody else gives the records back.
      var unused =
          FutureConverters.asJava(signals.invokeWithFeedback(arrival))
              .exceptionally(
                  ended -> {
                    LateAnswers.release(answer);
                    return null;
                  });
    } else {
      signals.invoke(arrival);
    }
  }
}
