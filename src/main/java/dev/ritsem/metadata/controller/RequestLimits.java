package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import java.util.List;

/**
 * How much one request may make the controller commit at once: a journal takes one write of limited
 * size, and other requests wait meanwhile. Kafka's limits where it has some.
 */
final class RequestLimits {
  /** Partitions that a request creates, over all its topics. */
  static final int PARTITIONS_MAX = 10_000;

  /** Events that a request leads to. */
  static final int EVENTS_MAX = 10_000;

  /** Characters of names and config values in a request; a few bytes each. */
  static final int TEXT_CHARS_MAX = 2 * 1024 * 1024;

  private RequestLimits() {}

  static void checkText(long chars) {
    if (chars > TEXT_CHARS_MAX) {
      throw excessive();
    }
  }

  static void checkEvents(List<MetadataEvent> events) {
    if (events.size() > EVENTS_MAX) {
      throw excessive();
    }
  }

  static WireException excessive() {
    return new WireException(
        ErrorCode.POLICY_VIOLATION, "Unable to perform excessively large batch operation.");
  }
}
