package dev.ritsem.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Sets result lines beside the targets: median of each broker, ratio, target, verdict. */
final class Verdicts {
  private static final String OURS = "ritsem";
  private static final String THEIRS = "kafka";
  private static final double NOISY_CORES = 0.3;

  /** One line of the targets file. */
  private record Target(
      String scenario,
      List<String> parameters,
      String figure,
      boolean isMost,
      double bound,
      String words) {

    static Target parse(String line) {
      String[] columns = line.split("\\|", -1);
      String[] what = columns[0].strip().split("\\s+");
      String[] bound = columns[2].strip().split("\\s+");
      return new Target(
          what[0],
          Arrays.asList(what).subList(1, what.length),
          columns[1].strip(),
          bound[0].equals("<="),
          Double.parseDouble(bound[1]),
          columns[3].strip());
    }

    boolean concerns(JsonNode result) {
      return result.get("scenario").asText().equals(scenario)
          && parameters.stream()
              .allMatch(
                  pair -> {
                    String[] sides = pair.split("=", 2);
                    return result.get("parameters").path(sides[0]).asText().equals(sides[1]);
                  });
    }

    boolean isMet(double ratio) {
      return isMost ? ratio <= bound : ratio >= bound;
    }
  }

  private Verdicts() {}

  /** Prints the table; true if every target was measured and met. */
  static boolean print(Path targets, Path results) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    ObjectMapper json = new ObjectMapper();
    for (String line : Files.readAllLines(results)) {
      lines.add(json.readTree(line));
    }
    long failed = lines.stream().filter(line -> line.has("error")).count();
    System.out.printf(
        "%n%-54s %18s %18s %7s %8s%n", "", "Apache Kafka", "Ritsem", "ratio", "target");
    boolean isAllMet = true;
    for (String line : Files.readAllLines(targets)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        isAllMet &= printRow(Target.parse(line), lines);
      }
    }
    System.out.println();
    System.out.println("Medians of the alternations, [least-most]. " + noise(lines));
    if (failed > 0) {
      System.out.println(failed + " measurements failed; see " + results);
    }
    return isAllMet && failed == 0;
  }

  private static boolean printRow(Target target, List<JsonNode> lines) {
    double[] theirs = figures(target, THEIRS, lines);
    double[] ours = figures(target, OURS, lines);
    if (theirs.length == 0 && ours.length == 0) {
      return true;
    }
    double ratio = median(ours) / median(theirs);
    String verdict =
        Double.isNaN(ratio) ? "not measured" : target.isMet(ratio) ? "reached" : "MISSED";
    System.out.printf(
        Locale.ROOT,
        "%-54s %18s %18s %7s %3s %-4s %s%n",
        target.words(),
        show(theirs),
        show(ours),
        Double.isNaN(ratio) ? "-" : String.format(Locale.ROOT, "%.2f", ratio),
        target.isMost() ? "<=" : ">=",
        target.bound(),
        verdict);
    return verdict.equals("reached");
  }

  private static double[] figures(Target target, String label, List<JsonNode> lines) {
    return lines.stream()
        .filter(line -> line.get("label").asText().equals(label) && target.concerns(line))
        .map(line -> line.get("figures").path(target.figure()))
        .filter(JsonNode::isNumber)
        .mapToDouble(JsonNode::asDouble)
        .sorted()
        .toArray();
  }

  private static double median(double[] sorted) {
    int n = sorted.length;
    if (n == 0) {
      return Double.NaN;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  private static String show(double[] sorted) {
    if (sorted.length == 0) {
      return "-";
    }
    String median = number(median(sorted));
    return sorted.length == 1
        ? median
        : median + " [" + number(sorted[0]) + "-" + number(sorted[sorted.length - 1]) + "]";
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }

  /** How far throughput and latency can be trusted: what other programs took meanwhile. */
  private static String noise(List<JsonNode> lines) {
    double worst =
        lines.stream()
            .mapToDouble(line -> line.get("figures").path("other_cores").asDouble(0))
            .max()
            .orElse(0);
    return String.format(
        Locale.ROOT,
        "Other programs took up to %.2f cores meanwhile%s",
        worst,
        worst > NOISY_CORES ? ": trust CPU figures, distrust throughput and latency." : ".");
  }
}
