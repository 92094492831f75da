package dev.ritsem.metadata.controller;

import dev.ritsem.metadata.image.MetadataEvent;
import java.util.List;

/**
 * What the core decided: events to commit, all or none, and what to answer once they are.
 *
 * @param <T> the answer
 */
record ControllerResult<T>(List<MetadataEvent> events, T reply) {
  ControllerResult {
    events = List.copyOf(events);
  }

  /** An answer that needs no change. */
  static <T> ControllerResult<T> unchanged(T reply) {
    return new ControllerResult<>(List.of(), reply);
  }
}
