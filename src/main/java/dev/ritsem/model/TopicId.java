package dev.ritsem.model;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/**
 * The identity of one life of a topic: a topic that is deleted and created again under the same
 * name has another id (KIP-516). Written as Kafka writes it: 16 bytes in URL-safe base 64 without
 * padding.
 */
public record TopicId(long mostSignificantBits, long leastSignificantBits)
    implements Comparable<TopicId> {
  /** Stands for "no topic id": what requests of versions that name topics carry. */
  public static final TopicId ZERO = new TopicId(0, 0);

  /** The id of the metadata log in Kafka; no topic of ours may have it. */
  public static final TopicId METADATA = new TopicId(0, 1);

  public static TopicId of(UUID uuid) {
    return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /**
   * Reads the base 64 form.
   *
   * @throws IllegalArgumentException if the text is not the base 64 form of 16 bytes
   */
  public static TopicId parse(String text) {
    byte[] bytes = Base64.getUrlDecoder().decode(text);
    if (bytes.length != 16) {
      throw new IllegalArgumentException(
          "topic id '" + text + "' stands for " + bytes.length + " bytes; it must be 16");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new TopicId(buffer.getLong(), buffer.getLong());
  }

  @Override
  public int compareTo(TopicId other) {
    int high = Long.compare(mostSignificantBits, other.mostSignificantBits);
    return high != 0 ? high : Long.compare(leastSignificantBits, other.leastSignificantBits);
  }

  @Override
  public String toString() {
    byte[] bytes =
        ByteBuffer.allocate(16).putLong(mostSignificantBits).putLong(leastSignificantBits).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
