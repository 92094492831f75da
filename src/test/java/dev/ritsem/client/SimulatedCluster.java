package dev.ritsem.client;

import dev.ritsem.client.cluster.ClientCore;
import dev.ritsem.client.cluster.OutgoingRequest;
import dev.ritsem.client.transport.BrokerAddress;
import dev.ritsem.model.ErrorCode;
import dev.ritsem.protocol.WireRecords;
import dev.ritsem.record.MemoryRecordsSlice;
import dev.ritsem.record.RecordBatch;
import dev.ritsem.record.RecordIterator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Brokers, network and time in one thread, all from a seed: requests travel for a random time in
 * order per connection, may be lost on the way there or on the way back, may meet a broker that is
 * not the leader any more or has a passing trouble. Each partition has one true log, because what
 * is simulated is what a client sees and not replication.
 */
final class SimulatedCluster {
  private static final long NETWORK_TIMEOUT_MS = 500;

  final Random random;
  final List<BrokerAddress> brokers = new ArrayList<>();
  final Map<TopicPartition, SimulatedPartition> partitions =
      new TreeMap<>(
          Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
  final Map<String, Uuid> topicIds = new HashMap<>();
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atMs).thenComparingLong(Event::order));
  private final Map<String, Long> lastArrival = new HashMap<>();
  private long order;
  private long nowMs = 1_000_000;
  private long nextProducerId = 7_000;

  double loss;
  double trouble;
  boolean refuseUnknownProducers;
  int maxBatchBytes = Integer.MAX_VALUE;

  private record Event(long atMs, long order, Runnable action) {}

  SimulatedCluster(Random random, int brokerCount) {
    this.random = random;
    for (int id = 0; id < brokerCount; id++) {
      brokers.add(new BrokerAddress(id, "broker-" + id, 9092));
    }
  }

  /** One broker at a real address. */
  SimulatedCluster(Random random, BrokerAddress broker) {
    this.random = random;
    brokers.add(broker);
  }

  void createTopic(String name, int partitionCount) {
    topicIds.put(name, new Uuid(name.hashCode() + 1L, 1L));
    for (int i = 0; i < partitionCount; i++) {
      SimulatedPartition partition = new SimulatedPartition();
      partition.leader = random.nextInt(brokers.size());
      partitions.put(new TopicPartition(name, i), partition);
    }
  }

  SimulatedPartition partition(TopicPartition partition) {
    SimulatedPartition found = partitions.get(partition);
    if (found == null) {
      throw new AssertionError("no partition " + partition);
    }
    return found;
  }

  long nowMs() {
    return nowMs;
  }

  List<BrokerAddress> bootstrap() {
    return List.of(new BrokerAddress(BrokerAddress.UNKNOWN_ID, "broker-0", 9092));
  }

  void moveLeader(TopicPartition partition) {
    SimulatedPartition moved = partition(partition);
    moved.leader = (moved.leader + 1) % brokers.size();
    moved.leaderEpoch++;
  }

  void at(long delayMs, Runnable action) {
    events.add(new Event(nowMs + delayMs, order++, action));
  }

  /** Lets time pass to the next event or the core's own time; false if nothing will ever happen. */
  boolean step(ClientCore core) {
    Event next = events.peek();
    long wake = core.wakeAtMs();
    if (next == null && wake == Long.MAX_VALUE) {
      return false;
    }
    if (next == null || wake < next.atMs()) {
      nowMs = Math.max(nowMs, wake);
    } else {
      events.remove();
      nowMs = Math.max(nowMs, next.atMs());
      next.action().run();
    }
    core.poll(nowMs, request -> deliver(core, request));
    return true;
  }

  private void deliver(ClientCore core, OutgoingRequest request) {
    String connection = request.broker().host() + "/" + request.lane();
    long travelMs = random.nextInt(8);
    long arrival = Math.max(nowMs + travelMs, lastArrival.getOrDefault(connection, Long.MIN_VALUE));
    lastArrival.put(connection, arrival);
    if (random.nextDouble() < loss) {
      at(NETWORK_TIMEOUT_MS, () -> core.onFailure(request, lost(), nowMs));
      return;
    }
    events.add(
        new Event(
            arrival,
            order++,
            () -> {
              ApiMessage answer = handle(request);
              boolean answerLost = random.nextDouble() < loss;
              long wait =
                  answer instanceof FetchResponseData fetch && isEmpty(fetch)
                      ? ((FetchRequestData) request.body()).maxWaitMs()
                      : 0;
              String back = "back:" + connection;
              long arrives =
                  Math.max(
                      nowMs + wait + random.nextInt(8),
                      lastArrival.getOrDefault(back, Long.MIN_VALUE));
              lastArrival.put(back, arrives);
              if (answerLost) {
                at(NETWORK_TIMEOUT_MS, () -> core.onFailure(request, lost(), nowMs));
              } else {
                events.add(
                    new Event(arrives, order++, () -> core.onAnswer(request, answer, nowMs)));
              }
            }));
  }

  private static NetworkException lost() {
    return new NetworkException("lost");
  }

  static boolean isEmpty(FetchResponseData fetch) {
    return fetch.responses().stream()
        .flatMap(topic -> topic.partitions().stream())
        .allMatch(p -> p.errorCode() == 0 && WireRecords.bytesOf(p.records()).remaining() == 0);
  }

  private ApiMessage handle(OutgoingRequest request) {
    int broker =
        brokers.stream()
            .filter(b -> b.host().equals(request.broker().host()))
            .findFirst()
            .orElseThrow()
            .brokerId();
    return handle(broker, request.api(), request.body());
  }

  /** A broker's answer. */
  ApiMessage handle(int broker, ApiKeys api, ApiMessage request) {
    return switch (api) {
      case METADATA -> metadata((MetadataRequestData) request);
      case INIT_PRODUCER_ID ->
          new InitProducerIdResponseData()
              .setErrorCode(troubleOr(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS))
              .setProducerId(nextProducerId++)
              .setProducerEpoch((short) 0);
      case PRODUCE -> produce(broker, (ProduceRequestData) request);
      case FETCH -> fetch(broker, (FetchRequestData) request);
      case LIST_OFFSETS -> listOffsets(broker, (ListOffsetsRequestData) request);
      default -> throw new AssertionError("unexpected " + api);
    };
  }

  private short troubleOr(ErrorCode error) {
    return random.nextDouble() < trouble ? error.code() : ErrorCode.NONE.code();
  }

  private MetadataResponseData metadata(MetadataRequestData request) {
    MetadataResponseData answer = new MetadataResponseData().setClusterId("sim").setControllerId(0);
    brokers.forEach(
        broker ->
            answer
                .brokers()
                .add(
                    new MetadataResponseBroker()
                        .setNodeId(broker.brokerId())
                        .setHost(broker.host())
                        .setPort(broker.port())));
    request.topics().forEach(asked -> answer.topics().add(describe(asked.name())));
    return answer;
  }

  private MetadataResponseTopic describe(String name) {
    Uuid id = topicIds.get(name);
    MetadataResponseTopic topic = new MetadataResponseTopic().setName(name);
    if (id == null) {
      return topic.setErrorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    topic.setTopicId(id);
    boolean stale = random.nextDouble() < trouble;
    partitions.forEach(
        (partition, state) -> {
          if (partition.topic().equals(name)) {
            int epoch = stale ? Math.max(0, state.leaderEpoch - 1) : state.leaderEpoch;
            int leader = Math.floorMod(state.leader - (state.leaderEpoch - epoch), brokers.size());
            topic
                .partitions()
                .add(
                    new MetadataResponsePartition()
                        .setPartitionIndex(partition.partition())
                        .setLeaderId(leader)
                        .setLeaderEpoch(epoch)
                        .setReplicaNodes(List.of(leader))
                        .setIsrNodes(List.of(leader)));
          }
        });
    return topic;
  }

  private ProduceResponseData produce(int broker, ProduceRequestData request) {
    ProduceResponseData answer = new ProduceResponseData();
    request
        .topicData()
        .forEach(
            topic -> {
              TopicProduceResponse result =
                  new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
              topic
                  .partitionData()
                  .forEach(
                      data ->
                          result
                              .partitionResponses()
                              .add(
                                  append(
                                      broker,
                                      new TopicPartition(
                                          name(topic.name(), topic.topicId()), data.index()),
                                      WireRecords.bytesOf(data.records()))));
              answer.responses().add(result);
            });
    return answer;
  }

  /** Newer versions carry ids in place of names. */
  private String name(String name, Uuid id) {
    return !name.isEmpty()
        ? name
        : topicIds.entrySet().stream()
            .filter(topic -> topic.getValue().equals(id))
            .findFirst()
            .orElseThrow()
            .getKey();
  }

  private PartitionProduceResponse append(int broker, TopicPartition name, ByteBuffer records) {
    PartitionProduceResponse result =
        new PartitionProduceResponse().setIndex(name.partition()).setLogAppendTimeMs(-1);
    SimulatedPartition partition = partition(name);
    if (partition.leader != broker) {
      return result.setErrorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code()).setBaseOffset(-1);
    }
    if (random.nextDouble() < trouble) {
      ErrorCode[] passing = {
        ErrorCode.NOT_ENOUGH_REPLICAS, ErrorCode.KAFKA_STORAGE_ERROR, ErrorCode.REQUEST_TIMED_OUT
      };
      ErrorCode error = passing[random.nextInt(passing.length)];
      if (error == ErrorCode.REQUEST_TIMED_OUT) {
        // Stored, but the broker gave up waiting for the others.
        partition.append(records, maxBatchBytes, refuseUnknownProducers);
      }
      return result.setErrorCode(error.code()).setBaseOffset(-1);
    }
    SimulatedPartition.Appended appended =
        partition.append(records, maxBatchBytes, refuseUnknownProducers);
    return result.setErrorCode(appended.error().code()).setBaseOffset(appended.baseOffset());
  }

  private FetchResponseData fetch(int broker, FetchRequestData request) {
    FetchResponseData answer = new FetchResponseData();
    int budget = request.maxBytes();
    for (FetchTopic topic : request.topics()) {
      FetchableTopicResponse result =
          new FetchableTopicResponse().setTopic(topic.topic()).setTopicId(topic.topicId());
      for (FetchPartition asked : topic.partitions()) {
        PartitionData data =
            read(
                broker,
                new TopicPartition(name(topic.topic(), topic.topicId()), asked.partition()),
                asked,
                budget);
        budget -= WireRecords.bytesOf(data.records()).remaining();
        result.partitions().add(data);
      }
      answer.responses().add(result);
    }
    return answer;
  }

  private PartitionData read(int broker, TopicPartition name, FetchPartition asked, int budget) {
    SimulatedPartition partition = partition(name);
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(name.partition())
            .setHighWatermark(partition.endOffset())
            .setLogStartOffset(partition.logStartOffset);
    ErrorCode error = ErrorCode.NONE;
    if (partition.leader != broker) {
      error = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    } else if (asked.currentLeaderEpoch() >= 0
        && asked.currentLeaderEpoch() != partition.leaderEpoch) {
      error =
          asked.currentLeaderEpoch() < partition.leaderEpoch
              ? ErrorCode.FENCED_LEADER_EPOCH
              : ErrorCode.UNKNOWN_LEADER_EPOCH;
    } else if (asked.fetchOffset() < partition.logStartOffset
        || asked.fetchOffset() > partition.endOffset()) {
      error = ErrorCode.OFFSET_OUT_OF_RANGE;
    } else if (random.nextDouble() < trouble) {
      error = ErrorCode.KAFKA_STORAGE_ERROR;
    }
    data.setErrorCode(error.code());
    return error != ErrorCode.NONE || budget <= 0
        ? data
        : data.setRecords(
            new WireRecords(
                new MemoryRecordsSlice(
                    partition.read(
                        asked.fetchOffset(), Math.min(budget, asked.partitionMaxBytes())))));
  }

  private ListOffsetsResponseData listOffsets(int broker, ListOffsetsRequestData request) {
    ListOffsetsResponseData answer = new ListOffsetsResponseData();
    request
        .topics()
        .forEach(
            topic -> {
              ListOffsetsTopicResponse result =
                  new ListOffsetsTopicResponse().setName(topic.name());
              topic
                  .partitions()
                  .forEach(
                      asked ->
                          result
                              .partitions()
                              .add(
                                  lookUp(
                                      broker,
                                      new TopicPartition(topic.name(), asked.partitionIndex()),
                                      asked.timestamp())));
              answer.topics().add(result);
            });
    return answer;
  }

  private ListOffsetsPartitionResponse lookUp(int broker, TopicPartition name, long timestamp) {
    SimulatedPartition partition = partition(name);
    ListOffsetsPartitionResponse result =
        new ListOffsetsPartitionResponse().setPartitionIndex(name.partition());
    if (partition.leader != broker) {
      return result.setErrorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
    }
    long offset = -1;
    if (timestamp == -1) {
      offset = partition.endOffset();
    } else if (timestamp == -2) {
      offset = partition.logStartOffset;
    } else {
      offset = offsetAt(partition, timestamp);
    }
    return result
        .setErrorCode(troubleOr(ErrorCode.LEADER_NOT_AVAILABLE))
        .setOffset(offset)
        .setTimestamp(timestamp < 0 ? -1 : timestamp);
  }

  private static long offsetAt(SimulatedPartition partition, long timestamp) {
    for (ByteBuffer bytes : partition.batches) {
      for (var record : RecordIterator.toList(RecordBatch.at(bytes, 0))) {
        if (record.timestamp() >= timestamp && record.offset() >= partition.logStartOffset) {
          return record.offset();
        }
      }
    }
    return -1;
  }
}
