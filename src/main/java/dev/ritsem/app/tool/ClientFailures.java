package dev.ritsem.app.tool;

import dev.ritsem.client.cluster.BrokersUnavailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;

/** Tells what a failed call of the client means for the shell. */
public final class ClientFailures {
  private ClientFailures() {}

  /** Whether no answer came, as opposed to a refusal. */
  public static boolean isUnreachable(Throwable failure) {
    return failure instanceof BrokersUnavailableException
        || failure instanceof TimeoutException
        || failure instanceof DisconnectException
        || failure instanceof java.util.concurrent.TimeoutException;
  }
}
