package dev.ritsem.bench;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A tiny wire client: Metadata v9, Produce v9, Fetch v12 (the flexible, topic-name versions). It
 * costs far less CPU than the full client, so the broker and not the load generator is what
 * saturates, and it has no back-off of its own, so readiness is seen within milliseconds.
 */
final class WireClient implements Closeable {
  final Socket sock = new Socket();
  private final DataInputStream in;
  private int correlationId;

  WireClient(InetSocketAddress a, int timeoutMs) throws IOException {
    try {
      sock.setTcpNoDelay(true);
      sock.connect(a, timeoutMs);
      sock.setSoTimeout(timeoutMs);
      in = new DataInputStream(sock.getInputStream());
    } catch (IOException e) {
      sock.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      sock.close();
    } catch (IOException e) {
      // closing anyway
    }
  }

  static InetSocketAddress addr(String hostPort) {
    int c = hostPort.lastIndexOf(':');
    return new InetSocketAddress(
        hostPort.substring(0, c), Integer.parseInt(hostPort.substring(c + 1)));
  }

  static List<InetSocketAddress> bootstrap() {
    List<InetSocketAddress> l = new ArrayList<>();
    for (String s : Parameters.bootstrap().split(",")) l.add(addr(s.trim()));
    return l;
  }

  private ByteBuffer call(ByteBuffer req) throws IOException {
    sock.getOutputStream().write(req.array(), 0, req.limit());
    int len = in.readInt();
    byte[] b = new byte[len];
    in.readFully(b);
    return ByteBuffer.wrap(b);
  }

  // ---- encoding helpers

  static void writeVarint(ByteBuffer b, int v) {
    while ((v & ~0x7f) != 0) {
      b.put((byte) (v & 0x7f | 0x80));
      v >>>= 7;
    }
    b.put((byte) v);
  }

  static int readVarint(ByteBuffer b) {
    int v = 0;
    for (int s = 0; ; s += 7) {
      byte x = b.get();
      v |= (x & 0x7f) << s;
      if (x >= 0) return v;
    }
  }

  static void writeSigned(ByteBuffer b, int v) {
    writeVarint(b, v << 1 ^ v >> 31);
  }

  static void writeString(ByteBuffer b, String s) {
    byte[] x = s.getBytes(StandardCharsets.UTF_8);
    writeVarint(b, x.length + 1);
    b.put(x);
  }

  static String readString(ByteBuffer b) {
    int n = readVarint(b) - 1;
    if (n < 0) return null;
    byte[] x = new byte[n];
    b.get(x);
    return new String(x, StandardCharsets.UTF_8);
  }

  static void skipTags(ByteBuffer b) {
    for (int n = readVarint(b); n > 0; n--) {
      readVarint(b);
      int len = readVarint(b);
      b.position(b.position() + len);
    }
  }

  /** Length prefix is patched by {@link #end}. Request header v2. */
  static ByteBuffer begin(int api, int version, int correlationId, int capacity) {
    ByteBuffer b = ByteBuffer.allocate(capacity);
    b.putInt(0).putShort((short) api).putShort((short) version).putInt(correlationId);
    b.putShort((short) 5).put("bench".getBytes(StandardCharsets.US_ASCII));
    b.put((byte) 0);
    return b;
  }

  static ByteBuffer end(ByteBuffer b) {
    b.putInt(0, b.position() - 4);
    b.flip();
    return b;
  }

  /** One uncompressed v2 batch with n copies of the value, no producer id. */
  static byte[] batch(byte[] value, int n) {
    ByteBuffer b = ByteBuffer.allocate(128 + n * (value.length + 24));
    long now = System.currentTimeMillis();
    b.putLong(0).putInt(0).putInt(-1).put((byte) 2).putInt(0);
    int crcFrom = b.position();
    b.putShort((short) 0)
        .putInt(n - 1)
        .putLong(now)
        .putLong(now)
        .putLong(-1)
        .putShort((short) -1)
        .putInt(-1)
        .putInt(n);
    ByteBuffer r = ByteBuffer.allocate(value.length + 32);
    for (int i = 0; i < n; i++) {
      r.clear();
      r.put((byte) 0);
      writeSigned(r, 0);
      writeSigned(r, i);
      writeSigned(r, -1);
      writeSigned(r, value.length);
      r.put(value);
      writeSigned(r, 0);
      r.flip();
      writeSigned(b, r.remaining());
      b.put(r);
    }
    b.putInt(8, b.position() - 12);
    CRC32C c = new CRC32C();
    c.update(b.array(), crcFrom, b.position() - crcFrom);
    b.putInt(17, (int) c.getValue());
    byte[] out = new byte[b.position()];
    System.arraycopy(b.array(), 0, out, 0, out.length);
    return out;
  }

  static ByteBuffer produceRequest(
      int correlationId, int acks, String topic, Map<Integer, byte[]> batches) {
    int cap = 256 + topic.length();
    for (byte[] x : batches.values()) cap += x.length + 32;
    ByteBuffer b = begin(0, 9, correlationId, cap);
    writeVarint(b, 0); // no transactional id
    b.putShort((short) acks).putInt(30_000);
    writeVarint(b, 2);
    writeString(b, topic);
    writeVarint(b, batches.size() + 1);
    for (Map.Entry<Integer, byte[]> e : batches.entrySet()) {
      b.putInt(e.getKey());
      writeVarint(b, e.getValue().length + 1);
      b.put(e.getValue());
      b.put((byte) 0);
    }
    b.put((byte) 0).put((byte) 0);
    return end(b);
  }

  /** Error code per partition. */
  Map<Integer, Short> produce(int acks, String topic, Map<Integer, byte[]> batches)
      throws IOException {
    ByteBuffer r = call(produceRequest(++correlationId, acks, topic, batches));
    r.getInt();
    skipTags(r);
    Map<Integer, Short> out = new HashMap<>();
    for (int t = readVarint(r) - 1; t > 0; t--) {
      readString(r);
      for (int n = readVarint(r) - 1; n > 0; n--) {
        out.put(r.getInt(), r.getShort());
        r.getLong();
        r.getLong();
        r.getLong();
        for (int e = readVarint(r) - 1; e > 0; e--) {
          r.getInt();
          readString(r);
          skipTags(r);
        }
        readString(r);
        skipTags(r);
      }
      skipTags(r);
    }
    return out;
  }

  record Partition(int leader, int replicas, int inSync) {}

  record Metadata(Map<Integer, InetSocketAddress> brokers, Map<Integer, Partition> partitions) {
    boolean isComplete(int wanted, int replicationFactor) {
      if (partitions.size() < wanted) return false;
      for (Partition p : partitions.values())
        if (p.leader < 0 || !brokers.containsKey(p.leader) || p.inSync < replicationFactor)
          return false;
      return true;
    }
  }

  Metadata metadata(String topic) throws IOException {
    ByteBuffer b = begin(3, 9, ++correlationId, 256 + topic.length());
    writeVarint(b, 2);
    writeString(b, topic);
    b.put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0).put((byte) 0);
    ByteBuffer r = call(end(b));
    r.getInt();
    skipTags(r);
    r.getInt();
    Metadata m = new Metadata(new TreeMap<>(), new TreeMap<>());
    for (int n = readVarint(r) - 1; n > 0; n--) {
      int id = r.getInt();
      String host = readString(r);
      m.brokers.put(id, new InetSocketAddress(host, r.getInt()));
      readString(r);
      skipTags(r);
    }
    readString(r);
    r.getInt();
    for (int t = readVarint(r) - 1; t > 0; t--) {
      r.getShort();
      readString(r);
      r.get();
      for (int n = readVarint(r) - 1; n > 0; n--) {
        r.getShort();
        int idx = r.getInt(), leader = r.getInt();
        r.getInt();
        int reps = ints(r), isr = ints(r);
        ints(r);
        skipTags(r);
        m.partitions.put(idx, new Partition(leader, reps, isr));
      }
      r.getInt();
      skipTags(r);
    }
    return m;
  }

  private static int ints(ByteBuffer r) {
    int n = readVarint(r) - 1;
    for (int i = 0; i < n; i++) r.getInt();
    return Math.max(0, n);
  }

  /** Asks every bootstrap address in turn; null while none answers. */
  static Metadata anyMetadata(String topic) {
    for (InetSocketAddress a : bootstrap()) {
      try (WireClient c = new WireClient(a, 2000)) {
        return c.metadata(topic);
      } catch (IOException e) {
        // next
      }
    }
    return null;
  }

  /** Seconds on the given clock until partition 0 took a record, and until all did. */
  static Writable awaitWritable(String topic, int partitions, long t0, double limitS)
      throws InterruptedException {
    byte[] one = batch(new byte[10], 1);
    boolean[] ok = new boolean[partitions];
    int left = partitions;
    double first = Double.NaN;
    Map<InetSocketAddress, WireClient> conns = new HashMap<>();
    try {
      while ((System.nanoTime() - t0) / 1e9 < limitS) {
        Metadata m = anyMetadata(topic);
        Map<Integer, Map<Integer, byte[]>> byLeader = new HashMap<>();
        if (m != null)
          m.partitions.forEach(
              (p, i) -> {
                if (p < partitions && !ok[p] && m.brokers.containsKey(i.leader))
                  byLeader.computeIfAbsent(i.leader, k -> new TreeMap<>()).put(p, one);
              });
        for (Map.Entry<Integer, Map<Integer, byte[]>> e : byLeader.entrySet()) {
          InetSocketAddress a = m.brokers.get(e.getKey());
          try {
            WireClient c = conns.get(a);
            if (c == null) conns.put(a, c = new WireClient(a, 35_000));
            for (Map.Entry<Integer, Short> r : c.produce(-1, topic, e.getValue()).entrySet())
              if (r.getValue() == 0 && !ok[r.getKey()]) {
                ok[r.getKey()] = true;
                left--;
                if (Double.isNaN(first)) first = (System.nanoTime() - t0) / 1e9;
              }
          } catch (IOException x) {
            WireClient dead = conns.remove(a);
            if (dead != null) dead.close();
          }
        }
        if (left == 0) return new Writable(first, (System.nanoTime() - t0) / 1e9);
        Thread.sleep(5);
      }
      return new Writable(first, Double.NaN);
    } finally {
      conns.values().forEach(WireClient::close);
    }
  }

  /** Seconds until a first partition took a record, and until all did; NaN if never. */
  record Writable(double firstS, double allS) {}

  /** Bytes of whole batches, and the offset behind them. */
  record Fetched(long bytes, long nextOffset) {}

  private byte[] fetched = new byte[1 << 21];

  /**
   * One fetch of one partition, never waiting; returns {batch bytes received, next offset}. Follows
   * whole batches only.
   */
  Fetched fetch(String topic, int partition, long offset, int maxBytes) throws IOException {
    ByteBuffer b = begin(1, 12, ++correlationId, 256 + topic.length());
    b.putInt(-1).putInt(0).putInt(1).putInt(50 << 20).put((byte) 0).putInt(0).putInt(-1);
    writeVarint(b, 2);
    writeString(b, topic);
    writeVarint(b, 2);
    b.putInt(partition)
        .putInt(-1)
        .putLong(offset)
        .putInt(-1)
        .putLong(-1)
        .putInt(maxBytes)
        .put((byte) 0);
    b.put((byte) 0);
    writeVarint(b, 1);
    writeVarint(b, 1);
    b.put((byte) 0);
    end(b);
    sock.getOutputStream().write(b.array(), 0, b.limit());
    int len = in.readInt();
    if (fetched.length < len) fetched = new byte[len + (len >> 2)];
    int got = 0;
    while (got < len) {
      int k = in.read(fetched, got, len - got);
      if (k < 0) throw new EOFException();
      got += k;
    }
    ByteBuffer r = ByteBuffer.wrap(fetched, 0, len);
    r.getInt();
    skipTags(r);
    r.getInt();
    short top = r.getShort();
    r.getInt();
    if (top != 0) throw new IOException("fetch error " + top);
    long next = offset;
    long bytes = 0;
    for (int t = readVarint(r) - 1; t > 0; t--) {
      readString(r);
      for (int n = readVarint(r) - 1; n > 0; n--) {
        r.getInt();
        short err = r.getShort();
        if (err != 0) throw new IOException("fetch error " + err);
        r.getLong();
        r.getLong();
        r.getLong();
        for (int a = readVarint(r) - 1; a > 0; a--) {
          r.getLong();
          r.getLong();
          skipTags(r);
        }
        r.getInt();
        int size = readVarint(r) - 1;
        int p = r.position(), endPos = p + Math.max(0, size);
        while (p + 61 <= endPos) {
          int bl = r.getInt(p + 8) + 12;
          if (p + bl > endPos) break;
          next = r.getLong(p) + r.getInt(p + 23) + 1;
          bytes += bl;
          p += bl;
        }
        r.position(endPos);
        skipTags(r);
      }
      skipTags(r);
    }
    return new Fetched(bytes, next);
  }
}
