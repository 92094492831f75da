package dev.ritsem.metadata.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.ritsem.metadata.image.BrokerRegistration;
import dev.ritsem.metadata.image.ClusterImage;
import dev.ritsem.metadata.image.Endpoint;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes below are on people's disks: a test that fails here is right and the change wrong. */
class MetadataSerializerTest {
  private static final TopicId ID = new TopicId(0x0102030405060708L, 0x1112131415161718L);
  private static final BrokerId B1 = new BrokerId(1);
  private static final BrokerId B2 = new BrokerId(2);
  private static final BrokerRegistration BROKER =
      new BrokerRegistration(
          B1,
          new UUID(3, 4),
          5,
          List.of(new Endpoint("PLAINTEXT", "PLAINTEXT", "h", 9092)),
          "r",
          true);
  private static final PartitionRegistration LED =
      new PartitionRegistration(List.of(B1, B2), List.of(B2), B2, 7, 9);
  private static final PartitionRegistration LEADERLESS =
      new PartitionRegistration(List.of(B1), List.of(B1), null, 1, 2);
  private static final TopicImage TOPIC =
      new TopicImage("t", ID, List.of(LED, LEADERLESS), Map.of("retention.ms", "1"));

  private final MetadataSerializer serializer = new MetadataSerializer();

  static Stream<Arguments> stored() {
    return Stream.of(
        Arguments.of(
            new ClusterFormatted("c"), "cluster-formatted-1", "bf69636c757374657249646163ff"),
        Arguments.of(
            new ControllerElected(B2, 3),
            "controller-elected-1",
            "bf6c636f6e74726f6c6c65724964026f636f6e74726f6c6c657245706f636803ff"),
        Arguments.of(
            new FeatureLevelSet("metadata.version", (short) 25),
            "feature-level-set-1",
            "bf6766656174757265706d657461646174612e76657273696f6e656c6576656c1819ff"),
        Arguments.of(
            new BrokerRegistered(BROKER),
            "broker-registered-1",
            "bf6662726f6b6572bf626964016b696e6361726e6174696f6e5000000000000000030000"
                + "0000000000046565706f636805647261636b61726666656e636564f569656e64706f696e"
                + "74739fbf686c697374656e657269504c41494e544558546870726f746f636f6c69504c41"
                + "494e5445585464686f7374616864706f7274192384ffffffff"),
        Arguments.of(
            new BrokerFenced(B1, 5), "broker-fenced-1", "bf6662726f6b6572016565706f636805ff"),
        Arguments.of(
            new BrokerUnfenced(B1, 5), "broker-unfenced-1", "bf6662726f6b6572016565706f636805ff"),
        Arguments.of(
            new TopicCreated(TOPIC),
            "topic-created-1",
            "bf65746f706963bf646e616d65617462696450010203040506070811121314151617186a"
                + "706172746974696f6e739fbf61729f0102ff61699f02ff616c02616507617009ffbf6172"
                + "9f01ff61699f01ff616501617002ffff67636f6e66696773bf6c726574656e74696f6e2e"
                + "6d736131ffffff"),
        Arguments.of(
            new TopicDeleted(ID),
            "topic-deleted-1",
            "bf67746f70696349645001020304050607081112131415161718ff"),
        Arguments.of(
            new PartitionsCreated(ID, 2, List.of(LED)),
            "partitions-created-1",
            "bf67746f706963496450010203040506070811121314151617186e666972737450617274"
                + "6974696f6e026a706172746974696f6e739fbf61729f0102ff61699f02ff616c02616507"
                + "617009ffffff"),
        Arguments.of(
            new PartitionsChanged(List.of(new PartitionChange(ID, 3, LEADERLESS))),
            "partitions-changed-1",
            "bf676368616e6765739fbf61745001020304050607081112131415161718616e036172bf"
                + "61729f01ff61699f01ff616501617002ffffffff"),
        Arguments.of(
            new TopicConfigsChanged(ID, Map.of("a", "1"), Set.of("b")),
            "topic-configs-changed-1",
            "bf67746f7069634964500102030405060708111213141516171863736574bf61616131ff"
                + "6772656d6f7665649f6162ffff"),
        Arguments.of(
            new ProducerIdsReserved(5_000_000_000L, 1_000),
            "producer-ids-reserved-1",
            "bf6f666972737450726f647563657249641b000000012a05f2006473697a651903e8ff"),
        Arguments.of(
            IMAGE,
            "image-1",
            "bf6776657273696f6e0669636c7573746572496461636c636f6e74726f6c6c6572496401"
                + "6f636f6e74726f6c6c657245706f6368016e6e65787450726f647563657249641903e868"
                + "6665617475726573bf616603ff6762726f6b6572739fbf626964016b696e6361726e6174"
                + "696f6e50000000000000000300000000000000046565706f636805647261636b61726666"
                + "656e636564f569656e64706f696e74739fbf686c697374656e657269504c41494e544558"
                + "546870726f746f636f6c69504c41494e5445585464686f7374616864706f7274192384ff"
                + "ffffff66746f706963739fbf646e616d6561746269645001020304050607081112131415"
                + "1617186a706172746974696f6e739fbf61729f0102ff61699f02ff616c02616507617009"
                + "ffbf61729f01ff61699f01ff616501617002ffff67636f6e66696773bf6c726574656e74"
                + "696f6e2e6d736131ffffffff"));
  }

  private static final ClusterImage IMAGE =
      ClusterImage.EMPTY.applyAll(
          List.of(
              new ClusterFormatted("c"),
              new FeatureLevelSet("f", (short) 3),
              new ControllerElected(B1, 1),
              new BrokerRegistered(BROKER),
              new TopicCreated(TOPIC),
              new ProducerIdsReserved(0, 1_000)));

  @ParameterizedTest
  @MethodSource("stored")
  void writes_and_reads_the_bytes_that_are_on_disks(Object object, String manifest, String hex)
      throws Exception {
    assertThat(serializer.manifest(object)).isEqualTo(manifest);
    assertThat(HexFormat.of().formatHex(serializer.toBinary(object))).isEqualTo(hex);
    assertThat(serializer.fromBinary(HexFormat.of().parseHex(hex), manifest)).isEqualTo(object);
  }

  @Test
  void has_a_stored_example_of_every_event() {
    Set<Class<?>> stored =
        stored().map(example -> example.get()[0].getClass()).collect(Collectors.toSet());
    assertThat(stored).containsAll(List.of(MetadataEvent.class.getPermittedSubclasses()));
  }

  @Test
  void keeps_its_identifier() {
    assertThat(serializer.identifier()).isEqualTo(8201);
  }

  @Test
  void skips_fields_that_a_later_version_added() throws Exception {
    byte[] later =
        map(
            out -> {
              out.writeObjectFieldStart("newObject");
              out.writeStringField("clusterId", "not this one");
              out.writeEndObject();
              out.writeStringField("clusterId", "c");
              out.writeArrayFieldStart("newList");
              out.writeNumber(1);
              out.writeEndArray();
            });

    assertThat(serializer.fromBinary(later, "cluster-formatted-1"))
        .isEqualTo(new ClusterFormatted("c"));
  }

  @Test
  void refuses_an_entry_of_a_later_version_and_says_so() {
    assertThatThrownBy(() -> serializer.fromBinary(new byte[] {1}, "topic-created-2"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("topic-created-2")
        .hasMessageContaining("later version");
  }

  @Test
  void refuses_an_entry_without_a_needed_field_and_names_it() throws Exception {
    byte[] empty = map(out -> {});

    assertThatThrownBy(() -> serializer.fromBinary(empty, "topic-deleted-1"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("'topicId' is missing");
  }

  @Test
  void refuses_bytes_that_are_cut_short_anywhere() {
    byte[] whole = serializer.toBinary(IMAGE);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> serializer.fromBinary(cut, "image-1"))
          .isInstanceOf(NotSerializableException.class);
    }
  }

  @Test
  void refuses_to_write_what_is_not_its_own() {
    assertThatThrownBy(() -> serializer.manifest("text"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> serializer.toBinary("text"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  private static byte[] map(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new CBORFactory().createGenerator(bytes)) {
      out.writeStartObject();
      fields.write(out);
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
