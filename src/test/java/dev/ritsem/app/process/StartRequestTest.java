package dev.ritsem.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartRequestTest {
  @Test
  void aPlainCommandLineIsReadWithoutTheLibrary() {
    assertThat(
            StartRequest.readPlain(
                "start", "--set", "node.id=2", "--config", "a.conf", "--set", "log.dirs=/x=y"))
        .contains(
            new StartRequest(
                Path.of("a.conf"), List.of("node.id=2", "log.dirs=/x=y"), false, null));
    assertThat(StartRequest.readPlain("start"))
        .contains(new StartRequest(null, List.of(), false, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "status",
        "start --daemon",
        "start --help",
        "start --set",
        "start --set=node.id=1",
        "start server.properties",
        "start --set node.id=1 --verbose",
        "help start"
      })
  void everythingElseIsLeftToTheLibrary(String commandLine) {
    String[] arguments = commandLine.isEmpty() ? new String[0] : commandLine.split(" ", -1);

    assertThat(StartRequest.readPlain(arguments)).isEmpty();
  }

  @Test
  void theForegroundCommandLineAsksForTheSame() {
    StartRequest request =
        new StartRequest(Path.of("a.conf"), List.of("node.id=2", "log.dirs=/x y"), true, null);

    String[] foreground = request.foreground(Path.of("/log")).toArray(String[]::new);

    assertThat(StartRequest.readPlain(foreground))
        .contains(
            new StartRequest(request.config(), request.assignments(), false, Path.of("/log")));
  }
}
