package dev.ritsem.replication;

import dev.ritsem.log.Log;
import java.util.concurrent.CompletionStage;

/** Where a replica's log lies: what {@link ReplicaDirectory} is for a single replica. */
interface LogHome {
  /**
   * Opens the log, elsewhere than on the caller's thread; creates it if there is none.
   *
   * @param logStartOffset where it begins at least, by the replica's journaled decisions
   */
  CompletionStage<Log> open(LocalPartition partition, long logStartOffset);

  /** Takes a log's files out of the directory for good. Blocks. */
  void delete(Log log);
}
