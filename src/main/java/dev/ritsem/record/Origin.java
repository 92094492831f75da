package dev.ritsem.record;

/** Who wants batches appended; the rules for strangers are stricter. */
public enum Origin {
  /** A client's produce request. */
  CLIENT,

  /** This broker itself: a coordinator's records and transaction markers, the journal. */
  COORDINATOR
}
