package dev.ritsem.metadata.controller;

import static dev.ritsem.metadata.controller.CborReader.required;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ritsem.metadata.image.MetadataEvent;
import dev.ritsem.metadata.image.MetadataEvent.BrokerFenced;
import dev.ritsem.metadata.image.MetadataEvent.BrokerRegistered;
import dev.ritsem.metadata.image.MetadataEvent.BrokerUnfenced;
import dev.ritsem.metadata.image.MetadataEvent.ClusterFormatted;
import dev.ritsem.metadata.image.MetadataEvent.ControllerElected;
import dev.ritsem.metadata.image.MetadataEvent.FeatureLevelSet;
import dev.ritsem.metadata.image.MetadataEvent.PartitionChange;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsChanged;
import dev.ritsem.metadata.image.MetadataEvent.PartitionsCreated;
import dev.ritsem.metadata.image.MetadataEvent.ProducerIdsReserved;
import dev.ritsem.metadata.image.MetadataEvent.TopicConfigsChanged;
import dev.ritsem.metadata.image.MetadataEvent.TopicCreated;
import dev.ritsem.metadata.image.MetadataEvent.TopicDeleted;
import dev.ritsem.metadata.image.PartitionRegistration;
import dev.ritsem.metadata.image.TopicImage;
import dev.ritsem.model.BrokerId;
import dev.ritsem.model.TopicId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How one type of event is written in version 1 of its format, as the fields of a CBOR map, and
 * read again.
 *
 * @param manifest names type and version in the journal
 */
record EventFormat<E extends MetadataEvent>(
    String manifest, Class<E> type, Fields<E> fields, CborReader.Element<E> reader) {
  /** Every format that there has been. One that was released never changes and never goes. */
  static final List<EventFormat<?>> ALL =
      List.of(
          new EventFormat<>(
              "cluster-formatted-1",
              ClusterFormatted.class,
              (event, out) -> out.writeStringField("clusterId", event.clusterId()),
              EventFormat::readClusterFormatted),
          new EventFormat<>(
              "controller-elected-1",
              ControllerElected.class,
              (event, out) -> {
                out.writeNumberField("controllerId", event.controllerId().value());
                out.writeNumberField("controllerEpoch", event.controllerEpoch());
              },
              EventFormat::readControllerElected),
          new EventFormat<>(
              "feature-level-set-1",
              FeatureLevelSet.class,
              (event, out) -> {
                out.writeStringField("feature", event.feature());
                out.writeNumberField("level", event.level());
              },
              EventFormat::readFeatureLevelSet),
          new EventFormat<>(
              "broker-registered-1",
              BrokerRegistered.class,
              (event, out) -> {
                out.writeFieldName("broker");
                ImageCbor.writeBroker(event.broker(), out);
              },
              EventFormat::readBrokerRegistered),
          new EventFormat<>(
              "broker-fenced-1",
              BrokerFenced.class,
              (event, out) -> writeBrokerEpoch(event.broker(), event.brokerEpoch(), out),
              in -> {
                BrokerEpoch read = readBrokerEpoch(in);
                return new BrokerFenced(read.broker(), read.epoch());
              }),
          new EventFormat<>(
              "broker-unfenced-1",
              BrokerUnfenced.class,
              (event, out) -> writeBrokerEpoch(event.broker(), event.brokerEpoch(), out),
              in -> {
                BrokerEpoch read = readBrokerEpoch(in);
                return new BrokerUnfenced(read.broker(), read.epoch());
              }),
          new EventFormat<>(
              "topic-created-1",
              TopicCreated.class,
              (event, out) -> {
                out.writeFieldName("topic");
                ImageCbor.writeTopic(event.topic(), out);
              },
              EventFormat::readTopicCreated),
          new EventFormat<>(
              "topic-deleted-1",
              TopicDeleted.class,
              (event, out) -> ImageCbor.writeTopicId("topicId", event.topicId(), out),
              EventFormat::readTopicDeleted),
          new EventFormat<>(
              "partitions-created-1",
              PartitionsCreated.class,
              (event, out) -> {
                ImageCbor.writeTopicId("topicId", event.topicId(), out);
                out.writeNumberField("firstPartition", event.firstPartition());
                ImageCbor.writePartitions("partitions", event.partitions(), out);
              },
              EventFormat::readPartitionsCreated),
          new EventFormat<>(
              "partitions-changed-1",
              PartitionsChanged.class,
              (event, out) -> {
                out.writeArrayFieldStart("changes");
                for (PartitionChange change : event.changes()) {
                  writeChange(change, out);
                }
                out.writeEndArray();
              },
              EventFormat::readPartitionsChanged),
          new EventFormat<>(
              "topic-configs-changed-1",
              TopicConfigsChanged.class,
              (event, out) -> {
                ImageCbor.writeTopicId("topicId", event.topicId(), out);
                ImageCbor.writeTexts("set", event.set(), out);
                out.writeArrayFieldStart("removed");
                for (String key : event.removed()) {
                  out.writeString(key);
                }
                out.writeEndArray();
              },
              EventFormat::readTopicConfigsChanged),
          new EventFormat<>(
              "producer-ids-reserved-1",
              ProducerIdsReserved.class,
              (event, out) -> {
                out.writeNumberField("firstProducerId", event.firstProducerId());
                out.writeNumberField("size", event.size());
              },
              EventFormat::readProducerIdsReserved));

  /** Writes the fields of an event. */
  interface Fields<E> {
    void write(E event, JsonGenerator out) throws IOException;
  }

  void write(MetadataEvent event, JsonGenerator out) throws IOException {
    out.writeStartObject();
    fields.write(type.cast(event), out);
    out.writeEndObject();
  }

  private static ClusterFormatted readClusterFormatted(CborReader in) throws IOException {
    String clusterId = null;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "clusterId" -> clusterId = in.text();
        default -> in.skip();
      }
    }
    return new ClusterFormatted(required(clusterId, "clusterId"));
  }

  private static ControllerElected readControllerElected(CborReader in) throws IOException {
    BrokerId controllerId = null;
    int controllerEpoch = -1;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "controllerId" -> controllerId = new BrokerId(in.intValue());
        case "controllerEpoch" -> controllerEpoch = in.intValue();
        default -> in.skip();
      }
    }
    return new ControllerElected(required(controllerId, "controllerId"), controllerEpoch);
  }

  private static FeatureLevelSet readFeatureLevelSet(CborReader in) throws IOException {
    String feature = null;
    short level = 0;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "feature" -> feature = in.text();
        case "level" -> level = in.shortValue();
        default -> in.skip();
      }
    }
    return new FeatureLevelSet(required(feature, "feature"), level);
  }

  private static BrokerRegistered readBrokerRegistered(CborReader in) throws IOException {
    BrokerRegistered event = null;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "broker" -> event = new BrokerRegistered(in.object(ImageCbor::readBroker));
        default -> in.skip();
      }
    }
    return required(event, "broker");
  }

  private record BrokerEpoch(BrokerId broker, long epoch) {}

  private static void writeBrokerEpoch(BrokerId broker, long epoch, JsonGenerator out)
      throws IOException {
    out.writeNumberField("broker", broker.value());
    out.writeNumberField("epoch", epoch);
  }

  private static BrokerEpoch readBrokerEpoch(CborReader in) throws IOException {
    BrokerId broker = null;
    long epoch = -1;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "broker" -> broker = new BrokerId(in.intValue());
        case "epoch" -> epoch = in.longValue();
        default -> in.skip();
      }
    }
    return new BrokerEpoch(required(broker, "broker"), epoch);
  }

  private static TopicCreated readTopicCreated(CborReader in) throws IOException {
    TopicImage topic = null;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "topic" -> topic = in.object(ImageCbor::readTopic);
        default -> in.skip();
      }
    }
    return new TopicCreated(required(topic, "topic"));
  }

  private static TopicDeleted readTopicDeleted(CborReader in) throws IOException {
    TopicId topicId = null;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "topicId" -> topicId = ImageCbor.readTopicId(in);
        default -> in.skip();
      }
    }
    return new TopicDeleted(required(topicId, "topicId"));
  }

  private static PartitionsCreated readPartitionsCreated(CborReader in) throws IOException {
    TopicId topicId = null;
    int firstPartition = -1;
    List<PartitionRegistration> partitions = List.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "topicId" -> topicId = ImageCbor.readTopicId(in);
        case "firstPartition" -> firstPartition = in.intValue();
        case "partitions" -> partitions = in.objects(ImageCbor::readPartition);
        default -> in.skip();
      }
    }
    return new PartitionsCreated(required(topicId, "topicId"), firstPartition, partitions);
  }

  private static PartitionsChanged readPartitionsChanged(CborReader in) throws IOException {
    List<PartitionChange> changes = List.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "changes" -> changes = in.objects(EventFormat::readChange);
        default -> in.skip();
      }
    }
    return new PartitionsChanged(changes);
  }

  private static void writeChange(PartitionChange change, JsonGenerator out) throws IOException {
    out.writeStartObject();
    ImageCbor.writeTopicId("t", change.topicId(), out);
    out.writeNumberField("n", change.partition());
    out.writeFieldName("r");
    ImageCbor.writePartition(change.registration(), out);
    out.writeEndObject();
  }

  private static PartitionChange readChange(CborReader in) throws IOException {
    TopicId topicId = null;
    int partition = -1;
    PartitionRegistration registration = null;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "t" -> topicId = ImageCbor.readTopicId(in);
        case "n" -> partition = in.intValue();
        case "r" -> registration = in.object(ImageCbor::readPartition);
        default -> in.skip();
      }
    }
    return new PartitionChange(required(topicId, "t"), partition, required(registration, "r"));
  }

  private static TopicConfigsChanged readTopicConfigsChanged(CborReader in) throws IOException {
    TopicId topicId = null;
    Map<String, String> set = Map.of();
    Set<String> removed = Set.of();
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "topicId" -> topicId = ImageCbor.readTopicId(in);
        case "set" -> set = in.textsByName();
        case "removed" -> removed = Set.copyOf(in.texts());
        default -> in.skip();
      }
    }
    return new TopicConfigsChanged(required(topicId, "topicId"), set, removed);
  }

  private static ProducerIdsReserved readProducerIdsReserved(CborReader in) throws IOException {
    long firstProducerId = -1;
    int size = 0;
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "firstProducerId" -> firstProducerId = in.longValue();
        case "size" -> size = in.intValue();
        default -> in.skip();
      }
    }
    return new ProducerIdsReserved(firstProducerId, size);
  }
}
