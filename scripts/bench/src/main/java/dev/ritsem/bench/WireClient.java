package dev.ritsem.bench;

import static dev.ritsem.bench.WireBytes.begin;
import static dev.ritsem.bench.WireBytes.end;
import static dev.ritsem.bench.WireBytes.noTags;
import static dev.ritsem.bench.WireBytes.readCount;
import static dev.ritsem.bench.WireBytes.readString;
import static dev.ritsem.bench.WireBytes.readVarint;
import static dev.ritsem.bench.WireBytes.skipTags;
import static dev.ritsem.bench.WireBytes.writeString;
import static dev.ritsem.bench.WireBytes.writeVarint;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A tiny client: Metadata v9, Produce v9, Fetch v12, the flexible versions that name topics. It
 * costs far less CPU than the full client, so the broker is what saturates and not the load
 * generator; and it has no back-off, so readiness is seen within milliseconds.
 */
final class WireClient implements Closeable {
  private static final int PRODUCE = 0;
  private static final int FETCH = 1;
  private static final int METADATA = 3;
  private static final int PRODUCE_TIMEOUT_MS = 30_000;
  private static final int FETCH_BYTES_MAX = 50 << 20;
  private static final int METADATA_TIMEOUT_MS = 2_000;
  private static final int BATCH_HEADER_BYTES = 61;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private int correlationId;
  private byte[] answer = new byte[1 << 21];

  WireClient(InetSocketAddress broker, int timeoutMs) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.connect(broker, timeoutMs);
      socket.setSoTimeout(timeoutMs);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** One partition: its leader, and how many replicas of it are in sync. */
  record Partition(int leader, int inSync) {}

  /** The brokers by id, and the partitions of the topic that was asked for by index. */
  record Metadata(Map<Integer, InetSocketAddress> brokers, Map<Integer, Partition> partitions) {
    /** Whether that many partitions have a reachable leader and all of their replicas. */
    boolean isComplete(int wanted, int replicationFactor) {
      return partitions.size() >= wanted
          && partitions.values().stream()
              .allMatch(p -> brokers.containsKey(p.leader) && p.inSync >= replicationFactor);
    }
  }

  /** Bytes of whole batches that came, and the offset behind them. */
  record Fetched(long bytes, long nextOffset) {}

  /** What the bootstrap address knows about the topic; null while it does not answer. */
  static Metadata anyMetadata(String topic) {
    String bootstrap = Parameters.bootstrap();
    int colon = bootstrap.lastIndexOf(':');
    InetSocketAddress broker =
        new InetSocketAddress(
            bootstrap.substring(0, colon), Integer.parseInt(bootstrap.substring(colon + 1)));
    try (WireClient client = new WireClient(broker, METADATA_TIMEOUT_MS)) {
      return client.metadata(topic);
    } catch (IOException down) {
      return null;
    }
  }

  Metadata metadata(String topic) throws IOException {
    ByteBuffer request = begin(METADATA, 9, ++correlationId, 256 + topic.length());
    writeVarint(request, 2);
    writeString(request, topic);
    noTags(request);
    // No topic creation, no authorized operations of cluster and topics.
    noTags(request.put((byte) 0).put((byte) 0).put((byte) 0));
    ByteBuffer reply = call(end(request));
    reply.getInt();
    Metadata metadata = new Metadata(new TreeMap<>(), new TreeMap<>());
    for (int left = readCount(reply); left > 0; left--) {
      int id = reply.getInt();
      String host = readString(reply);
      metadata.brokers.put(id, new InetSocketAddress(host, reply.getInt()));
      readString(reply);
      skipTags(reply);
    }
    readString(reply);
    reply.getInt();
    for (int topics = readCount(reply); topics > 0; topics--) {
      reply.getShort();
      readString(reply);
      reply.get();
      for (int left = readCount(reply); left > 0; left--) {
        readPartition(reply, metadata);
      }
      reply.getInt();
      skipTags(reply);
    }
    return metadata;
  }

  private static void readPartition(ByteBuffer reply, Metadata metadata) {
    reply.getShort();
    int index = reply.getInt();
    int leader = reply.getInt();
    reply.getInt();
    skipInts(reply);
    int inSync = skipInts(reply);
    skipInts(reply);
    skipTags(reply);
    metadata.partitions.put(index, new Partition(leader, inSync));
  }

  private static int skipInts(ByteBuffer reply) {
    int count = readCount(reply);
    reply.position(reply.position() + 4 * count);
    return count;
  }

  static ByteBuffer produceRequest(
      int correlationId, int acks, String topic, Map<Integer, byte[]> batches) {
    int bytes = batches.values().stream().mapToInt(batch -> batch.length + 32).sum();
    ByteBuffer request = begin(PRODUCE, 9, correlationId, 256 + topic.length() + bytes);
    writeVarint(request, 0);
    request.putShort((short) acks).putInt(PRODUCE_TIMEOUT_MS);
    writeVarint(request, 2);
    writeString(request, topic);
    writeVarint(request, batches.size() + 1);
    batches.forEach(
        (partition, batch) -> {
          request.putInt(partition);
          writeVarint(request, batch.length + 1);
          noTags(request.put(batch));
        });
    return end(noTags(noTags(request)));
  }

  /** Writes a batch to each of the partitions; returns the error code of each. */
  Map<Integer, Short> produce(int acks, String topic, Map<Integer, byte[]> batches)
      throws IOException {
    ByteBuffer reply = call(produceRequest(++correlationId, acks, topic, batches));
    Map<Integer, Short> errors = new HashMap<>();
    for (int topics = readCount(reply); topics > 0; topics--) {
      readString(reply);
      for (int left = readCount(reply); left > 0; left--) {
        errors.put(reply.getInt(), reply.getShort());
        reply.position(reply.position() + 3 * Long.BYTES);
        for (int records = readCount(reply); records > 0; records--) {
          reply.getInt();
          readString(reply);
          skipTags(reply);
        }
        readString(reply);
        skipTags(reply);
      }
      skipTags(reply);
    }
    return errors;
  }

  /** One fetch of one partition, which never waits. */
  Fetched fetch(String topic, int partition, long offset, int maxBytes) throws IOException {
    ByteBuffer request = begin(FETCH, 12, ++correlationId, 256 + topic.length());
    // Replica id, longest wait, least and most bytes, isolation level, session id and epoch.
    request.putInt(-1).putInt(0).putInt(1).putInt(FETCH_BYTES_MAX).put((byte) 0);
    request.putInt(0).putInt(-1);
    writeVarint(request, 2);
    writeString(request, topic);
    writeVarint(request, 2);
    // Partition, its epoch, offset, last fetched epoch, log start offset, most bytes.
    request.putInt(partition).putInt(-1).putLong(offset).putInt(-1).putLong(-1).putInt(maxBytes);
    noTags(noTags(request));
    // Nothing forgotten, no rack.
    writeVarint(request, 1);
    writeVarint(request, 1);
    ByteBuffer reply = call(end(noTags(request)));
    reply.getInt();
    failOn(reply.getShort());
    reply.getInt();
    Fetched fetched = new Fetched(0, offset);
    for (int topics = readCount(reply); topics > 0; topics--) {
      readString(reply);
      for (int left = readCount(reply); left > 0; left--) {
        fetched = readFetched(reply, fetched);
      }
      skipTags(reply);
    }
    return fetched;
  }

  private static Fetched readFetched(ByteBuffer reply, Fetched before) throws IOException {
    reply.getInt();
    failOn(reply.getShort());
    reply.position(reply.position() + 3 * Long.BYTES);
    for (int aborted = readCount(reply); aborted > 0; aborted--) {
      reply.position(reply.position() + 2 * Long.BYTES);
      skipTags(reply);
    }
    reply.getInt();
    int at = reply.position() + varintBytes(reply);
    int end = at + readCount(reply);
    long next = before.nextOffset;
    long bytes = before.bytes;
    while (at + BATCH_HEADER_BYTES <= end) {
      int size = reply.getInt(at + 8) + 12;
      if (at + size > end) {
        break;
      }
      next = reply.getLong(at) + reply.getInt(at + 23) + 1;
      bytes += size;
      at += size;
    }
    reply.position(end);
    skipTags(reply);
    return new Fetched(bytes, next);
  }

  private static int varintBytes(ByteBuffer in) {
    int from = in.position();
    readVarint(in);
    int bytes = in.position() - from;
    in.position(from);
    return bytes;
  }

  private static void failOn(short error) throws IOException {
    if (error != 0) {
      throw new IOException("the broker answered error " + error);
    }
  }

  /** Sends the request; returns the answer's body, in memory that the next call uses again. */
  private ByteBuffer call(ByteBuffer request) throws IOException {
    socket.getOutputStream().write(request.array(), 0, request.limit());
    int length = in.readInt();
    if (answer.length < length) {
      answer = new byte[length + (length >> 2)];
    }
    in.readFully(answer, 0, length);
    ByteBuffer reply = ByteBuffer.wrap(answer, 0, length);
    reply.getInt();
    skipTags(reply);
    return reply;
  }
}
