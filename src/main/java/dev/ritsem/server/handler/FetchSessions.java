package dev.ritsem.server.handler;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The fetch sessions of this broker, a bounded number. A new session takes a free place, or that of
 * one that was not used for two minutes, or of a smaller one that is older than two minutes; if
 * there is none, the client gets no session and goes on naming all its partitions (KIP-227).
 *
 * <p>Thread-safe.
 */
final class FetchSessions {
  /** After so long a session may be put out. */
  static final long EVICTION_MS = 120_000;

  /**
   * Partitions of all sessions together. Clients decide how many they name, so the number of
   * sessions alone would not bound their memory, some 100 bytes each.
   */
  static final int PARTITIONS_MAX = 1_000_000;

  static final int NO_SESSION = 0;

  private final int sessionsMax;
  private final RandomGenerator random;

  /** At most {@link #sessionsMax}; keys are from 1. */
  private final Map<Integer, FetchSession> sessions = new HashMap<>();

  /**
   * @param random where session ids come from; a client must not be able to guess another's
   */
  FetchSessions(int sessionsMax, RandomGenerator random) {
    this.sessionsMax = sessionsMax;
    this.random = random;
  }

  synchronized @Nullable FetchSession find(int id) {
    return sessions.get(id);
  }

  synchronized void remove(int id) {
    sessions.remove(id);
  }

  synchronized int count() {
    return sessions.size();
  }

  /** A new session, or null if there is no place for it. */
  synchronized @Nullable FetchSession create(
      boolean usesTopicIds, Map<FetchedPartition.Key, FetchedPartition> partitions, long nowMs) {
    int size = partitions.size();
    if (size == 0 || sessionsMax == 0 || totalPartitions() + size > PARTITIONS_MAX) {
      return null;
    }
    if (sessions.size() >= sessionsMax && !evict(size, nowMs)) {
      return null;
    }
    int id = newId();
    FetchSession session = new FetchSession(id, usesTopicIds, partitions, nowMs);
    sessions.put(id, session);
    return session;
  }

  private long totalPartitions() {
    long total = 0;
    for (FetchSession session : sessions.values()) {
      total += session.size();
    }
    return total;
  }

  private boolean evict(int newSize, long nowMs) {
    FetchSession stalest = null;
    FetchSession smallest = null;
    for (FetchSession session : sessions.values()) {
      if (stalest == null || session.lastUsedMs() < stalest.lastUsedMs()) {
        stalest = session;
      }
      if (nowMs - session.createdMs() > EVICTION_MS
          && (smallest == null || session.size() < smallest.size())) {
        smallest = session;
      }
    }
    if (stalest != null && nowMs - stalest.lastUsedMs() > EVICTION_MS) {
      sessions.remove(stalest.id());
      return true;
    }
    if (smallest != null && smallest.size() < newSize) {
      sessions.remove(smallest.id());
      return true;
    }
    return false;
  }

  private int newId() {
    int id;
    do {
      id = 1 + random.nextInt(Integer.MAX_VALUE - 1);
    } while (sessions.containsKey(id));
    return id;
  }
}
