package dev.ritsem.client;

import akka.Done;
import akka.japi.Pair;
import akka.stream.AbruptStageTerminationException;
import akka.stream.Attributes;
import akka.stream.Inlet;
import akka.stream.SinkShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.GraphStageLogic;
import dev.ritsem.client.producer.ProducerBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends records; completes when all are acknowledged. */
final class ProducerSinkStage<K, V>
    extends AbstractGraphStageWithMaterializedValue<
        SinkShape<ProducerRecord<K, V>>, CompletionStage<Done>> {
  private final Inlet<ProducerRecord<K, V>> in = Inlet.create("records");
  private final SinkShape<ProducerRecord<K, V>> shape = SinkShape.of(in);
  private final ProducerSettings<K, V> settings;

  ProducerSinkStage(ProducerSettings<K, V> settings) {
    this.settings = settings;
  }

  @Override
  public SinkShape<ProducerRecord<K, V>> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Done>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    return new Pair<>(new Logic(done), done);
  }

  private final class Logic extends ProducingLogic<K, V, ProducerRecord<K, V>> {
    private final CompletableFuture<Done> done;
    private boolean completed;
    private @Nullable Throwable failure;

    Logic(CompletableFuture<Done> done) {
      super(shape, in, settings);
      this.done = done;
    }

    @Override
    ProducerRecord<K, V> recordOf(ProducerRecord<K, V> element) {
      return element;
    }

    @Override
    void onTaken(ProducerRecord<K, V> element, ProducerBatch batch) {
      // Nobody asks for the single record's result.
    }

    @Override
    void onProgress() {
      // What is acknowledged is simply done.
    }

    @Override
    boolean hasRoom() {
      return true;
    }

    @Override
    boolean isDrained() {
      return true;
    }

    @Override
    void complete() {
      completed = true;
    }

    @Override
    void onFailure(Throwable cause) {
      failure = cause;
    }

    @Override
    public void postStop() {
      Throwable cause = failure != null ? failure : new AbruptStageTerminationException(this);
      var unused =
          closeTransport()
              .whenComplete(
                  (closed, broken) -> {
                    if (completed) {
                      done.complete(Done.getInstance());
                    } else {
                      done.completeExceptionally(cause);
                    }
                  });
    }
  }
}
