package dev.ritsem.model;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Where new identities come from: topic ids, directory ids, cluster ids, fetch session ids. */
public interface IdSource {
  UUID nextUuid();

  /**
   * Version 4 ids out of the given generator: a seeded one gives the same ids in the same order.
   */
  static IdSource from(RandomGenerator random) {
    return () -> {
      long high = (random.nextLong() & ~0xF000L) | 0x4000L;
      long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
      return new UUID(high, low);
    };
  }

  /** A new topic id; never one of the reserved ones, nor one whose text starts with a dash. */
  default TopicId nextTopicId() {
    TopicId id = TopicId.of(nextUuid());
    while (id.toString().startsWith("-")) {
      id = TopicId.of(nextUuid());
    }
    return id;
  }
}
