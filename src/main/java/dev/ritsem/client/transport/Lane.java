package dev.ritsem.client.transport;

/**
 * Requests of one lane to one broker are answered in the order in which they were sent, because
 * they share a connection; lanes do not wait for each other. So a fetch that waits at the broker
 * for new records holds nothing else up.
 */
public enum Lane {
  /** Everything that is answered at once. */
  REQUESTS,
  /** Fetches that wait at the broker until there are records. */
  LONG_POLL,
  /** Fetches for partitions that became able to take more while a long poll is out. */
  CATCH_UP
}
