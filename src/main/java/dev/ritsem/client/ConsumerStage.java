package dev.ritsem.client;

import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.OutHandler;
import dev.ritsem.client.consumer.FetchCore;
import dev.ritsem.client.consumer.FetchedRecords;
import dev.ritsem.client.transport.Transport;
import dev.ritsem.model.WireException;
import dev.ritsem.record.LogRecord;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads partitions; one record goes out for each that is demanded. */
final class ConsumerStage<K, V>
    extends AbstractGraphStageWithMaterializedValue<SourceShape<ConsumerRecord<K, V>>, Control> {
  private final Outlet<ConsumerRecord<K, V>> out = Outlet.create("records");
  private final SourceShape<ConsumerRecord<K, V>> shape = SourceShape.of(out);
  private final ConsumerSettings<K, V> settings;
  private final Subscription subscription;

  ConsumerStage(ConsumerSettings<K, V> settings, Subscription subscription) {
    this.settings = settings;
    this.subscription = subscription;
    // A plan that is impossible is refused here and not when the stream runs.
    ReadPlans.plan(subscription, settings);
  }

  @Override
  public SourceShape<ConsumerRecord<K, V>> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
    Logic logic = new Logic();
    return new Pair<>(logic, logic.control);
  }

  private final class Logic extends GraphStageLogic implements OutHandler {
    private final RecordReader<K, V> reader = new RecordReader<>(settings);
    private final SourceControl control;
    private final List<CompletableFuture<Map<TopicPartition, Long>>> askedPositions =
        new ArrayList<>();
    private @Nullable Running running;
    private long delivered;

    Logic() {
      super(shape);
      setHandler(out, this);
      AsyncCallback<SourceControl.Command> commands = createAsyncCallback(this::onCommand);
      control = new SourceControl(commands::invoke);
    }

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
      FetchCore core =
          new FetchCore(
              transport.bootstrap(),
              ReadPlans.plan(subscription, settings),
              ReadPlans.limits(settings),
              new SplittableRandom(),
              settings.clock().nowMs());
      AsyncCallback<CorePump.Signal> signals = createAsyncCallback(this::onSignal);
      CorePump pump = new CorePump(core, transport, settings.clock(), eventLoops, signals);
      running = new Running(transport, core, pump);
      pump.poll();
    }

    private Running running() {
      Running now = running;
      if (now == null) {
        throw new IllegalStateException("the stage has not started");
      }
      return now;
    }

    @Override
    public void onPull() {
      emit();
    }

    private void onSignal(CorePump.Signal signal) {
      running().pump().accept(signal);
      running().pump().poll();
      RuntimeException failure = running().core().failure();
      if (failure != null) {
        failStage(failure);
        return;
      }
      answerPositions();
      if (isAvailable(out)) {
        emit();
      }
    }

    /** Pushes the next record, if there is one; ends the stage, if there never will be. */
    private void emit() {
      FetchCore core = running().core();
      FetchedRecords ready = core.ready();
      boolean credited = false;
      while (ready != null) {
        LogRecord record = next(ready);
        if (record != null) {
          push(ready, record);
          break;
        }
        core.onConsumed();
        credited = true;
        ready = core.ready();
      }
      if (credited) {
        running().pump().poll();
      }
      if (ready == null && core.isDone()) {
        completeStage();
      }
    }

    private @Nullable LogRecord next(FetchedRecords ready) {
      try {
        return ready.next();
      } catch (WireException e) {
        throw new KafkaException(
            "%s cannot be read: %s".formatted(ready.partition(), e.getMessage()), e);
      }
    }

    private void push(FetchedRecords from, LogRecord record) {
      ConsumerRecord<K, V> read = reader.read(from, record);
      delivered++;
      push(out, read);
    }

    private void onCommand(SourceControl.Command command) {
      if (command instanceof SourceControl.Stop) {
        completeStage();
      } else if (command instanceof SourceControl.AskPositions ask) {
        askedPositions.add(ask.answer());
        answerPositions();
      } else if (command instanceof SourceControl.AskMetrics ask) {
        FetchCore core = running().core();
        ask.answer()
            .complete(
                new ConsumerMetrics(
                    delivered,
                    core.bytesFetched(),
                    core.fetches(),
                    core.bufferedBytes(),
                    core.lag()));
      }
    }

    private void answerPositions() {
      if (!askedPositions.isEmpty() && running().core().isResolved()) {
        Map<TopicPartition, Long> positions = Map.copyOf(running().core().positions());
        askedPositions.forEach(answer -> answer.complete(positions));
        askedPositions.clear();
      }
    }

    @Override
    public void postStop() {
      var unused =
          running().transport().close().whenComplete((closed, broken) -> control.onShutdown());
    }
  }

  /** What exists from the start of the stage to its end. */
  private record Running(Transport transport, FetchCore core, CorePump pump) {}
}
