package dev.ritsem.client;

import dev.ritsem.config.Setting;
import java.util.ArrayList;
import java.util.List;

/** The settings of admin clients, named, defaulted and bounded as Kafka's. */
public final class AdminKeys {
  public static final Setting<Integer> DEFAULT_API_TIMEOUT_MS =
      Setting.ofInt("default.api.timeout.ms")
          .defaultValue(60_000)
          .atLeast(0)
          .unit("ms")
          .documentation("Longest time for one call, retries included.")
          .build();

  static final List<Setting<?>> ALL = all();

  private AdminKeys() {}

  private static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(ConnectionKeys.ALL);
    all.add(DEFAULT_API_TIMEOUT_MS);
    return List.copyOf(all);
  }
}
