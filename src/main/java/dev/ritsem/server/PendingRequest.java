package dev.ritsem.server;

import dev.ritsem.protocol.WireRecords;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * A request of a socket that is not answered yet: its place in the order of answers, and the memory
 * of its frame as long as the handler needs it.
 */
final class PendingRequest implements Reply, Runnable {
  private final SocketConnection connection;
  private final ApiKeys api;
  private final short version;
  private final int correlationId;
  private final int frameBytes;
  private final AtomicBoolean replied = new AtomicBoolean();

  /** The frame's memory, if the handler keeps views of it. Released on the event loop. */
  private @Nullable ByteBuf frame;

  // Written before `replied`, which publishes them to the event loop.
  private @Nullable ApiMessage response;
  private @Nullable String closeReason;

  /** Only on the event loop: the reply has arrived there. */
  private boolean ready;

  PendingRequest(
      SocketConnection connection, ApiKeys api, short version, int correlationId, int frameBytes) {
    this.connection = connection;
    this.api = api;
    this.version = version;
    this.correlationId = correlationId;
    this.frameBytes = frameBytes;
  }

  void keep(ByteBuf holder) {
    frame = holder.retain();
  }

  @Override
  public void send(ApiMessage message) {
    if (!replied.compareAndSet(false, true)) {
      releaseRecords(message);
      throw new IllegalStateException("a second reply to " + api.name);
    }
    response = message;
    deliver();
  }

  @Override
  public void sendNothing() {
    if (!replied.compareAndSet(false, true)) {
      throw new IllegalStateException("a second reply to " + api.name);
    }
    deliver();
  }

  /** Unlike the others it may come after a reply: a handler that failed after it had answered. */
  @Override
  public void closeConnection(String reason) {
    if (replied.compareAndSet(false, true)) {
      closeReason = reason;
      deliver();
    } else {
      connection.eventLoop().execute(() -> connection.closeFaulty(reason));
    }
  }

  private void deliver() {
    if (connection.eventLoop().inEventLoop()) {
      run();
    } else {
      connection.eventLoop().execute(this);
    }
  }

  /** The reply arrives on the event loop. */
  @Override
  public void run() {
    ready = true;
    if (frame != null) {
      frame.release();
      frame = null;
    }
    connection.onReply(this);
  }

  boolean isReady() {
    return ready;
  }

  /** The response, or null if there is none to send; afterwards its records are the caller's. */
  @Nullable ApiMessage takeResponse() {
    ApiMessage taken = response;
    response = null;
    return taken;
  }

  @Nullable String closeReason() {
    return closeReason;
  }

  ApiKeys api() {
    return api;
  }

  short version() {
    return version;
  }

  int correlationId() {
    return correlationId;
  }

  int frameBytes() {
    return frameBytes;
  }

  /** The response cannot be sent any more. */
  void discard() {
    ApiMessage unsent = takeResponse();
    if (unsent != null) {
      releaseRecords(unsent);
    }
  }

  static void releaseRecords(ApiMessage message) {
    if (message instanceof FetchResponseData fetch) {
      fetch
          .responses()
          .forEach(
              topic ->
                  topic
                      .partitions()
                      .forEach(partition -> WireRecords.release(partition.records())));
    }
  }
}
