package dev.ritsem.model;

/**
 * A partition of one particular life of a topic: the key under which a replica, its log and its
 * waiters are known.
 */
public record TopicIdPartition(TopicId topicId, TopicPartition topicPartition) {
  public TopicIdPartition(TopicId topicId, String topic, int partition) {
    this(topicId, new TopicPartition(topic, partition));
  }

  public String topic() {
    return topicPartition.topic();
  }

  public int partition() {
    return topicPartition.partition();
  }

  @Override
  public String toString() {
    return topicPartition + "(" + topicId + ")";
  }
}
