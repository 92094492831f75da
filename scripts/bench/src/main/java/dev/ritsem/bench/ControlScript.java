package dev.ritsem.bench;

import java.io.IOException;

/** The broker's control script, for scenarios that stop and start it. */
final class ControlScript {
  private ControlScript() {}

  static void call(String verb) throws IOException, InterruptedException {
    String script = Parameters.environment("CONTROL", "");
    if (script.isEmpty()) {
      throw new IllegalStateException("this scenario restarts the broker: set CONTROL");
    }
    int exit =
        new ProcessBuilder(script, verb)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IllegalStateException(script + " " + verb + " exited with " + exit);
    }
  }
}
