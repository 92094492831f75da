package dev.ritsem.client.producer;

/**
 * The hash that places keyed records, equal to that of every Kafka client that is set to {@code
 * murmur2}: MurmurHash 2 of 32 bits (Austin Appleby, public domain) with Kafka's seed.
 */
final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  /** The partition of a key: the hash without its sign, modulo the number of partitions. */
  static int partition(byte[] key, int partitionCount) {
    return (hash(key) & 0x7fff_ffff) % partitionCount;
  }

  static int hash(byte[] data) {
    int length = data.length;
    int h = SEED ^ length;
    int whole = length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k =
          (data[i] & 0xff)
              | (data[i + 1] & 0xff) << 8
              | (data[i + 2] & 0xff) << 16
              | (data[i + 3] & 0xff) << 24;
      k *= M;
      k ^= k >>> R;
      k *= M;
      h = h * M ^ k;
    }
    int rest = 0;
    for (int i = length - 1; i >= whole; i--) {
      rest = rest << 8 | (data[i] & 0xff);
    }
    if (whole != length) {
      h = (h ^ rest) * M;
    }
    h ^= h >>> 13;
    h *= M;
    return h ^ h >>> 15;
  }
}
