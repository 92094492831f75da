package dev.ritsem.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Many connections, each a closed loop of one small produce request at a time, all driven by one
 * thread with prepared bytes. As {@code rawproduce}: few connections, whole batches, several
 * requests in flight, which is what a broker takes in when the load generator costs next to
 * nothing. Neither compresses nor is idempotent.
 */
final class SmallRequestScenario {
  private static final int ANSWER_BYTES_MAX = 4_096;

  private final LatencyHistogram latencies = new LatencyHistogram();
  private final int depth;
  private long answered;
  private long errors;
  private boolean isMeasuring;

  private SmallRequestScenario(int depth) {
    this.depth = depth;
  }

  static void run(Parameters parameters, boolean isBulk, Measurement measurement) throws Exception {
    int connections = parameters.number("conns", isBulk ? 6 : 100);
    int size = parameters.number("size", isBulk ? 1024 : 100);
    int partitions = parameters.number("partitions", 6);
    int replicas = parameters.replicationFactor();
    int warmup = parameters.number("warmup", 2);
    int duration = parameters.number("duration", 4);
    int depth = isBulk ? parameters.number("depth", 5) : 1;
    int records = isBulk ? parameters.number("records", 16) : 1;
    int acks = parameters.text("acks", "all").equals("1") ? 1 : -1;
    parameters.refuseUnused();
    String topic = Topics.fresh("small");
    Topics.create(topic, partitions, replicas);
    try (Selector selector = Selector.open()) {
      byte[] batch = WireBytes.batch(Topics.payloads(size, 1)[0], records);
      List<SocketChannel> channels = new ArrayList<>();
      WireClient.Metadata metadata = WireClient.anyMetadata(topic);
      for (int i = 0; i < connections; i++) {
        int partition = i % partitions;
        ByteBuffer request = WireClient.produceRequest(i, acks, topic, Map.of(partition, batch));
        SocketChannel channel = SocketChannel.open(leader(metadata, partition));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        channel.register(
            selector, SelectionKey.OP_READ, new Connection(request, topic.length(), depth));
        channels.add(channel);
      }
      SmallRequestScenario scenario = new SmallRequestScenario(depth);
      scenario.loop(selector, warmup, duration, measurement);
      double wall = measurement.get("wall_s");
      double count = scenario.answered;
      double gigabytes = count * records * size / 1e9;
      double brokerCpu = measurement.get("broker_cpu_s");
      measurement.put("requests_per_s", count / wall);
      measurement.put("mb_per_s", gigabytes * 1000 / wall);
      measurement.put("broker_cpu_us_per_request", brokerCpu * 1e6 / count);
      measurement.put("client_cpu_us_per_request", measurement.get("client_cpu_s") * 1e6 / count);
      measurement.put("broker_cpu_s_per_gb", brokerCpu / gigabytes);
      measurement.put("errors", scenario.errors);
      scenario.latencies.into(measurement, "ack_");
      for (SocketChannel channel : channels) {
        channel.close();
      }
    } finally {
      Topics.delete(topic);
    }
  }

  private static InetSocketAddress leader(WireClient.Metadata metadata, int partition) {
    return metadata.brokers().get(metadata.partitions().get(partition).leader());
  }

  /** One connection: its prepared request and how much of it is out. */
  private static final class Connection {
    private final ByteBuffer request;
    private final ByteBuffer answers = ByteBuffer.allocate(ANSWER_BYTES_MAX);
    private final int errorAt;
    private final long[] sentNanos;
    private long sent;
    private long back;
    private int owed;

    Connection(ByteBuffer request, int topicLength, int depth) {
      this.request = ByteBuffer.allocateDirect(request.remaining()).put(request).flip();
      this.request.position(this.request.limit());
      this.sentNanos = new long[depth];
      this.owed = depth;
      // Size, correlation id, tags, topic count, topic name, partition count, partition index.
      this.errorAt = 4 + 4 + 1 + 1 + 1 + topicLength + 1 + 4;
    }
  }

  private void loop(Selector selector, int warmup, int duration, Measurement measurement)
      throws IOException {
    long start = System.nanoTime();
    for (SelectionKey key : selector.keys()) {
      send(key);
    }
    BrokerProcess.Window window = null;
    double elapsed = 0;
    while (elapsed < warmup + duration) {
      selector.select();
      for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
        SelectionKey key = keys.next();
        keys.remove();
        if (key.isReadable()) {
          receive(key);
        }
        send(key);
      }
      elapsed = (System.nanoTime() - start) / 1e9;
      if (window == null && elapsed >= warmup) {
        window = new BrokerProcess.Window();
        isMeasuring = true;
        answered = 0;
        errors = 0;
      }
    }
    window.close(measurement);
  }

  private void receive(SelectionKey key) throws IOException {
    Connection connection = (Connection) key.attachment();
    ByteBuffer answers = connection.answers;
    if (((SocketChannel) key.channel()).read(answers) < 0) {
      throw new IllegalStateException("the broker closed a connection");
    }
    answers.flip();
    while (answers.remaining() >= 4
        && answers.remaining() >= 4 + answers.getInt(answers.position())) {
      int at = answers.position();
      if (answers.getShort(at + connection.errorAt) != 0) {
        errors++;
      }
      answered++;
      if (isMeasuring) {
        long sent = connection.sentNanos[(int) (connection.back % depth)];
        latencies.add((System.nanoTime() - sent) / 1000);
      }
      connection.back++;
      connection.owed++;
      answers.position(at + 4 + answers.getInt(at));
    }
    answers.compact();
  }

  private void send(SelectionKey key) throws IOException {
    Connection connection = (Connection) key.attachment();
    SocketChannel channel = (SocketChannel) key.channel();
    while (connection.request.hasRemaining() || connection.owed > 0) {
      if (!connection.request.hasRemaining()) {
        connection.owed--;
        connection.request.rewind();
        connection.sentNanos[(int) (connection.sent++ % depth)] = System.nanoTime();
      }
      channel.write(connection.request);
      if (connection.request.hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
    }
    if (key.interestOps() != SelectionKey.OP_READ) {
      key.interestOps(SelectionKey.OP_READ);
    }
  }
}
