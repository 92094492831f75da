package dev.ritsem.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time and memory of the broker, from {@code /proc}. The process id is read from {@code
 * BROKER_PID_FILE} at each use, because a scenario may restart the broker.
 */
final class BrokerProcess {
  private static final double TICKS_PER_S =
      Double.parseDouble(Parameters.environment("CLK_TCK", "100"));

  private BrokerProcess() {}

  /** User and system seconds since the process began; zeros if there is none. */
  static double[] cpu() {
    try {
      String file = Parameters.environment("BROKER_PID_FILE", "");
      String pid = Files.readString(Path.of(file)).strip();
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return new double[] {
        Long.parseLong(fields[11]) / TICKS_PER_S, Long.parseLong(fields[12]) / TICKS_PER_S
      };
    } catch (IOException down) {
      return new double[2];
    }
  }

  static double cpuSeconds() {
    double[] cpu = cpu();
    return cpu[0] + cpu[1];
  }

  /** Resident memory in MiB: all of it, and the part that no file backs. */
  static void memory(Measurement measurement, String prefix) throws IOException {
    String pid = Files.readString(Path.of(Parameters.environment("BROKER_PID_FILE", ""))).strip();
    List<String> status = Files.readAllLines(Path.of("/proc", pid, "status"));
    measurement.put(prefix + "rss_mb", mib(status, "VmRSS:"));
    measurement.put(prefix + "rss_anon_mb", mib(status, "RssAnon:"));
  }

  private static double mib(List<String> status, String key) {
    return status.stream()
        .filter(line -> line.startsWith(key))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Seconds of all processors: busy, and stolen by the hypervisor. */
  private static double[] machine() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).strip().split("\\s+");
    double busy = 0;
    for (int i : new int[] {1, 2, 3, 6, 7}) {
      busy += Long.parseLong(fields[i]) / TICKS_PER_S;
    }
    return new double[] {busy, Long.parseLong(fields[8]) / TICKS_PER_S};
  }

  private static double ownCpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  /** A measured stretch of time: wall clock, CPU of the broker, of this client, of all others. */
  static final class Window {
    private final long startNanos = System.nanoTime();
    private final double own = ownCpu();
    private final double[] broker = cpu();
    private final double[] machine = machine();

    Window() throws IOException {}

    /** Ends it; returns the seconds of wall clock. */
    double close(Measurement measurement) throws IOException {
      double wall = (System.nanoTime() - startNanos) / 1e9;
      double[] brokerNow = cpu();
      double[] machineNow = machine();
      double user = brokerNow[0] - broker[0];
      double system = brokerNow[1] - broker[1];
      double client = ownCpu() - own;
      measurement.put("wall_s", wall);
      measurement.put("broker_cpu_s", user + system);
      measurement.put("broker_cpu_user_s", user);
      measurement.put("broker_cpu_sys_s", system);
      measurement.put("client_cpu_s", client);
      double others = machineNow[0] - machine[0] - user - system - client;
      measurement.put("other_cores", Math.max(0, others) / wall);
      measurement.put("steal_s", machineNow[1] - machine[1]);
      return wall;
    }
  }
}
