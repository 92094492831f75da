package dev.ritsem.metadata.controller;

import static dev.ritsem.metadata.controller.CborReader.required;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
import dev.ritsem.metadata.image.FeaturesImage;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.metadata.image.TopicsImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The image and its parts as CBOR maps, field by field. Reader and writer of a type stand together;
 * a reader is called with its map begun and ignores fields that it does not know. An optional field
 * is left out where the value is null.
 */
final class ImageCbor {
  private ImageCbor() {}

  static void writeImage(ClusterImage image, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("version", image.version());
    out.writeStringField("clusterId", image.clusterId());
    BrokerId controller = image.controllerId();
    if (controller != null) {
      out.writeNumberField("controllerId", controller.value());
    }
    out.writeNumberField("controllerEpoch", image.controllerEpoch());
    out.writeNumberField("nextProducerId", image.nextProducerId());
    out.writeObjectFieldStart("features");
    for (Map.Entry<String, Short> feature : image.features().finalized().entrySet()) {
      out.writeNumberField(feature.getKey(), feature.getValue());
    }
    out.writeEndObject();
    out.writeArrayFieldStart("brokers");
    for (BrokerRegistration broker : image.brokers().values()) {
      writeBroker(broker, out);
    }
    out.writeEndArray();
    out.writeArrayFieldStart("topics");
    for (TopicImage topic : image.topics().all()) {
      writeTopic(topic, out);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static ClusterImage readImage(CborReader in) throws IOException {
    long version = 0;
    String clusterId = null;
    BrokerId controllerId = null;
    int controllerEpoch = 0;
    long nextProducerId = 0;
    Map<String, Short> features = Map.of();
    SortedMap<BrokerId, BrokerRegistration> brokers = new TreeMap<>();
    List<TopicImage> topics = List.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "version" -> version = in.longValue();
        case "clusterId" -> clusterId = in.text();
        case "controllerId" -> controllerId = new BrokerId(in.intValue());
        case "controllerEpoch" -> controllerEpoch = in.intValue();
        case "nextProducerId" -> nextProducerId = in.longValue();
        case "features" -> features = in.object(ImageCbor::readFeatures);
        case "brokers" ->
            in.objects(ImageCbor::readBroker).forEach(broker -> brokers.put(broker.id(), broker));
        case "topics" -> topics = in.objects(ImageCbor::readTopic);
        default -> in.skip();
      }
    }
    return new ClusterImage(
        version,
        required(clusterId, "clusterId"),
        controllerId,
        controllerEpoch,
        brokers,
        TopicsImage.of(topics),
        new FeaturesImage(features),
        nextProducerId);
  }

  private static Map<String, Short> readFeatures(CborReader in) throws IOException {
    Map<String, Short> features = new TreeMap<>();
    for (String name = in.nextField(); name != null; name = in.nextField()) {
      features.put(name, in.shortValue());
    }
    return features;
  }

  static void writeBroker(BrokerRegistration broker, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeNumberField("id", broker.id().value());
    writeId("incarnation", broker.incarnation(), out);
    out.writeNumberField("epoch", broker.epoch());
    String rack = broker.rack();
    if (rack != null) {
      out.writeStringField("rack", rack);
    }
    out.writeBooleanField("fenced", broker.fenced());
    out.writeArrayFieldStart("endpoints");
    for (Endpoint endpoint : broker.endpoints()) {
      out.writeStartObject();
      out.writeStringField("listener", endpoint.listenerName());
      out.writeStringField("protocol", endpoint.securityProtocol());
      out.writeStringField("host", endpoint.host());
      out.writeNumberField("port", endpoint.port());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  static BrokerRegistration readBroker(CborReader in) throws IOException {
    BrokerId id = null;
    UUID incarnation = null;
    long epoch = -1;
    String rack = null;
    boolean fenced = true;
    List<Endpoint> endpoints = List.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "id" -> id = new BrokerId(in.intValue());
        case "incarnation" -> incarnation = readId(in);
        case "epoch" -> epoch = in.longValue();
        case "rack" -> rack = in.text();
        case "fenced" -> fenced = in.booleanValue();
        case "endpoints" -> endpoints = in.objects(ImageCbor::readEndpoint);
        default -> in.skip();
      }
    }
    return new BrokerRegistration(
        required(id, "id"), required(incarnation, "incarnation"), epoch, endpoints, rack, fenced);
  }

  private static Endpoint readEndpoint(CborReader in) throws IOException {
    String listener = null;
    String protocol = null;
    String host = null;
    int port = 0;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "listener" -> listener = in.text();
        case "protocol" -> protocol = in.text();
        case "host" -> host = in.text();
        case "port" -> port = in.intValue();
        default -> in.skip();
      }
    }
    return new Endpoint(
        required(listener, "listener"),
        required(protocol, "protocol"),
        required(host, "host"),
        port);
  }

  static void writeTopic(TopicImage topic, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", topic.name());
    writeTopicId("id", topic.id(), out);
    writePartitions("partitions", topic.partitions(), out);
    writeTexts("configs", topic.configs(), out);
    out.writeEndObject();
  }

  static TopicImage readTopic(CborReader in) throws IOException {
    String name = null;
    TopicId id = null;
    List<PartitionRegistration> partitions = List.of();
    Map<String, String> configs = Map.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "name" -> name = in.text();
        case "id" -> id = readTopicId(in);
        case "partitions" -> partitions = in.objects(ImageCbor::readPartition);
        case "configs" -> configs = in.textsByName();
        default -> in.skip();
      }
    }
    return new TopicImage(required(name, "name"), required(id, "id"), partitions, configs);
  }

  static void writePartitions(
      String field, List<PartitionRegistration> partitions, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart(field);
    for (PartitionRegistration partition : partitions) {
      writePartition(partition, out);
    }
    out.writeEndArray();
  }

  // There may be very many of these, so their names are short.
  static void writePartition(PartitionRegistration partition, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    writeBrokerIds("r", partition.replicas(), out);
    writeBrokerIds("i", partition.isr(), out);
    BrokerId leader = partition.leader();
    if (leader != null) {
      out.writeNumberField("l", leader.value());
    }
    out.writeNumberField("e", partition.leaderEpoch());
    out.writeNumberField("p", partition.partitionEpoch());
    out.writeEndObject();
  }

  static PartitionRegistration readPartition(CborReader in) throws IOException {
    List<BrokerId> replicas = List.of();
    List<BrokerId> isr = List.of();
    BrokerId leader = null;
    int leaderEpoch = -1;
    int partitionEpoch = -1;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "r" -> replicas = in.ints().stream().map(BrokerId::new).toList();
        case "i" -> isr = in.ints().stream().map(BrokerId::new).toList();
        case "l" -> leader = new BrokerId(in.intValue());
        case "e" -> leaderEpoch = in.intValue();
        case "p" -> partitionEpoch = in.intValue();
        default -> in.skip();
      }
    }
    return new PartitionRegistration(replicas, isr, leader, leaderEpoch, partitionEpoch);
  }

  static void writeTexts(String field, Map<String, String> texts, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(field);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      out.writeStringField(text.getKey(), text.getValue());
    }
    out.writeEndObject();
  }

  static void writeTopicId(String field, TopicId id, JsonGenerator out) throws IOException {
    writeId(field, new UUID(id.mostSignificantBits(), id.leastSignificantBits()), out);
  }

  static TopicId readTopicId(CborReader in) throws IOException {
    return TopicId.of(readId(in));
  }

  private static void writeId(String field, UUID id, JsonGenerator out) throws IOException {
    byte[] bytes =
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .array();
    out.writeBinaryField(field, bytes);
  }

  private static UUID readId(CborReader in) throws IOException {
    byte[] bytes = in.binary();
    if (bytes.length != 16) {
      throw new IOException("an id has 16 bytes, not " + bytes.length);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static void writeBrokerIds(String field, Collection<BrokerId> ids, JsonGenerator out)
      throws IOException {
    out.writeArrayFieldStart(field);
    for (BrokerId id : ids) {
      out.writeNumber(id.value());
    }
    out.writeEndArray();
  }
}
