package dev.ritsem.server.handler;

import dev.ritsem.metadata.controller.TopicNames;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.ImagePublisher;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.model.WireException;
import dev.ritsem.server.Reply;
import dev.ritsem.server.RequestContext;
import dev.ritsem.server.RequestHandler;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Describes partitions page by page: topics in order of their names, at most so many partitions at
 * a time, and a cursor to where the next page begins (KIP-966). Version 0.
 */
public final class DescribeTopicPartitionsHandler
    implements RequestHandler<DescribeTopicPartitionsRequestData> {
  /** Partitions in one response, whatever the client asks for. */
  static final int PARTITIONS_PER_RESPONSE_MAX = 2_000;

  private static final int NO_LEADER = -1;

  private final ImagePublisher images;

  public DescribeTopicPartitionsHandler(ImagePublisher images) {
    this.images = images;
  }

  @Override
  public ApiKeys api() {
    return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
  }

  @Override
  public void handle(
      DescribeTopicPartitionsRequestData request, RequestContext context, Reply reply) {
    DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
    if (cursor != null && cursor.partitionIndex() < 0) {
      reply.send(refused(request));
      return;
    }
    Page page = new Page(images.current(), limit(request));
    for (String name : names(request, page.image)) {
      boolean atCursor = cursor != null && name.equals(cursor.topicName());
      page.add(name, atCursor ? cursor.partitionIndex() : 0, request.topics().isEmpty());
      if (page.isFull()) {
        break;
      }
    }
    reply.send(page.response);
  }

  private static DescribeTopicPartitionsResponseData refused(
      DescribeTopicPartitionsRequestData request) {
    DescribeTopicPartitionsResponseData response = new DescribeTopicPartitionsResponseData();
    for (TopicRequest topic : request.topics()) {
      response
          .topics()
          .add(
              new DescribeTopicPartitionsResponseTopic()
                  .setName(topic.name())
                  .setErrorCode(ErrorCode.INVALID_REQUEST.code()));
    }
    return response;
  }

  private static int limit(DescribeTopicPartitionsRequestData request) {
    return Math.max(1, Math.min(PARTITIONS_PER_RESPONSE_MAX, request.responsePartitionLimit()));
  }

  private static NavigableSet<String> names(
      DescribeTopicPartitionsRequestData request, ClusterImage image) {
    DescribeTopicPartitionsRequestData.Cursor cursor = request.cursor();
    NavigableSet<String> names = new TreeSet<>();
    if (request.topics().isEmpty()) {
      image.topics().from(cursor == null ? "" : cursor.topicName()).stream()
          .map(TopicImage::name)
          .forEach(names::add);
    } else {
      request.topics().forEach(topic -> names.add(topic.name()));
    }
    return cursor == null ? names : names.tailSet(cursor.topicName(), true);
  }

  /** A response that is being filled. */
  private static final class Page {
    private final ClusterImage image;
    private final DescribeTopicPartitionsResponseData response =
        new DescribeTopicPartitionsResponseData();
    private int room;

    Page(ClusterImage image, int limit) {
      this.image = image;
      this.room = limit;
    }

    /** Whether there is a cursor: what comes after it belongs to the next page. */
    boolean isFull() {
      return response.nextCursor() != null;
    }

    void add(String name, int firstPartition, boolean ignoreUnknown) {
      TopicImage topic = image.topics().find(name);
      if (room == 0) {
        response.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
      } else if (topic != null) {
        addTopic(topic, firstPartition);
      } else if (!ignoreUnknown) {
        response.topics().add(entry(name).setErrorCode(unknown(name).code()));
      }
    }

    private void addTopic(TopicImage topic, int firstPartition) {
      int count = topic.partitions().size();
      int first = Math.min(firstPartition, count);
      int end = Math.min(count, first + room);
      DescribeTopicPartitionsResponseTopic entry =
          entry(topic.name())
              .setTopicId(
                  new Uuid(topic.id().mostSignificantBits(), topic.id().leastSignificantBits()));
      for (int partition = first; partition < end; partition++) {
        entry.partitions().add(partition(partition, topic.partitions().get(partition)));
      }
      response.topics().add(entry);
      room -= end - first;
      if (end < count) {
        response.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(end));
      }
    }

    private DescribeTopicPartitionsResponsePartition partition(
        int number, PartitionRegistration partition) {
      BrokerId leader = partition.leader();
      return new DescribeTopicPartitionsResponsePartition()
          .setPartitionIndex(number)
          .setErrorCode((leader == null ? ErrorCode.LEADER_NOT_AVAILABLE : ErrorCode.NONE).code())
          .setLeaderId(leader == null ? NO_LEADER : leader.value())
          .setLeaderEpoch(partition.leaderEpoch())
          .setReplicaNodes(ids(partition.replicas()))
          .setIsrNodes(ids(partition.isr()))
          .setEligibleLeaderReplicas(List.of())
          .setLastKnownElr(List.of())
          .setOfflineReplicas(
              ids(partition.replicas().stream().filter(id -> !image.isActive(id)).toList()));
    }

    private static DescribeTopicPartitionsResponseTopic entry(String name) {
      return new DescribeTopicPartitionsResponseTopic()
          .setName(name)
          .setIsInternal(TopicImage.isInternal(name))
          .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
    }

    private static ErrorCode unknown(String name) {
      try {
        TopicNames.validate(name);
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
      } catch (WireException e) {
        return e.error();
      }
    }

    private static List<Integer> ids(List<BrokerId> brokers) {
      return brokers.stream().map(BrokerId::value).toList();
    }
  }
}
