package dev.ritsem.protocol;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Which APIs a node serves, and at which versions: all versions that Kafka 4.4 serves and calls
 * stable. What is not in the table is refused and not advertised.
 */
public final class ApiVersionTable {
  /** The versions of one API, both included. */
  public record VersionRange(short lowest, short highest) {
    public boolean contains(short version) {
      return lowest <= version && version <= highest;
    }
  }

  private final Map<ApiKeys, VersionRange> ranges;
  private final VersionRange[] byId;

  private ApiVersionTable(Map<ApiKeys, VersionRange> ranges) {
    this.ranges = ranges;
    int size = ranges.keySet().stream().mapToInt(api -> api.id + 1).max().orElse(0);
    this.byId = new VersionRange[size];
    ranges.forEach((api, range) -> byId[api.id] = range);
  }

  /** The table of a node that serves these APIs. */
  public static ApiVersionTable of(Collection<ApiKeys> served) {
    Map<ApiKeys, VersionRange> ranges = new EnumMap<>(ApiKeys.class);
    for (ApiKeys api : served) {
      ranges.put(api, new VersionRange(api.oldestVersion(), api.latestVersion(false)));
    }
    return new ApiVersionTable(ranges);
  }

  /** The APIs that are served. */
  public Set<ApiKeys> served() {
    return ranges.keySet();
  }

  /** Whether the API is served at all. */
  public boolean serves(int apiKey) {
    return apiKey >= 0 && apiKey < byId.length && byId[apiKey] != null;
  }

  /** Whether the API is served at this version. */
  public boolean serves(int apiKey, short version) {
    return serves(apiKey) && byId[apiKey].contains(version);
  }

  /**
   * The table as ApiVersions responses carry it. Produce is advertised from version 0 although it
   * is served from 3: older librdkafka takes a missing version 0 as a sign that the broker knows no
   * compression (KAFKA-18659).
   */
  public ApiVersionCollection advertised() {
    ApiVersionCollection versions = new ApiVersionCollection(ranges.size());
    ranges.forEach(
        (api, range) ->
            versions.add(
                new ApiVersion()
                    .setApiKey(api.id)
                    .setMinVersion(
                        api == ApiKeys.PRODUCE
                            ? ApiKeys.PRODUCE_API_VERSIONS_RESPONSE_MIN_VERSION
                            : range.lowest())
                    .setMaxVersion(range.highest())));
    return versions;
  }
}
