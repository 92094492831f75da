package dev.ritsem.replication;

import dev.ritsem.log.Log;
import java.util.concurrent.CompletionStage;

/** Where a replica's log lies: what {@link ReplicaDirectory} is for a single replica. */
interface LogHome {
  /**
   * Opens the log, elsewhere than on the caller's thread; creates it if there is none.
   *
   * @param decided what the replica has journaled: where the log begins at least, and which
   *     leadership of its own may have to be noted in it
   */
  CompletionStage<Log> open(LocalPartition partition, ReplicaState decided);

  /** Takes a log's files out of the directory for good. Blocks. */
  void delete(Log log);
}
