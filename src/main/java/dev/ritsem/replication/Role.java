package dev.ritsem.replication;

/** What a replica is at the moment, as others need to know it. */
public enum Role {
  /** Not (yet, or no longer) able to serve: starting, stopped, deleted, or its disk failed. */
  OFFLINE,
  /** Takes appends and answers reads. */
  LEADER,
  /** Copies a leader on another broker. */
  FOLLOWER
}
