package dev.ritsem.client.transport;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** The versions of each API that a broker said it serves, and the choice among them. */
final class AgreedVersions {
  private record Range(short lowest, short highest) {}

  private final Map<Short, Range> served = new TreeMap<>();

  AgreedVersions(ApiVersionsResponseData answer) {
    answer
        .apiKeys()
        .forEach(api -> served.put(api.apiKey(), new Range(api.minVersion(), api.maxVersion())));
  }

  /**
   * The highest version that both ends speak.
   *
   * @throws UnsupportedVersionException if there is none
   */
  short best(ApiKeys api) {
    Range range = served.get(api.id);
    if (range == null) {
      throw new UnsupportedVersionException("The broker does not support " + api);
    }
    short highest = (short) Math.min(range.highest(), api.latestVersion(false));
    if (highest < range.lowest() || highest < api.oldestVersion()) {
      throw new UnsupportedVersionException(
          "The broker supports %s from version %d to %d, this client from %d to %d"
              .formatted(
                  api,
                  range.lowest(),
                  range.highest(),
                  api.oldestVersion(),
                  api.latestVersion(false)));
    }
    return highest;
  }
}
