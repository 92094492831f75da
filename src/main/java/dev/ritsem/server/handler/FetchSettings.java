package dev.ritsem.server.handler;

import dev.ritsem.config.Setting;
import dev.ritsem.config.Settings;
import dev.ritsem.config.SettingsCatalogue.Section;
import java.util.List;

/**
 * What an operator can choose about fetching.
 *
 * @param responseBytesMax the most that one response carries, except for one larger batch
 * @param sessionsMax how many clients may fetch incrementally
 */
public record FetchSettings(int responseBytesMax, int sessionsMax) {
  static final Setting<Integer> FETCH_MAX_BYTES =
      Setting.ofInt("fetch.max.bytes")
          .defaultValue(57_671_680)
          .atLeast(1024)
          .unit("bytes")
          .documentation(
              "The most record bytes in one fetch response, whatever the client allows. A single"
                  + " larger batch is still returned.")
          .build();

  static final Setting<Integer> SESSION_CACHE_SLOTS =
      Setting.ofInt("max.incremental.fetch.session.cache.slots")
          .defaultValue(1_000)
          .atLeast(0)
          .unit("sessions")
          .documentation(
              "How many fetch sessions are kept. Clients without one name all their partitions"
                  + " with every fetch.")
          .build();

  /** Everything declared here, for the list of all settings. */
  public static Section section() {
    return new Section("Fetching", "", List.of(FETCH_MAX_BYTES, SESSION_CACHE_SLOTS));
  }

  public static FetchSettings of(Settings settings) {
    return new FetchSettings(settings.get(FETCH_MAX_BYTES), settings.get(SESSION_CACHE_SLOTS));
  }
}
