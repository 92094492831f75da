package dev.ritsem.multijvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChildGuardIT {
  @Test
  void aChildEndsWhenTheJvmThatStartedItIsKilled() throws IOException {
    Process parent =
        ChildGuard.start(
            new ProcessBuilder(
                ChildGuard.javaCommand(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName()));
    ProcessHandle child;
    try (BufferedReader out = parent.inputReader(StandardCharsets.UTF_8)) {
      child = ProcessHandle.of(Long.parseLong(out.readLine())).orElseThrow();
      assertThat(child.isAlive()).isTrue();

      // Not through ChildGuard.end, which would end the descendants too.
      parent.destroyForcibly();
    }

    Deadline.in(Duration.ofSeconds(20)).await("the child's end", () -> !child.isAlive());
    ChildGuard.end(parent);
  }

  /** Starts a process under guard, says its id, and waits to be killed. */
  static final class Parent {
    public static void main(String[] arguments) throws Exception {
      Process child = ChildGuard.start(new ProcessBuilder("sleep", "600"));
      System.out.println(child.pid());
      child.waitFor();
    }
  }
}
