package dev.ritsem.multijvm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The process behind {@link ChildGuard}. Reads {@code guard PID} and {@code release PID} from
 * standard input; when the input ends, whoever wrote it is gone, and what is still guarded is
 * killed. A handle remembers when its process began, so a process id that was given to somebody
 * else in the meantime is left alone.
 */
final class ChildGuardMain {
  private ChildGuardMain() {}

  public static void main(String[] args) throws IOException {
    Map<Long, ProcessHandle> guarded = new HashMap<>();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("guard ")) {
        long pid = Long.parseLong(line.substring("guard ".length()));
        ProcessHandle.of(pid).ifPresent(handle -> guarded.put(pid, handle));
      } else if (line.startsWith("release ")) {
        guarded.remove(Long.parseLong(line.substring("release ".length())));
      }
    }
    for (ProcessHandle handle : guarded.values()) {
      handle.descendants().forEach(ProcessHandle::destroyForcibly);
      handle.destroyForcibly();
    }
  }
}
