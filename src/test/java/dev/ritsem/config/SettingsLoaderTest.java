package dev.ritsem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
  private static final Setting<Integer> MAX_CONNECTIONS =
      Setting.ofInt("max.connections").defaultValue(100).atLeast(0).build();
  private static final Setting<Integer> PER_IP =
      Setting.ofInt("max.connections.per.ip").defaultValue(10).atLeast(0).build();
  private static final Setting<String> PER_IP_OVERRIDES =
      Setting.ofString("max.connections.per.ip.overrides").defaultValue("").build();
  private static final Setting<List<String>> LISTENERS =
      Setting.ofList("listeners").defaultValue(List.of()).build();
  private static final Setting<Long> RETENTION =
      Setting.ofLong("log.retention.ms").atLeast(-1L).unit("ms").build();

  private static final SettingsCatalogue CATALOGUE =
      new SettingsCatalogue(
          List.of(
              new SettingsCatalogue.Section(
                  "Test",
                  "",
                  List.of(MAX_CONNECTIONS, PER_IP, PER_IP_OVERRIDES, LISTENERS, RETENTION))));

  @TempDir Path directory;

  @Test
  void aHoconFileGivesValuesListsAndNestedNames() throws IOException {
    Path file =
        write(
            "node.conf",
            """
            # where clients come in
            listeners = ["PLAINTEXT://:9092", "INSIDE://127.0.0.1:9093"]
            log { retention.ms = 3600000 } // an hour
            """);

    Settings settings = load(file).settings();

    assertThat(settings.get(LISTENERS))
        .containsExactly("PLAINTEXT://:9092", "INSIDE://127.0.0.1:9093");
    assertThat(settings.get(RETENTION)).isEqualTo(3_600_000L);
    assertThat(settings.source(RETENTION)).contains(file + ":3");
    assertThat(settings.isGiven(MAX_CONNECTIONS)).isFalse();
  }

  @Test
  void aNameThatContinuesAnotherDoesNotHideItInHocon() throws IOException {
    Path file =
        write(
            "node.conf",
            """
            max.connections = 7
            max.connections.per.ip = 3
            max.connections.per.ip.overrides = "10.0.0.1:5"
            """);

    Settings settings = load(file).settings();

    assertThat(settings.get(MAX_CONNECTIONS)).isEqualTo(7);
    assertThat(settings.get(PER_IP)).isEqualTo(3);
    assertThat(settings.get(PER_IP_OVERRIDES)).isEqualTo("10.0.0.1:5");
  }

  @Test
  void aPropertiesFileIsReadAsJavaReadsIt() throws IOException {
    Path file =
        write(
            "node.properties",
            """
            ! Kafka's own format
            listeners = PLAINTEXT://:9092,\\
                        INSIDE://:9093
            max.connections:5
            max.connections.per.ip 4
            max.connections.per.ip.overrides=a\\u0041\\:1
            """);

    Settings settings = load(file).settings();

    assertThat(settings.get(LISTENERS)).containsExactly("PLAINTEXT://:9092", "INSIDE://:9093");
    assertThat(settings.get(MAX_CONNECTIONS)).isEqualTo(5);
    assertThat(settings.get(PER_IP)).isEqualTo(4);
    assertThat(settings.get(PER_IP_OVERRIDES)).isEqualTo("aA:1");
    assertThat(settings.source(PER_IP)).contains(file + ":5");
  }

  @Test
  void theCommandLineGoesBeforeAFile() throws IOException {
    Path file = write("node.properties", "max.connections=5");

    Settings settings =
        new SettingsLoader(CATALOGUE)
            .file(file)
            .assignment("max.connections=6")
            .assignment("listeners=PLAINTEXT://h:1?x=y")
            .load()
            .settings();

    assertThat(settings.get(MAX_CONNECTIONS)).isEqualTo(6);
    assertThat(settings.source(MAX_CONNECTIONS)).contains("command line");
    assertThat(settings.get(LISTENERS)).containsExactly("PLAINTEXT://h:1?x=y");
  }

  @Test
  void everyProblemIsNamedWithKeyValueLineAndTheNearestName() throws IOException {
    Path file =
        write(
            "node.properties",
            """
            log.retension.ms=5
            max.connections=-3

            colour=blue
            """);

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(
            "Unknown setting log.retension.ms = '5' (%s:1); did you mean log.retention.ms?", file)
        .hasMessageContaining(
            "Invalid value '-3' for max.connections (%s:2): must be at least 0", file)
        .hasMessageContaining("Unknown setting colour = 'blue' (%s:4)", file)
        .hasMessageNotContaining("did you mean listeners");
  }

  @Test
  void kafkaKeysWithoutMeaningAreAcceptedWithANoteEach() throws IOException {
    Path file =
        write(
            "server.properties",
            """
            process.roles=broker,controller
            controller.listener.names=CONTROLLER
            num.io.threads=8
            """);

    SettingsLoader.Loaded loaded = load(file);

    assertThat(loaded.notes()).hasSize(3);
    assertThat(loaded.notes().get(0))
        .startsWith("Setting process.roles (" + file + ":1) has no effect: ");
  }

  @Test
  void aProtectionThatIsAskedForAndDoesNotExistStopsTheStart() {
    assertThatThrownBy(
            () ->
                new SettingsLoader(CATALOGUE)
                    .assignment("authorizer.class.name=org.example.Authorizer")
                    .load())
        .hasMessageContaining("Refused setting authorizer.class.name");
    assertThat(new SettingsLoader(CATALOGUE).assignment("authorizer.class.name=").load().notes())
        .hasSize(1);
  }

  @Test
  void secretsStayOutOfMessages() {
    assertThatThrownBy(() -> new SettingsLoader(CATALOGUE).assignment("my.password=hunter2").load())
        .hasMessageContaining("my.password = '(hidden)'")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void theEnvironmentIsNotASource() throws IOException {
    Path file = write("node.conf", "max.connections = ${PATH}");

    assertThatThrownBy(() -> load(file)).hasMessageContaining("PATH");
  }

  @Test
  void brokenHoconIsNamedWithItsLine() throws IOException {
    Path file = write("node.conf", "max.connections = 1\nlisteners = PLAINTEXT://localhost:9092\n");

    assertThatThrownBy(() -> load(file))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("node.conf: 2")
        .hasMessageContaining("double quotes");
  }

  @Test
  void akkasOwnSettingsAreHandedOn() throws IOException {
    Path file = write("node.conf", "akka { loglevel = DEBUG, actor.x = [1, 2] }");

    SettingsLoader.Loaded loaded =
        new SettingsLoader(CATALOGUE).file(file).assignment("akka.loglevel=WARNING").load();

    assertThat(loaded.akka().getString("akka.loglevel")).isEqualTo("WARNING");
    assertThat(loaded.akka().getIntList("akka.actor.x")).containsExactly(1, 2);
  }

  @Test
  void anAssignmentNeedsKeyAndEqualsSign() {
    SettingsLoader loader = new SettingsLoader(CATALOGUE);
    assertThatThrownBy(() -> loader.assignment("max.connections"))
        .hasMessageContaining("'max.connections' is not");
    assertThatThrownBy(() -> loader.assignment("=1")).isInstanceOf(SettingsException.class);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> load(directory.resolve("absent.conf")))
        .hasMessageContaining("absent.conf");
  }

  @Test
  void everyKeyOfAKafkaFileForACombinedNodeIsAcceptedSomehow() {
    SettingsCatalogue reserved = new SettingsCatalogue(List.of(ReservedSettings.section()));
    SettingsLoader loader = new SettingsLoader(reserved);
    List.of(
            "process.roles=broker,controller",
            "controller.quorum.bootstrap.servers=localhost:9093",
            "controller.quorum.voters=1@127.0.0.1:9093,2@127.0.0.1:9094",
            "controller.listener.names=CONTROLLER",
            "ritsem.cluster.address=127.0.0.1:25521",
            "num.io.threads=8",
            "offsets.topic.replication.factor=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1")
        .forEach(loader::assignment);

    assertThat(loader.load().settings().get(ReservedSettings.QUORUM_VOTERS)).hasSize(2);
    assertThatThrownBy(
            () -> new SettingsLoader(reserved).assignment("controller.quorum.voters=one").load())
        .hasMessageContaining("must be a list of id@host:port");
  }

  private SettingsLoader.Loaded load(Path file) {
    return new SettingsLoader(CATALOGUE).file(file).load();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
