package dev.ritsem.server;

import dev.ritsem.protocol.MalformedRequestException.Reason;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happened at the door since the start. Thread-safe. */
public final class ServerCounters {
  private final LongAdder malformed = new LongAdder();
  private final LongAdder unsupported = new LongAdder();
  private final LongAdder closedFaulty = new LongAdder();
  private final LongAdder closedIdle = new LongAdder();
  private final LongAdder refused = new LongAdder();

  void malformed(Reason reason) {
    (reason == Reason.MALFORMED ? malformed : unsupported).increment();
  }

  void closedFaulty() {
    closedFaulty.increment();
  }

  void closedIdle() {
    closedIdle.increment();
  }

  void refused() {
    refused.increment();
  }

  /** Frames that were no requests. */
  public long malformedRequests() {
    return malformed.sum();
  }

  /** Requests of an API or version that is not served. */
  public long unsupportedRequests() {
    return unsupported.sum();
  }

  /** Connections closed because of what came through them, or because an answer failed. */
  public long connectionsClosedFaulty() {
    return closedFaulty.sum();
  }

  /** Connections closed because nothing came. */
  public long connectionsClosedIdle() {
    return closedIdle.sum();
  }

  /** Connections beyond the limits. */
  public long connectionsRefused() {
    return refused.sum();
  }
}
