package dev.ritsem.client;

import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.client.transport.LocalBroker;
import dev.ritsem.model.SystemClock;
import dev.ritsem.protocol.ApiVersionTable;
import dev.ritsem.protocol.EncodedResponse;
import dev.ritsem.protocol.RequestDecoder;
import dev.ritsem.protocol.RequestFrame;
import dev.ritsem.protocol.ResponseEncoder;
import dev.ritsem.record.RecordsSlice;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A broker in memory that speaks the protocol on a real socket, and is a local broker besides: for
 * tests of what a real node never does, such as cutting connections or not answering.
 */
final class FakeBroker implements LocalBroker, AutoCloseable {
  private static final Set<ApiKeys> SERVED =
      Set.of(
          ApiKeys.API_VERSIONS,
          ApiKeys.METADATA,
          ApiKeys.INIT_PRODUCER_ID,
          ApiKeys.PRODUCE,
          ApiKeys.FETCH,
          ApiKeys.LIST_OFFSETS);

  private final ServerSocket server;
  private final SimulatedCluster cluster;
  private final ApiVersionTable versions = ApiVersionTable.of(SERVED);
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean silent;
  private volatile boolean closed;

  FakeBroker() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    cluster = new SimulatedCluster(new Random(1), address());
    threads.execute(this::acceptAll);
  }

  /** The state; to be changed before clients run, or under its lock. */
  SimulatedCluster cluster() {
    return cluster;
  }

  @Override
  public BrokerAddress address() {
    return new BrokerAddress(0, "127.0.0.1", server.getLocalPort());
  }

  String servers() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Reads requests and answers none from here on, or answers again. */
  void silent(boolean silent) {
    this.silent = silent;
  }

  /** Cuts every connection. */
  void cutConnections() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
  }

  @Override
  public void dispatch(
      ApiKeys api, short version, String clientId, ApiMessage request, Consumer<ApiMessage> reply) {
    threads.execute(() -> reply.accept(answer(api, request)));
  }

  private ApiMessage answer(ApiKeys api, ApiMessage request) {
    synchronized (cluster) {
      ApiMessage answer = cluster.handle(0, api, request);
      if (request instanceof ProduceRequestData) {
        cluster.notifyAll();
      }
      if (!(answer instanceof FetchResponseData fetch) || !SimulatedCluster.isEmpty(fetch)) {
        return answer;
      }
      long untilNanos =
          SystemClock.INSTANCE.nanoTime()
              + TimeUnit.MILLISECONDS.toNanos(((FetchRequestData) request).maxWaitMs());
      while (SimulatedCluster.isEmpty((FetchResponseData) answer) && !closed) {
        long leftMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - SystemClock.INSTANCE.nanoTime());
        if (leftMs <= 0) {
          return answer;
        }
        try {
          cluster.wait(leftMs);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return answer;
        }
        answer = cluster.handle(0, api, request);
      }
      return answer;
    }
  }

  private void acceptAll() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        open.add(socket);
        threads.execute(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    RequestDecoder decoder = new RequestDecoder(versions, SystemClock.INSTANCE);
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        RequestFrame request = decoder.decode(ByteBuffer.wrap(frame));
        ApiMessage answer =
            request.api() == ApiKeys.API_VERSIONS
                ? new ApiVersionsResponseData().setApiKeys(versions.advertised())
                : answer(request.api(), request.body());
        boolean unanswered =
            request.body() instanceof ProduceRequestData produce && produce.acks() == 0;
        if (!unanswered && !silent) {
          EncodedResponse encoded =
              ResponseEncoder.encode(
                  request.api(), request.version(), request.correlationId(), answer);
          socket.getOutputStream().write(bytes(encoded));
        }
      }
    } catch (EOFException e) {
      // The client has closed.
    } catch (IOException e) {
      // Cut, by either end.
    } finally {
      open.remove(socket);
    }
  }

  private static byte[] bytes(EncodedResponse encoded) throws IOException {
    byte[] all = new byte[encoded.sizeInBytes()];
    ByteBuffer target = ByteBuffer.wrap(all);
    ByteBuffer inline = encoded.inline();
    int start = inline.position();
    for (int i = 0; i < encoded.slices().size(); i++) {
      RecordsSlice slice = encoded.slices().get(i);
      int end = start + encoded.inlineBytesBefore(i);
      target.put(inline.slice(inline.position(), end - inline.position()));
      inline.position(end);
      target.put(slice.toByteBuffer());
    }
    target.put(inline);
    encoded.release();
    return all;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    cutConnections();
    synchronized (cluster) {
      cluster.notifyAll();
    }
    threads.shutdownNow();
  }
}
