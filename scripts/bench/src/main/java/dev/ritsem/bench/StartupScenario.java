package dev.ritsem.bench;

import java.util.Properties;

/**
 * From the fork of the process to the first acknowledged record, on a directory that has data,
 * after a clean stop and after SIGKILL; and resident memory, at rest and after load.
 */
final class StartupScenario {
  private static final int SIZE = 1024;
  private static final double WRITABLE_LIMIT_S = 120;

  private StartupScenario() {}

  static void run(Parameters parameters, Measurement measurement) throws Exception {
    int partitions = parameters.number("partitions", 6);
    int replicas = parameters.replicationFactor();
    int fill = parameters.number("fill_mb", 64);
    int load = parameters.number("load_mb", 500);
    int idle = parameters.number("idle_s", 5);
    Properties producer = parameters.producer();
    parameters.refuseUnused();
    String topic = Topics.fresh("startup");
    Topics.create(topic, partitions, replicas);
    Topics.fill(producer, topic, SIZE, fill);
    restart("clean_", "stop", topic, partitions, measurement);
    Thread.sleep(idle * 1000L);
    BrokerProcess.memory(measurement, "idle_");
    double cpu = BrokerProcess.cpuSeconds();
    Thread.sleep(idle * 1000L);
    measurement.put("idle_cpu_cores", (BrokerProcess.cpuSeconds() - cpu) / idle);
    Topics.awaitLeaders(topic, partitions, replicas);
    Topics.fill(producer, topic, SIZE, load);
    BrokerProcess.memory(measurement, "loaded_");
    restart("killed_", "kill", topic, partitions, measurement);
    Topics.awaitLeaders(topic, partitions, replicas);
    Topics.delete(topic);
  }

  private static void restart(
      String prefix, String how, String topic, int partitions, Measurement measurement)
      throws Exception {
    long stopping = System.nanoTime();
    ControlScript.call(how);
    measurement.put(prefix + "stop_s", (System.nanoTime() - stopping) / 1e9);
    Thread.sleep(500);
    long start = System.nanoTime();
    ControlScript.call("start");
    Writability writable = Writability.await(topic, partitions, start, WRITABLE_LIMIT_S);
    measurement.put(prefix + "first_produce_s", writable.firstS());
    measurement.put(prefix + "all_writable_s", writable.allS());
    measurement.put(prefix + "start_cpu_s", BrokerProcess.cpuSeconds());
  }
}
