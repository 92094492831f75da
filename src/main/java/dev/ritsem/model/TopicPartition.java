package dev.ritsem.model;

/**
 * A partition by the name of its topic. Its text form, {@code topic-partition}, is also its
 * directory's name.
 */
public record TopicPartition(String topic, int partition) {
  public TopicPartition {
    if (partition < 0) {
      throw new IllegalArgumentException(
          "partition " + partition + " of topic " + topic + " is negative");
    }
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
