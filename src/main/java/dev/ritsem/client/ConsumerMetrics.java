package dev.ritsem.client;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Numbers of a running source.
 *
 * @param records handed downstream
 * @param bytesFetched bytes of batches that came, compressed as they were
 * @param fetches answered fetch requests
 * @param bytesBuffered fetched and not yet handed downstream
 * @param lag per partition, records between the position and the end as last heard of
 */
public record ConsumerMetrics(
    long records,
    long bytesFetched,
    long fetches,
    long bytesBuffered,
    Map<TopicPartition, Long> lag) {
  public ConsumerMetrics {
    lag = Map.copyOf(lag);
  }
}
