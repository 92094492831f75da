package dev.ritsem.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** The figures of one measurement, by name; the name ends with the unit. */
final class Measurement {
  private final Map<String, Double> figures = new LinkedHashMap<>();

  void put(String name, double value) {
    figures.put(name, value);
  }

  double get(String name) {
    Double value = figures.get(name);
    if (value == null) {
      throw new IllegalStateException("not measured: " + name);
    }
    return value;
  }

  Map<String, Double> figures() {
    return figures;
  }
}
