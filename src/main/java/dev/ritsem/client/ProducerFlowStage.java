package dev.ritsem.client;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.OutHandler;
import dev.ritsem.client.producer.ProducerBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends records and hands out each one's result, in the order in which the records came. */
final class ProducerFlowStage<K, V, P>
    extends GraphStage<FlowShape<ProducerMessage<K, V, P>, ProducerResult<K, V, P>>> {
  /** Records that are taken and whose results have not been taken yet, at most. */
  private static final int PENDING_MAX = 65_536;

  private final Inlet<ProducerMessage<K, V, P>> in = Inlet.create("messages");
  private final Outlet<ProducerResult<K, V, P>> out = Outlet.create("results");
  private final FlowShape<ProducerMessage<K, V, P>, ProducerResult<K, V, P>> shape =
      FlowShape.of(in, out);
  private final ProducerSettings<K, V> settings;

  ProducerFlowStage(ProducerSettings<K, V> settings) {
    this.settings = settings;
  }

  @Override
  public FlowShape<ProducerMessage<K, V, P>, ProducerResult<K, V, P>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private record Pending<K, V, P>(
      ProducerMessage<K, V, P> message, ProducerBatch batch, int index, long timestampMs) {
    ProducerResult<K, V, P> result() {
      long appended = batch.logAppendTimeMs();
      return new ProducerResult<>(
          message.record(),
          batch.partition().partition(),
          batch.offset(index),
          appended >= 0 ? appended : timestampMs,
          message.passThrough());
    }
  }

  private final class Logic extends ProducingLogic<K, V, ProducerMessage<K, V, P>>
      implements OutHandler {
    private final Deque<Pending<K, V, P>> pending = new ArrayDeque<>();

    Logic() {
      super(shape, in, settings);
      setHandler(out, this);
    }

    @Override
    ProducerRecord<K, V> recordOf(ProducerMessage<K, V, P> element) {
      return element.record();
    }

    @Override
    void onTaken(ProducerMessage<K, V, P> element, ProducerBatch batch) {
      Long given = element.record().timestamp();
      long timestampMs = given != null ? given : batch.lastTimestampMs();
      pending.add(new Pending<>(element, batch, batch.recordCount() - 1, timestampMs));
    }

    @Override
    public void onPull() {
      onProgress();
      pullIfRoom();
      completeIfDone();
    }

    @Override
    void onProgress() {
      Pending<K, V, P> first = pending.peek();
      if (first != null && isAvailable(out) && first.batch().isAcknowledged()) {
        pending.remove();
        push(out, first.result());
      }
    }

    @Override
    boolean hasRoom() {
      return pending.size() < PENDING_MAX;
    }

    @Override
    boolean isDrained() {
      return pending.isEmpty();
    }

    @Override
    void complete() {
      // The stage completes, and with it the outlet.
    }

    @Override
    void onFailure(Throwable cause) {
      // The stage fails, and with it the outlet.
    }

    @Override
    public void postStop() {
      var unused = closeTransport();
    }
  }
}
