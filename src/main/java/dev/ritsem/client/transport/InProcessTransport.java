package dev.ritsem.client.transport;

import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.MemoryRecordsSlice;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Hands requests to the node in this JVM as they are; those for other brokers of its cluster go
 * over TCP. Only produced batches are copied: the node writes offsets into them, and the client may
 * have to send them again.
 */
final class InProcessTransport implements Transport {
  private final LocalBroker local;
  private final TransportOptions options;
  private final TcpTransport others;

  /** Calls that the node has not answered yet, to fail them in time or at the end. */
  private final Map<Call, Boolean> out = new ConcurrentHashMap<>();

  private final AtomicBoolean watching = new AtomicBoolean();
  private volatile boolean closed;

  InProcessTransport(LocalBroker local, ConnectionSecurity security, TransportOptions options) {
    this.local = local;
    this.options = options;
    this.others = new TcpTransport(List.of(local.address()), security, options);
  }

  @Override
  public CompletionStage<ApiMessage> send(
      BrokerAddress broker, Lane lane, ApiKeys api, ApiMessage request) {
    if (!broker.isBootstrap() && broker.brokerId() != local.address().brokerId()) {
      return others.send(broker, lane, api, request);
    }
    if (closed) {
      return CompletableFuture.failedFuture(new DisconnectException("The client is closed."));
    }
    long waitMs = (long) options.requestTimeoutMs() + Call.waitMs(request);
    long deadline = options.clock().nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMs);
    Call call = new Call(api, request, deadline);
    out.put(call, true);
    watch();
    ApiMessage given = request instanceof ProduceRequestData produce ? copy(produce) : request;
    try {
      local.dispatch(
          api, api.latestVersion(false), options.clientId(), given, answer -> answer(call, answer));
    } catch (RuntimeException e) {
      fail(call, new DisconnectException("The node refused the request: " + e.getMessage(), e));
    }
    return call.answer;
  }

  private void answer(Call call, ApiMessage answer) {
    out.remove(call);
    if (!call.answer.complete(answer)) {
      LateAnswers.release(answer);
    }
  }

  private void fail(Call call, RuntimeException failure) {
    out.remove(call);
    call.answer.completeExceptionally(failure);
  }

  /** Looks after deadlines as long as something is out; normally nothing is ever overdue. */
  private void watch() {
    if (watching.compareAndSet(false, true)) {
      long periodMs = Math.max(1, options.requestTimeoutMs() / 4);
      var unused =
          options.eventLoops().next().schedule(this::onTimer, periodMs, TimeUnit.MILLISECONDS);
    }
  }

  private void onTimer() {
    watching.set(false);
    long now = options.clock().nanoTime();
    for (Call call : out.keySet()) {
      if (call.deadlineNanos <= now) {
        fail(
            call,
            new TimeoutException(
                "%s did not answer within %d ms"
                    .formatted(local.address(), options.requestTimeoutMs())));
      }
    }
    if (!out.isEmpty() && !closed) {
      watch();
    }
  }

  private static ProduceRequestData copy(ProduceRequestData request) {
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    for (TopicProduceData topic : request.topicData()) {
      TopicProduceData copy =
          new TopicProduceData().setName(topic.name()).setTopicId(topic.topicId());
      for (PartitionProduceData partition : topic.partitionData()) {
        ByteBuffer bytes = WireRecords.bytesOf(partition.records()).duplicate();
        ByteBuffer own = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        copy.partitionData()
            .add(
                new PartitionProduceData()
                    .setIndex(partition.index())
                    .setRecords(new WireRecords(new MemoryRecordsSlice(own))));
      }
      topics.add(copy);
    }
    return new ProduceRequestData()
        .setTransactionalId(request.transactionalId())
        .setAcks(request.acks())
        .setTimeoutMs(request.timeoutMs())
        .setTopicData(topics);
  }

  @Override
  public List<BrokerAddress> bootstrap() {
    BrokerAddress here = local.address();
    return List.of(new BrokerAddress(BrokerAddress.UNKNOWN_ID, here.host(), here.port()));
  }

  @Override
  public void listen(Consumer<ConnectionEvent> listener) {
    others.listen(listener);
  }

  @Override
  public CompletionStage<Void> close() {
    closed = true;
    DisconnectException end = new DisconnectException("The client was closed.");
    out.keySet().forEach(call -> fail(call, end));
    return others.close();
  }
}
