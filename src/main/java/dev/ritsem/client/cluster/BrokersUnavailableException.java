package dev.ritsem.client.cluster;

import org.apache.kafka.common.KafkaException;

/**
 * No broker could be reached for longer than the setting allows. The message names each address
 * that was tried with the last thing that went wrong there.
 */
public final class BrokersUnavailableException extends KafkaException {
  private static final long serialVersionUID = 1L;

  public BrokersUnavailableException(String message) {
    super(message);
  }
}
