package dev.ritsem.server.handler;

import java.time.Duration;

/** How long a client lets the controller take, within what this node allows. */
final class ControllerTimeout {
  /** Waiting requests take memory, so no client decides alone how long. */
  private static final int LONGEST_MS = 300_000;

  /** Older clients say 0 for "do not wait"; the answer still has to come from the controller. */
  private static final int SHORTEST_MS = 1;

  private ControllerTimeout() {}

  static Duration ofMs(int requestedMs) {
    return Duration.ofMillis(Math.max(SHORTEST_MS, Math.min(LONGEST_MS, requestedMs)));
  }
}
