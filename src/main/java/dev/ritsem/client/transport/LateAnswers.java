package dev.ritsem.client.transport;

import dev.ritsem.protocol.WireRecords;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** Gives back what an answer holds that nobody waits for any more. */
public final class LateAnswers {
  private LateAnswers() {}

  /** Releases the records of a fetch answer; others hold nothing. */
  public static void release(ApiMessage answer) {
    if (answer instanceof FetchResponseData fetched) {
      fetched
          .responses()
          .forEach(topic -> topic.partitions().forEach(p -> WireRecords.release(p.records())));
    }
  }
}
