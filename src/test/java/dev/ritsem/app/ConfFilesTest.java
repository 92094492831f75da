package dev.ritsem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ritsem.config.Setting;
import dev.ritsem.config.SettingsCatalogue;
import dev.ritsem.config.SettingsLoader;
import dev.ritsem.config.SettingsReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files in conf/ say what the program does, and nothing else. */
class ConfFilesTest {
  private static final Path CONF = Path.of(System.getProperty("ritsem.home", "."), "conf");
  private static final Pattern DEFAULT_LINE = Pattern.compile("(?m)^#([a-z][a-z0-9.]*) = (.+)$");

  private final SettingsCatalogue catalogue = DeclaredSettings.catalogue();

  @TempDir Path directory;

  @Test
  void theReferenceFileIsTheDeclaredSettings() throws IOException {
    assertThat(Files.readString(CONF.resolve("ritsem.conf")))
        .as("conf/ritsem.conf; write it anew: scripts/ritsem settings > conf/ritsem.conf")
        .isEqualTo(SettingsReference.render(catalogue));
  }

  @Test
  void everyDefaultInTheReferenceFileIsAcceptedAndTheDefault() throws IOException {
    String text = Files.readString(CONF.resolve("ritsem.conf"));
    Path active = directory.resolve("active.conf");
    Files.writeString(active, DEFAULT_LINE.matcher(text).replaceAll("$1 = $2"));

    SettingsLoader.Loaded loaded = new SettingsLoader(catalogue).file(active).load();

    List<Setting<?>> withDefault =
        catalogue.settings().stream().filter(setting -> setting.defaultValue() != null).toList();
    assertThat(withDefault)
        .isNotEmpty()
        .allSatisfy(
            setting ->
                assertThat(loaded.settings().get(setting)).isEqualTo(setting.defaultValue()));
    assertThat(DEFAULT_LINE.matcher(text).results().count()).isEqualTo(withDefault.size());
  }

  @Test
  void everySettingIsExplainedInASentence() {
    assertThat(catalogue.settings())
        .allSatisfy(
            setting -> assertThat(setting.documentation()).as(setting.name()).endsWith("."));
  }

  @Test
  void everyFileInConfCanBeStartedWith() throws IOException {
    try (Stream<Path> files = Files.list(CONF)) {
      assertThat(files.toList())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThatCode(() -> new SettingsLoader(catalogue).file(file).load())
                      .doesNotThrowAnyException());
    }
  }

  @Test
  void everyBrokerKeyOfKafkaIsAccepted() throws Exception {
    Path file = Path.of(getClass().getResource("kafka-4.3.1-broker-defaults.properties").toURI());

    SettingsLoader.Loaded loaded = new SettingsLoader(catalogue).file(file).load();

    assertThat(NodeSettings.nodeId(loaded.settings()).value()).isEqualTo(1);
    assertThat(loaded.notes()).allSatisfy(note -> assertThat(note).contains("has no effect: "));
  }
}
