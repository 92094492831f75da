package dev.ritsem.multijvm;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;

/** An endless list of hostile inputs. Equal seeds give equal lists. Not thread-safe. */
final class HostileInputs {
  /** APIs that a node serves from the beginning: most inputs begin as a request of one of them. */
  static final List<ApiKeys> SERVED =
      List.of(
          ApiKeys.API_VERSIONS,
          ApiKeys.METADATA,
          ApiKeys.CREATE_TOPICS,
          ApiKeys.DELETE_TOPICS,
          ApiKeys.CREATE_PARTITIONS,
          ApiKeys.PRODUCE,
          ApiKeys.FETCH,
          ApiKeys.LIST_OFFSETS,
          ApiKeys.INIT_PRODUCER_ID,
          ApiKeys.OFFSET_FOR_LEADER_EPOCH,
          ApiKeys.DELETE_RECORDS,
          ApiKeys.DESCRIBE_CONFIGS,
          ApiKeys.INCREMENTAL_ALTER_CONFIGS,
          ApiKeys.DESCRIBE_CLUSTER);

  private static final List<ApiKeys> ALL =
      Arrays.stream(ApiKeys.values()).filter(ApiKeys::hasValidVersion).toList();
  private static final byte[] HTTP = "GET / HTTP/1.1\r\nHost: kafka\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] TLS = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc};

  private final long seed;
  private final RequestCorpus corpus;
  private final HostileBatches batches = new HostileBatches();

  HostileInputs(long seed, RequestCorpus corpus) {
    this.seed = seed;
    this.corpus = corpus;
  }

  /** The input of that number. */
  HostileInput at(long number) {
    Random random = new Random(seed * 1_000_003 + number);
    random.nextInt();
    ApiKeys api = pick(random);
    return switch (random.nextInt(20)) {
      case 0, 1 -> framed(number, "valid", valid(api, random), api);
      case 2, 3, 4, 5, 6 -> framed(number, "hostile batch", batch(random), ApiKeys.PRODUCE);
      case 7, 8 -> framed(number, "flipped bits", flipped(valid(api, random), random), api);
      case 9, 10, 11 -> framed(number, "wrong number", renumbered(api, random), api);
      case 12 -> framed(number, "cut", cut(valid(api, random), random), api);
      case 13 -> framed(number, "stretched", stretched(valid(api, random), random), api);
      case 14 -> framed(number, "unknown key or version", unknown(api, random), ApiKeys.FETCH);
      case 15 -> framed(number, "random frame", noise(random), ApiKeys.FETCH);
      case 16 -> framed(number, "two halves", spliced(random), ApiKeys.FETCH);
      case 17 -> raw(number, "wrong length", mislabelled(valid(api, random), random));
      case 18 -> raw(number, "unfinished", unfinished(valid(api, random), random));
      default -> raw(number, "another protocol", foreign(random));
    };
  }

  private static ApiKeys pick(Random random) {
    List<ApiKeys> from = random.nextInt(7) == 0 ? ALL : SERVED;
    return from.get(random.nextInt(from.size()));
  }

  private byte[] valid(ApiKeys api, Random random) {
    List<Short> versions = api.allVersions();
    short version = versions.get(random.nextInt(versions.size()));
    return corpus.request(api, version, random.nextInt(), batches.valid(random), random);
  }

  private byte[] batch(Random random) {
    List<Short> versions = ApiKeys.PRODUCE.allVersions();
    short version = versions.get(random.nextInt(versions.size()));
    return corpus.request(ApiKeys.PRODUCE, version, random.nextInt(), batches.next(random), random);
  }

  private static byte[] flipped(byte[] request, Random random) {
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      request[random.nextInt(request.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return request;
  }

  private byte[] renumbered(ApiKeys api, Random random) {
    byte[] request = valid(api, random);
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      int width = Math.min(request.length, 1 << random.nextInt(4));
      Hostile.overwrite(request, random.nextInt(request.length - width + 1), width, random);
    }
    return request;
  }

  private static byte[] cut(byte[] request, Random random) {
    return Arrays.copyOf(request, random.nextInt(request.length));
  }

  private static byte[] stretched(byte[] request, Random random) {
    int at = random.nextInt(request.length);
    byte[] more = new byte[1 + random.nextInt(64)];
    random.nextBytes(more);
    ByteBuffer out = ByteBuffer.allocate(request.length + more.length);
    return out.put(request, 0, at).put(more).put(request, at, request.length - at).array();
  }

  private byte[] unknown(ApiKeys api, Random random) {
    byte[] request = valid(api, random);
    Hostile.overwrite(request, random.nextBoolean() ? 0 : 2, 2, random);
    return request;
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(400)];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] spliced(Random random) {
    byte[] head = valid(pick(random), random);
    byte[] tail = valid(pick(random), random);
    int from = random.nextInt(tail.length);
    ByteBuffer out = ByteBuffer.allocate(head.length + tail.length);
    out.put(head, 0, random.nextInt(head.length)).put(tail, from, tail.length - from);
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] mislabelled(byte[] request, Random random) {
    byte[] framed = prefixed(request);
    Hostile.overwrite(framed, 0, 4, random);
    return framed;
  }

  private static byte[] unfinished(byte[] request, Random random) {
    byte[] framed = prefixed(request);
    return Arrays.copyOf(framed, 1 + random.nextInt(framed.length - 1));
  }

  private static byte[] foreign(Random random) {
    return random.nextBoolean() ? HTTP : TLS;
  }

  private static HostileInput framed(long number, String kind, byte[] request, ApiKeys api) {
    // A damaged fetch may ask to wait for a month, and a damaged header may make it one.
    boolean isIntact = kind.equals("valid") || kind.equals("hostile batch");
    boolean mayWait = api == ApiKeys.FETCH || !isIntact || !SERVED.contains(api);
    return new HostileInput(number, kind, ByteBuffer.wrap(prefixed(request)), mayWait, false);
  }

  private static HostileInput raw(long number, String kind, byte[] bytes) {
    return new HostileInput(
        number, kind, ByteBuffer.wrap(bytes), kind.equals("wrong length"), true);
  }

  private static byte[] prefixed(byte[] request) {
    return ByteBuffer.allocate(4 + request.length).putInt(request.length).put(request).array();
  }
}
