package dev.ritsem.replication;

import dev.ritsem.log.Log;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A home that has one log, opened by the test. */
record TestHome(@Nullable CompletionStage<Log> log) implements LogHome {
  @Override
  public CompletionStage<Log> open(LocalPartition partition, ReplicaState decided) {
    if (log == null) {
      throw new IllegalStateException("nothing is opened in this test");
    }
    return log;
  }

  @Override
  public void delete(Log removed) {
    removed.delete();
  }
}
