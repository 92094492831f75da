package dev.ritsem.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * Runs one scenario once: {@code SCENARIO [key=value …]}. The broker is named by the environment:
 * BOOTSTRAP, BROKER_PID_FILE, CONTROL (its control script), LABEL and REP (for the result), OUT
 * (the file the JSON line is appended to; standard output if empty).
 */
public final class Bench {
  private static final String USAGE =
      "scenarios: produce consume e2e small rawproduce startup | ready | warm | verdict TARGETS RESULTS";
  private static final int READY_LIMIT_S = 60;
  private static final int WARM_CPU_S = 30;
  private static final int WARM_LIMIT_S = 60;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 0) {
      System.err.println(USAGE);
      System.exit(2);
    }
    switch (arguments[0]) {
      case "verdict" ->
          System.exit(Verdicts.print(Path.of(arguments[1]), Path.of(arguments[2])) ? 0 : 3);
      case "ready" -> System.exit(isReady() ? 0 : 1);
      case "warm" -> warm(new Parameters(arguments, 1));
      default -> System.exit(measure(arguments) ? 0 : 1);
    }
  }

  private static boolean measure(String[] arguments) throws Exception {
    Parameters parameters = new Parameters(arguments, 1);
    Measurement measurement = new Measurement();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    line.put("label", Parameters.environment("LABEL", "unnamed"));
    line.put("rep", Integer.parseInt(Parameters.environment("REP", "0")));
    line.put("scenario", arguments[0]);
    line.put("parameters", parameters.used());
    line.put("figures", measurement.figures());
    boolean isDone = true;
    try {
      run(arguments[0], parameters, measurement);
    } catch (Exception e) {
      e.printStackTrace();
      line.put("error", e.toString());
      isDone = false;
    }
    String json = new ObjectMapper().writeValueAsString(line) + "\n";
    String out = Parameters.environment("OUT", "");
    if (out.isEmpty()) {
      System.out.print(json);
    } else {
      Files.writeString(Path.of(out), json, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      System.err.println("    " + brief(measurement));
    }
    return isDone;
  }

  private static void run(String scenario, Parameters parameters, Measurement measurement)
      throws Exception {
    switch (scenario) {
      case "produce" -> ProduceScenario.run(parameters, measurement);
      case "consume" -> ConsumeScenario.run(parameters, measurement);
      case "e2e" -> EndToEndScenario.run(parameters, measurement);
      case "small" -> SmallRequestScenario.run(parameters, false, measurement);
      case "rawproduce" -> SmallRequestScenario.run(parameters, true, measurement);
      case "startup" -> StartupScenario.run(parameters, measurement);
      default -> throw new IllegalArgumentException("unknown scenario " + scenario + "; " + USAGE);
    }
  }

  /** The figures that say most, for the progress line. */
  private static String brief(Measurement measurement) {
    StringBuilder text = new StringBuilder();
    for (String name :
        Arrays.asList(
            "mb_per_s",
            "requests_per_s",
            "e2e_p99_ms",
            "broker_cpu_s_per_gb",
            "broker_cpu_us_per_request",
            "broker_cpu_us_per_record",
            "clean_first_produce_s",
            "killed_first_produce_s",
            "idle_rss_mb",
            "loaded_rss_mb")) {
      Double value = measurement.figures().get(name);
      if (value != null) {
        text.append(String.format(Locale.ROOT, "%s %.2f  ", name, value));
      }
    }
    return text.toString().strip();
  }

  private static boolean isReady() throws InterruptedException {
    long start = System.nanoTime();
    while ((System.nanoTime() - start) / 1e9 < READY_LIMIT_S) {
      WireClient.Metadata metadata = WireClient.anyMetadata("bench-no-such-topic");
      if (metadata != null && !metadata.brokers().isEmpty()) {
        return true;
      }
      Thread.sleep(50);
    }
    System.err.println("the broker does not answer after " + READY_LIMIT_S + " s");
    return false;
  }

  /**
   * Lets the broker's compiler see the hot paths before anything is recorded. Measured in the
   * broker's CPU time, because on a busy machine the wall clock says little about how warm it is;
   * bounded by the clock, because a broker that needs little CPU would be warmed for ever.
   */
  private static void warm(Parameters parameters) throws Exception {
    int cpu = parameters.number("cpu_s", WARM_CPU_S);
    int limit = parameters.number("limit_s", WARM_LIMIT_S);
    Properties producer = parameters.producer();
    double before = BrokerProcess.cpuSeconds();
    long start = System.nanoTime();
    while (BrokerProcess.cpuSeconds() - before < cpu && (System.nanoTime() - start) / 1e9 < limit) {
      String topic = Topics.fresh("warm");
      Topics.create(topic, 6, 1);
      ProduceScenario.drive(producer, topic, 1024, 0, 2, new Measurement());
      ProduceScenario.drive(producer, topic, 100, 0, 2, new Measurement());
      ConsumeScenario.full(topic, 6, 0, 2, new Measurement());
      Topics.delete(topic);
    }
  }
}
