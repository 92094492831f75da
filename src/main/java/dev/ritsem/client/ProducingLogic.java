package dev.ritsem.client;

import akka.stream.Inlet;
import akka.stream.Shape;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.InHandler;
import dev.ritsem.client.producer.ProducerBatch;
import dev.ritsem.client.transport.Transport;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the producing stages have in common: elements are taken while there is memory, batches go
 * out, and the stage ends when everything that was taken is acknowledged, or with the first
 * failure.
 *
 * @param <E> the elements that come in
 */
abstract class ProducingLogic<K, V, E> extends GraphStageLogic implements InHandler {
  private final Inlet<E> in;
  private final ProducerSettings<K, V> settings;
  private @Nullable Running<K, V> running;
  private @Nullable E waiting;

  /** What exists from the start of the stage to its end. */
  private record Running<K, V>(Transport transport, RecordSender<K, V> sender, CorePump pump) {}

  ProducingLogic(Shape shape, Inlet<E> in, ProducerSettings<K, V> settings) {
    super(shape);
    this.in = in;
    this.settings = settings;
    setHandler(in, this);
  }

  abstract ProducerRecord<K, V> recordOf(E element);

  /** The element is the last record of the batch now. */
  abstract void onTaken(E element, ProducerBatch batch);

  /** Batches may have been acknowledged. */
  abstract void onProgress();

  /** Whether there is room for another element, besides the room for its bytes. */
  abstract boolean hasRoom();

  /** Whether everything that was acknowledged has also left the stage. */
  abstract boolean isDrained();

  /** Everything that was taken is acknowledged. */
  abstract void complete();

  /** The stage is about to fail. */
  abstract void onFailure(Throwable cause);

  @Override
  public void preStart() {
    EventLoopGroup eventLoops = ClientThreads.of(materializer().system()).eventLoops();
    Transport transport =
        Transports.open(
            settings.connector(),
            settings::get,
            eventLoops,
            settings.clock(),
            settings.connectionListener());
    RecordSender<K, V> sender = new RecordSender<>(settings, transport);
    AsyncCallback<CorePump.Signal> signals = createAsyncCallback(this::onSignal);
    CorePump pump = new CorePump(sender.core(), transport, settings.clock(), eventLoops, signals);
    running = new Running<>(transport, sender, pump);
    // The end of the upstream does not end the stage while something is out.
    setKeepGoing(true);
    pump.poll();
    pull(in);
  }

  private Running<K, V> running() {
    Running<K, V> now = running;
    if (now == null) {
      throw new IllegalStateException("the stage has not started");
    }
    return now;
  }

  @Override
  public void onPush() {
    E element = grab(in);
    try {
      ProducerBatch batch = running().sender().take(recordOf(element));
      if (batch == null) {
        waiting = element;
      } else {
        onTaken(element, batch);
      }
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    if (running().sender().core().isPollDue()) {
      running().pump().requestPoll();
    } else {
      running().pump().arm();
    }
    pullIfRoom();
  }

  @Override
  public void onUpstreamFinish() {
    running().sender().core().flush(true);
    running().pump().requestPoll();
    completeIfDone();
  }

  private void onSignal(CorePump.Signal signal) {
    running().pump().accept(signal);
    try {
      retryWaiting();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    running().pump().poll();
    RuntimeException failure = running().sender().core().failure();
    if (failure != null) {
      fail(failure);
      return;
    }
    onProgress();
    pullIfRoom();
    completeIfDone();
  }

  private void retryWaiting() {
    E held = waiting;
    ProducerBatch batch = held == null ? null : running().sender().retryWaiting();
    if (held != null && batch != null) {
      waiting = null;
      onTaken(held, batch);
    }
  }

  private void fail(Throwable cause) {
    onFailure(cause);
    failStage(cause);
  }

  @Override
  public void onUpstreamFailure(Throwable cause) {
    fail(cause);
  }

  final void pullIfRoom() {
    if (waiting == null
        && !isClosed(in)
        && !hasBeenPulled(in)
        && running().sender().core().hasRoom()
        && hasRoom()) {
      pull(in);
    }
  }

  final void completeIfDone() {
    if (isClosed(in) && waiting == null && running().sender().core().isIdle() && isDrained()) {
      complete();
      completeStage();
    }
  }

  /** Gives the connections back; completes when they are. */
  final CompletionStage<Void> closeTransport() {
    return running().transport().close();
  }
}
